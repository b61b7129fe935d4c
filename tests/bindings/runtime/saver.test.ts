// tf.train.Saver: what it writes is TensorFlow's byte for byte, what it reads comes back, and its mistakes have
// TensorFlow's texts (engine/docs/bundle-format.md, checkpoint-files.md).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

let folder: string;
let count = 0;
/** A prefix in a folder of its own. */
const fresh = async (name = 'model.ckpt') => {
  const dir = join(folder, String(count++));
  await mkdir(dir);
  return join(dir, name);
};

before(async () => {
  await tf.ready();
  tf.setLogHandler(null);
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-saver-'));
});
after(() => rm(folder, { recursive: true }));
beforeEach(() => tf.resetDefaultGraph());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// Written by TensorFlow 1.15's BundleWriter from the values below: 154 and 36 bytes.
const INDEX =
  '00000608011a0208010008135661726961626c65080112081202080212020803' +
  '281835be9fe4b70802115f3108011204120208032018280c35d6ec9774000000' +
  '00010000000064057803000000000100000000c0f2a1b0000102570045000000' +
  '0001000000007fab21054a08570e000000000000000000000000000000000000' +
  '00000000000000000000000000000000000057fb808b247547db';
const DATA_SHA256 = '43758fe7499082cbe62a0e841633c8b910fc36739a3c20cdf69afa2922391b5e';

const WEIGHTS = [
  [-0.97990924, 1.03016174, 0.74119264],
  [-0.82581609, -0.07361362, -0.86653847],
];
const BIAS = [1.62978125, -0.37812829, 0.64723819];

/** The lesson's two variables with the values of the lesson's own output. */
function lessonVariables() {
  const weights = new tf.Variable(tf.constant(WEIGHTS));
  const bias = new tf.Variable(tf.constant(BIAS));
  return { weights, bias };
}

async function saveLesson(prefix: string): Promise<void> {
  lessonVariables();
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    assert.equal(await saver.save(sess, prefix), prefix);
  });
}

test('save writes the files of TensorFlow, byte for byte', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  assert.deepEqual((await readdir(join(prefix, '..'))).sort(), [
    'checkpoint',
    'model.ckpt.data-00000-of-00001',
    'model.ckpt.index',
  ]);
  assert.equal((await readFile(`${prefix}.index`)).toString('hex'), INDEX);
  assert.equal(sha256(await readFile(`${prefix}.data-00000-of-00001`)), DATA_SHA256);
});

test('the state file names the checkpoint', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const state = await readFile(join(prefix, '..', 'checkpoint'), 'utf8');
  assert.equal(
    state,
    `model_checkpoint_path: "${prefix}"\nall_model_checkpoint_paths: "${prefix}"\n`,
  );
  assert.equal(await tf.train.latestCheckpoint(join(prefix, '..')), prefix);
});

test('saveRelativePaths, globalStep, padStepNumber, latestFilename', async () => {
  const prefix = await fresh();
  const step = new tf.Variable(7, { name: 'global_step', trainable: false });
  const saver = new tf.train.Saver(null, {
    saveRelativePaths: true,
    padStepNumber: true,
    maxToKeep: 2,
  });
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    const latestFilename = 'latest';
    assert.equal(
      await saver.save(sess, prefix, { globalStep: 5, latestFilename }),
      `${prefix}-00000005`,
    );
    assert.equal(
      await saver.save(sess, prefix, { globalStep: 6n, latestFilename }),
      `${prefix}-00000006`,
    );
    assert.equal(
      await saver.save(sess, prefix, { globalStep: step, latestFilename }),
      `${prefix}-00000007`,
    );
  });
  assert.deepEqual(saver.lastCheckpoints, [`${prefix}-00000006`, `${prefix}-00000007`]);
  assert.equal(
    await readFile(join(prefix, '..', 'latest'), 'utf8'),
    'model_checkpoint_path: "model.ckpt-00000007"\n' +
      'all_model_checkpoint_paths: "model.ckpt-00000006"\n' +
      'all_model_checkpoint_paths: "model.ckpt-00000007"\n',
  );
});

test('restore brings the values back without an initializer, in a new graph', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  const weights = new tf.Variable(tf.truncatedNormal([2, 3]));
  const bias = new tf.Variable(tf.truncatedNormal([3]));
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    assert.equal(
      String(sess.run(weights)),
      '[[-0.97990924  1.0301617   0.74119264]\n [-0.8258161  -0.07361362 -0.86653847]]',
    );
    assert.equal(String(sess.run(bias)), '[ 1.6297812 -0.3781283  0.6472382]');
  });
});

