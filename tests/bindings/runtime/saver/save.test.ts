// What Saver.save writes is TensorFlow's byte for byte (engine/docs/bundle-format.md, checkpoint-files.md).

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import {
  BIAS,
  DATA_SHA256,
  fresh,
  INDEX,
  lessonVariables,
  saveLesson,
  sha256,
  useFolder,
  WEIGHTS,
} from './support.js';

useFolder();

test('save writes the files of TensorFlow, byte for byte', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  assert.deepEqual((await readdir(join(prefix, '..'))).sort(), [
    'checkpoint',
    'model.ckpt.data-00000-of-00001',
    'model.ckpt.index',
    'model.ckpt.meta',
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
  assert.equal((await readdir(join(prefix, '..'))).length, 4);
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
