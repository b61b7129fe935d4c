/// V1 checkpoints: TensorFlow's bytes come out, and everything that reads takes them.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';

let folder = '';
const at = (name: string) => join(folder, name);

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
});
after(() => rm(folder, { recursive: true }));

const float32 = (values: tf.NDArrayLike) => tf.ndarray(values, undefined, 'float32');
const MATRIX = [
  [1, 2, 3],
  [4, 5, 6],
];

// spec: Variable [2,3] and Variable_1 [3], 270 bytes.
const FILE =
  '00003e0a3c0a1c0a085661726961626c6512081202080212020803180122040a000a000a180a0a5661726961626c655f' +
  '31120412020803180122020a001202080100112e005661726961626c6500010102807f807f122c0a085661726961626c' +
  '6512040a000a001a1a2a180000803f0000004000004040000080400000a0400000c0400908225f3100010101807f1220' +
  '0a0a5661726961626c655f3112020a001a0e2a0c0000003f0000c0bf00001040000000000100000000d70f216d000000' +
  '000100000000c0f2a1b00001030100b801000000000100000000385aa4c3bd0108ca010f' +
  '00'.repeat(34) +
  '57fb808b247547db';

async function writeTutorial(path: string): Promise<void> {
  const writer = new tf.TensorSliceWriter(path);
  writer.add('Variable', float32(MATRIX));
  writer.add('Variable_1', float32([0.5, -1.5, 2.25]));
  await writer.finish();
}

test('the tutorial checkpoint has TensorFlow’s bytes', async () => {
  await writeTutorial(at('tutorial'));
  const bytes = await readFile(at('tutorial'));
  assert.equal(bytes.length, 270);
  assert.equal(bytes.toString('hex'), FILE);
});

async function writeShards(prefix: string): Promise<void> {
  for (const shard of [0, 1]) {
    const writer = new tf.TensorSliceWriter(`${prefix}-0000${shard}-of-00002`);
    writer.add(`own/${shard}`, [`text ${shard}`, '']);
    const column = MATRIX.map((row) => row.slice(2 * shard, 2 + shard));
    writer.addSlice('w', [2, 3], `-:${shard === 0 ? '0,2' : '2,1'}`, float32(column));
    await writer.finish();
  }
}

test('shards and slices are joined', async () => {
  await writeShards(at('shards'));
  const pattern = at('shards-?????-of-00002');
  for (const open of [
    () => tf.TensorSliceReader.open(pattern),
    () => tf.openCheckpoint(pattern).then(({ reader }) => reader),
    () => tf.openCheckpoint(at('shards-00001-of-00002')).then(({ reader }) => reader),
  ]) {
    using reader = await open();
    assert.equal(reader.format, 'V1');
    assert.equal(reader.path, pattern);
    assert.equal(reader.header.numShards, 2);
    assert.deepEqual(reader.keys(), ['own/0', 'own/1', 'w']);
    assert.deepEqual((await reader.lookup('w')).tolist(), MATRIX);
    assert.deepEqual((await reader.lookupSlice('w', '1,1:1,2')).tolist(), [[5, 6]]);
    assert.equal(`${await reader.lookup('own/1')}`, "[b'text 1' b'']");
    const entry = reader.entry('w');
    assert.deepEqual(entry.slices.map(tf.sliceText), ['-:0,2', '-:2,1']);
    assert.equal(entry.size, 24);
    assert.equal((await reader.verify()).ok, true);
    const many = await Promise.all(['w', 'own/0', 'own/1', 'w'].map((key) => reader.lookup(key)));
    assert.deepEqual(many[3]!.tolist(), MATRIX);
  }
  using one = await tf.TensorSliceReader.open(at('shards-00000-of-00002'));
  assert.deepEqual(one.keys(), ['own/0', 'w']);
  await assert.rejects(one.lookup('w'), {
    code: 'INVALID_ARGUMENT',
    message: 'Error copying slice data',
  });
});

test('CheckpointReader and the functions of tf.train read V1', async () => {
  await writeTutorial(at('reader.ckpt'));
  const reader = await tf.train.loadCheckpoint(at('reader.ckpt'));
  assert.deepEqual(
    [...reader.getVariableToShapeMap()],
    [
      ['Variable', [2, 3]],
      ['Variable_1', [3]],
    ],
  );
  assert.equal(reader.getVariableToDtypeMap().get('Variable'), tf.float32);
  assert.equal(reader.debugString(), 'Variable (DT_FLOAT) [2,3]\nVariable_1 (DT_FLOAT) [3]\n');
  assert.deepEqual((await reader.getTensor('Variable')).tolist(), MATRIX);
  await assert.rejects(reader.getTensor('Variable_2'), {
    code: 'NOT_FOUND',
    message: `Tensor name "Variable_2" not found in checkpoint files ${at('reader.ckpt')}`,
  });
  reader.close();
  assert.deepEqual(
    (await tf.train.loadVariable(at('reader.ckpt'), 'Variable_1:0')).tolist(),
    [0.5, -1.5, 2.25],
  );
});