test('restoring is logged as TensorFlow logs it', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const lines: string[] = [];
  tf.setLogHandler((line) => lines.push(line));
  await tf.withSession((sess) => new tf.train.Saver().restore(sess, prefix));
  tf.setLogHandler(null);
  assert.deepEqual(lines, [`INFO:tensorflow:Restoring parameters from ${prefix}`]);
});

test('a map gives other names in the checkpoint', async () => {
  const prefix = await fresh();
  const { weights, bias } = lessonVariables();
  const saver = new tf.train.Saver({ w: weights, 'scope/b': bias });
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    await saver.save(sess, prefix);
  });
  const reader = await tf.train.loadCheckpoint(prefix);
  assert.deepEqual(
    [...reader.getVariableToShapeMap()],
    [
      ['scope/b', [3]],
      ['w', [2, 3]],
    ],
  );
});

test('data lies in the order of the names, not of the making', async () => {
  const prefix = await fresh();
  new tf.Variable(tf.constant(WEIGHTS), { name: 'weights_0' });
  new tf.Variable(tf.constant(BIAS), { name: 'bias_0' });
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    await new tf.train.Saver().save(sess, prefix);
  });
  using reader = await tf.BundleReader.open(prefix);
  assert.deepEqual(
    reader.entries().map(({ key, offset, size }) => [key, offset, size]),
    [
      ['bias_0', 0, 12],
      ['weights_0', 12, 24],
    ],
  );
});

test('what the session does during a save does not change what is saved', async () => {
  const prefix = await fresh();
  const v = new tf.Variable([1.5, 2.5]);
  const grow = v.assignAdd([1, 1]);
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    const saving = saver.save(sess, prefix);
    sess.run(grow);
    await saving;
    assert.deepEqual(sess.run(v).tolist(), [2.5, 3.5]);
  });
  const reader = await tf.train.loadCheckpoint(prefix);
  assert.deepEqual((await reader.getTensor('Variable')).tolist(), [1.5, 2.5]);
});

test('every dtype a variable can have makes the round trip', async () => {
  const values: Record<string, tf.NDArray> = {
    f: tf.ndarray(new Float32Array([1.5, -0, Number.NaN])),
    d: tf.ndarray(new Float64Array([1e300, 5e-324])),
    i: tf.ndarray(new Int32Array([-5, 7])),
    l: tf.ndarray(new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])),
    h: tf.ndarray([1.5, 65504], undefined, 'float16'),
    b: tf.ndarray([1.5, 3e38], undefined, 'bfloat16'),
    t: tf.ndarray([true, false]),
    c: tf.ndarray(new Float32Array([1, 2]), [1, 2]),
    u: tf.ndarray(new Uint8Array([0, 255])),
    scalar: tf.ndarray(2.5),
    empty: tf.ndarray([], [0, 3], 'float32'),
  };
  const prefix = await fresh();
  const variables = Object.entries(values).map(([name, value]) => new tf.Variable(value, { name }));
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    await saver.save(sess, prefix);
  });
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    for (const variable of variables) {
      const restored = sess.run(variable);
      const expected = values[variable.op.name]!;
      assert.deepEqual(restored.dtype, expected.dtype);
      assert.deepEqual(restored.shape, expected.shape);
      assert.deepEqual(restored.bytes(), expected.bytes());
    }
  });
});

const WRAPPED_MISMATCH =
  'Restoring from checkpoint failed. This is most likely due to a mismatch between the current graph and the graph ' +
  'from the checkpoint. Please ensure that you have not altered the graph expected based on the checkpoint. ' +
  'Original error:\n\n';
const WRAPPED_MISSING =
  'Restoring from checkpoint failed. This is most likely due to a Variable name or other graph key that is missing ' +
  'from the checkpoint. Please ensure that you have not altered the graph expected based on the checkpoint. ' +
  'Original error:\n\n';

