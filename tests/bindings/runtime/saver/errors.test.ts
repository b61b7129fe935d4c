// The mistakes that users of tf.train.Saver make have TensorFlow's classes and texts.

import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inRoot, lessonVariables, saveLesson, useFolder } from './support.js';

useFolder();

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
    const missing = inRoot('a', 'b', 'model.ckpt');
    await assert.rejects(saver.save(sess, missing), {
      code: 'VALUE_ERROR',
      message: `Parent directory of ${missing} doesn't exist, can't save.`,
    });
    // The last level alone is made.
    const made = inRoot('made', 'model.ckpt');
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
  await assert.rejects(saver.save(sess, prefix, { sharded: true } as never), {
    name: 'TypeError',
    message: "save() got an unexpected keyword argument 'sharded'",
  });
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