test('Saver.restore takes V1, and partitioned variables', async () => {
  await writeTutorial(at('restore.ckpt'));
  await writeShards(at('restore'));
  tf.resetDefaultGraph();
  const matrix = new tf.Variable(
    tf.constant(
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      { dtype: 'float32' },
    ),
    {
      name: 'Variable',
    },
  );
  const vector = new tf.Variable(tf.constant([0, 0, 0], { dtype: 'float32' }), {
    name: 'Variable_1',
  });
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    await saver.restore(sess, at('restore.ckpt'));
    assert.deepEqual((sess.run(matrix) as tf.NDArray).tolist(), MATRIX);
    assert.deepEqual((sess.run(vector) as tf.NDArray).tolist(), [0.5, -1.5, 2.25]);
    const other = new tf.train.Saver({ w: matrix });
    sess.run(tf.globalVariablesInitializer());
    await other.restore(sess, at('restore-?????-of-00002'));
    assert.deepEqual((sess.run(matrix) as tf.NDArray).tolist(), MATRIX);
    const missing = new tf.train.Saver({ nothing: matrix });
    await assert.rejects(missing.restore(sess, at('restore.ckpt')), {
      code: 'NOT_FOUND',
      message:
        /Tensor name "nothing" not found in checkpoint files .*\[\[\{\{node save_2\/RestoreV2\}\}\]\]/s,
    });
  });
});

test('a folder, a state file and files lead to a V1 checkpoint', async () => {
  const home = await mkdtemp(at('home-'));
  await writeShards(join(home, 'export'));
  const pattern = join(home, 'export-?????-of-00002');
  const inFolder = await tf.openCheckpoint(home);
  assert.equal(inFolder.path, pattern);
  inFolder.reader.close();
  await writeTutorial(join(home, 'model'));
  await writeFile(
    join(home, 'checkpoint'),
    'model_checkpoint_path: "/far/away/export-?????-of-00002"\n',
  );
  const latest = await tf.openCheckpoint(home);
  assert.equal(latest.path, pattern);
  assert.deepEqual((await latest.reader.lookup('w')).tolist(), MATRIX);
  latest.reader.close();

  const file = async (name: string) =>
    new File([new Uint8Array(await readFile(join(home, name)))], name);
  const files = await Promise.all(['export-00000-of-00002', 'export-00001-of-00002'].map(file));
  const dropped = await tf.openCheckpoint(files);
  assert.equal(dropped.format, 'V1');
  assert.deepEqual((await dropped.reader.lookup('w')).tolist(), MATRIX);
  dropped.reader.close();
  for (const [source, tensor] of [
    [files, 'w'],
    [[await file('model')], 'Variable'],
    [[await file('model'), await file('checkpoint'), ...files], 'w'],
  ] as const) {
    using reader = await tf.CheckpointReader.open(source);
    assert.deepEqual((await reader.getTensor(tensor)).tolist(), MATRIX);
  }
});

test('damage is found, and said where', async () => {
  const writer = new tf.TensorSliceWriter(at('damaged'));
  // Each too large to share a block with another.
  for (const name of ['a', 'b', 'c']) writer.add(name, new Float32Array(150_000).fill(1));
  await writer.finish();
  const bytes = await readFile(at('damaged'));
  bytes[900_000]! ^= 4;
  await writeFile(at('damaged'), bytes);
  using reader = await tf.TensorSliceReader.open(at('damaged'));
  assert.equal((await reader.lookup('a')).size, 150_000);
  await assert.rejects(reader.lookup('b'), (error: tf.errors.OpError) => {
    assert.equal(error.message, 'Error copying slice data');
    assert.equal(error.details.file, at('damaged'));
    assert.equal(error.details.tensor, 'b');
    return true;
  });
  const report = await reader.verify();
  assert.equal(report.ok, false);
  assert.deepEqual(
    report.tensors.map(({ status }) => status),
    ['OK', 'Invalid argument: Error copying slice data', 'OK'],
  );
});

test('what V1 has no place for is refused', async () => {
  const writer = new tf.TensorSliceWriter('memory://v1/refused');
  writer.add('w', [1, 2]);
  const bfloat16 = tf.ndarray([1], undefined, 'bfloat16');
  assert.throws(() => writer.add('b', bfloat16), {
    code: 'UNIMPLEMENTED',
    message: 'Saving data type bfloat16 not yet supported',
  });
  assert.throws(() => writer.add('w', [1, 2]), { message: /^Overlapping slices/ });
  assert.throws(() => writer.addSlice('v', [4], '0,2', [1]), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => writer.addSlice('v', [4], '3,2', [1, 2]), { code: 'INTERNAL' });
  await writer.finish();
  assert.throws(() => writer.add('x', [1]), { code: 'FAILED_PRECONDITION' });
  using reader = await tf.TensorSliceReader.open('memory://v1/refused');
  assert.deepEqual(reader.keys(), ['w']);
});

test('other files are refused in TensorFlow’s words', async () => {
  await writeFile(at('short'), 'short');
  await assert.rejects(tf.TensorSliceReader.open(at('short')), {
    code: 'DATA_LOSS',
    message: `Unable to open table file ${at('short')}: Data loss: file is too short to be an sstable: perhaps your file is in a different file format and you need to use a different restore operator?`,
  });
  await assert.rejects(tf.TensorSliceReader.open(at('nothing-?????-of-00002')), {
    code: 'NOT_FOUND',
    message: `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for ${at('nothing-?????-of-00002')}`,
  });
  await writeShards(at('mixed'));
  const other = new tf.TensorSliceWriter(at('mixed-00001-of-00002'));
  other.addSlice('w', [2, 4], '-:2,1', float32([[3], [6]]));
  await other.finish();
  await assert.rejects(tf.TensorSliceReader.open(at('mixed-?????-of-00002')), {
    code: 'INTERNAL',
    message: 'Incompatible tensor shapes detected for tensor w: existing = [2,3], new = [2,4]',
  });
  await copyFile(at('mixed-00000-of-00002'), at('mixed-00001-of-00002'));
  await assert.rejects(tf.TensorSliceReader.open(at('mixed-?????-of-00002')), {
    code: 'INTERNAL',
    message: 'Overlapping slices: existing slice = -, new slice = -',
  });
});