/** Restores into the default graph and returns the error, after checking that no variable changed. */
async function failingRestore(prefix: string): Promise<Error> {
  const saver = new tf.train.Saver();
  const variables = tf.globalVariables();
  return tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    const before = sess.run(variables).map((value) => value.bytes());
    let failure: unknown;
    await saver.restore(sess, prefix).catch((error) => {
      failure = error;
    });
    assert.deepEqual(
      sess.run(variables).map((value) => value.bytes()),
      before,
    );
    assert.ok(failure instanceof Error);
    return failure;
  });
}

test('variables made in another order meet values of another shape', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  new tf.Variable(tf.truncatedNormal([3]));
  new tf.Variable(tf.truncatedNormal([2, 3]));
  const error = await failingRestore(prefix);
  assert.ok(error instanceof tf.errors.InvalidArgumentError);
  assert.equal(
    error.message,
    `${WRAPPED_MISMATCH}Assign requires shapes of both tensors to match. lhs shape= [3] rhs shape= [2,3]` +
      '\n\t [[{{node save/Assign}}]]',
  );
  assert.equal(error.node, 'save/Assign');
});

test('a variable that the checkpoint lacks', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  new tf.Variable(tf.truncatedNormal([2, 3]), { name: 'weights' });
  new tf.Variable(tf.truncatedNormal([3]), { name: 'zeta' });
  const error = await failingRestore(prefix);
  assert.ok(error instanceof tf.errors.NotFoundError);
  assert.equal(
    error.message,
    `${WRAPPED_MISSING}Key weights not found in checkpoint\n\t [[{{node save/RestoreV2}}]]`,
  );
});

test('other dtypes are reported together', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  new tf.Variable(tf.ndarray(new Int32Array(6), [2, 3]), { name: 'Variable' });
  new tf.Variable(tf.ndarray(new Float64Array(3)), { name: 'Variable_1' });
  const error = await failingRestore(prefix);
  assert.ok(error instanceof tf.errors.InvalidArgumentError);
  assert.equal(
    error.message,
    `${WRAPPED_MISMATCH}tensor_name = Variable; expected dtype int32 does not equal original dtype float\n` +
      'tensor_name = Variable_1; expected dtype double does not equal original dtype float' +
      '\n\t [[{{node save/RestoreV2}}]]',
  );
});

test('a flipped byte of the data is found, and no variable changes', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  lessonVariables();
  const data = `${prefix}.data-00000-of-00001`;
  const bytes = await readFile(data);
  bytes[30] = bytes[30]! ^ 1;
  await writeFile(data, bytes);
  const error = await failingRestore(prefix);
  assert.ok(error instanceof tf.errors.DataLossError);
  assert.match(
    error.message,
    /^Checksum does not match: stored 2164222218 vs\. calculated on the restored bytes \d{8,}\n\t \[\[\{\{node save\/RestoreV2\}\}\]\]$/,
  );
  assert.equal(error.details.file, data);
  assert.equal(error.details.tensor, 'Variable_1');
  assert.match(error.hint ?? '', /does not hold what was written for Variable_1/);
});

test('a truncated data file, and one that is gone', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const data = `${prefix}.data-00000-of-00001`;
  await writeFile(data, (await readFile(data)).subarray(0, 30));
  assert.ok((await failingRestore(prefix)) instanceof tf.errors.OutOfRangeError);
  await rm(data);
  const error = await failingRestore(prefix);
  assert.ok(error instanceof tf.errors.NotFoundError);
  assert.match(error.message, /model\.ckpt\.data-00000-of-00001; No such file or directory/);
});

test('restoring what is no checkpoint', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  using sess = new tf.Session();
  await assert.rejects(saver.restore(sess, './no/such.ckpt'), {
    code: 'VALUE_ERROR',
    message: 'The passed save_path is not a valid checkpoint: ./no/such.ckpt',
  });
  await assert.rejects(
    saver.restore(sess, undefined as never),
    new tf.errors.ValueError("Can't load save_path when it is None."),
  );
});

test('restoring one of the files of a checkpoint', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  tf.resetDefaultGraph();
  lessonVariables();
  const data = `${prefix}.data-00000-of-00001`;
  const error = await failingRestore(data);
  assert.ok(error instanceof tf.errors.DataLossError);
  assert.equal(
    error.message,
    `Unable to open table file ${data}: Data loss: file is too short to be an sstable: perhaps your file is in a ` +
      'different file format and you need to use a different restore operator?\n\t [[{{node save/RestoreV2}}]]',
  );
  assert.match(error.hint ?? '', /prefix/);
});

test('saving into a folder that does not exist', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    const missing = join(folder, 'a', 'b', 'model.ckpt');
    await assert.rejects(saver.save(sess, missing), {
      code: 'VALUE_ERROR',
      message: `Parent directory of ${missing} doesn't exist, can't save.`,
    });
    // The last level alone is made.
    const made = join(folder, 'made', 'model.ckpt');
    assert.equal(await saver.save(sess, made), made);
  });
});

test('mistakes of saving', async () => {
  const prefix = await fresh();
  assert.throws(() => new tf.train.Saver(), new tf.errors.ValueError('No variables to save'));
  lessonVariables();
  const saver = new tf.train.Saver();
  using sess = new tf.Session();
  await assert.rejects(saver.save(sess, prefix), (error: unknown) => {
    assert.ok(error instanceof tf.errors.FailedPreconditionError);
    assert.equal(
      error.message,
      'Attempting to use uninitialized value Variable\n\t [[{{node save/SaveV2}}]]',
    );
    return true;
  });
  await assert.rejects(
    saver.save(sess, prefix, { latestFilename: 'a/b' }),
    new tf.errors.ValueError("'latest_filename' must not contain path components"),
  );
  await assert.rejects(
    saver.save(sess, join(prefix, '..', 'checkpoint')),
    /'latest_filename' collides with 'save_path': 'checkpoint' and '/,
  );
  await assert.rejects(saver.save({} as never, prefix), TypeError);
  await assert.rejects(
    saver.save(sess, prefix, { sharded: true } as never),
    tf.errors.UnimplementedError,
  );
  assert.deepEqual(await readdir(join(prefix, '..')), []);
});

test('a saver belongs to one graph', async () => {
  const prefix = await fresh();
  lessonVariables();
  const saver = new tf.train.Saver();
  tf.resetDefaultGraph();
  lessonVariables();
  using sess = new tf.Session();
  await assert.rejects(saver.save(sess, prefix), {
    name: 'TypeError',
    message:
      "Cannot interpret feed_dict key as Tensor: The name 'save/Const:0' refers to a Tensor which does not exist. " +
      "The operation, 'save/Const', does not exist in the graph.",
  });
});

test('an aborted save leaves the earlier checkpoint whole', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const weights = tf.globalVariables()[0]!;
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    sess.run(weights.assignAdd(tf.constant(WEIGHTS)));
    const reason = new Error('changed my mind');
    await assert.rejects(
      new tf.train.Saver().save(sess, prefix, { signal: AbortSignal.abort(reason) }),
      reason,
    );
  });
  assert.equal((await readFile(`${prefix}.index`)).toString('hex'), INDEX);
  assert.equal(sha256(await readFile(`${prefix}.data-00000-of-00001`)), DATA_SHA256);
  assert.equal((await readdir(join(prefix, '..'))).length, 3);
});

test('progress counts the bytes', async () => {
  const prefix = await fresh();
  new tf.Variable(tf.ndarray(new Float32Array(1 << 20)));
  const seen: number[] = [];
  const onProgress = ({ done, total, phase }: tf.Progress) => {
    if (phase === 'index') return;
    assert.equal(total, 4 << 20);
    seen.push(done);
  };
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    await saver.save(sess, prefix, { onProgress });
    assert.equal(seen.at(-1), 4 << 20);
    assert.ok(seen.length > 1);
    seen.length = 0;
    await saver.restore(sess, prefix, { onProgress });
    assert.equal(seen.at(-1), 4 << 20);
  });
});

test('a second saver of a graph lives in its own scope', () => {
  lessonVariables();
  assert.equal(new tf.train.Saver().asSaverDef().restoreOpName, 'save/restore_all');
  assert.equal(new tf.train.Saver().asSaverDef().saveTensorName, 'save_1/control_dependency:0');
});

test('checkpoints live in memory, too', async () => {
  await saveLesson('memory://lesson/model.ckpt');
  assert.equal(await tf.train.latestCheckpoint('memory://lesson'), 'memory://lesson/model.ckpt');
  tf.resetDefaultGraph();
  const { bias } = lessonVariables();
  await tf.withSession(async (sess) => {
    await new tf.train.Saver().restore(sess, 'memory://lesson/model.ckpt');
    assert.equal(String(sess.run(bias)), '[ 1.6297812 -0.3781283  0.6472382]');
  });
});
