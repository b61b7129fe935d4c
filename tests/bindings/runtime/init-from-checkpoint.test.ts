// tf.train.initFromCheckpoint, and partitioned variables in checkpoints (engine/docs/runtime.md, "Partitioned
// variables").

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { inFolders, started } from './checkpoint/folder.js';

const fresh = inFolders();

const valueError = (message: string | RegExp) => ({ name: 'ValueError', message });
const parts = (count: number, axis = 0) => tf.fixedSizePartitioner(count, { axis });
const emb = (partitioner: tf.Partitioner) =>
  tf.getVariable('emb', [4, 2], { initializer: tf.zerosInitializer(), partitioner });

const ROWS = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
];

/** A checkpoint of old/emb in three parts, old/w and step; then an empty graph. */
async function written(): Promise<string> {
  const path = await fresh('model.ckpt');
  tf.variableScope('old', () => {
    emb(parts(3));
    tf.getVariable('w', { initializer: [0.5, 1.5, 2.5] });
  });
  tf.getVariable('step', { initializer: 42, trainable: false });
  using sess = started();
  let row = 0;
  for (const part of tf.globalVariables('old/emb')) {
    const end = row + part.shape![0]!;
    part.load(tf.ndarray(ROWS.slice(row, end), undefined, 'float32'), sess);
    row = end;
  }
  await new tf.train.Saver().save(sess, path, { writeState: false });
  tf.resetDefaultGraph();
  return path;
}

test('the parts of a variable are slices of one tensor', async () => {
  const path = await written();
  assert.deepEqual(await tf.train.listVariables(path), [
    ['old/emb', [4, 2]],
    ['old/w', [3]],
    ['step', []],
  ]);
  assert.deepEqual((await tf.train.loadVariable(path, 'old/emb')).tolist(), ROWS);
  const reader = await tf.BundleReader.open(path);
  assert.equal(reader.entry('old/emb').slices.length, 3);
  reader.close();
});

test('a variable is restored into other parts, and into none', async () => {
  const path = await written();
  for (const partitioner of [parts(2), parts(4), parts(2, 1), parts(1)]) {
    tf.resetDefaultGraph();
    const variable = tf.variableScope('old', () => emb(partitioner));
    using sess = new tf.Session();
    await new tf.train.Saver().restore(sess, path);
    const whole = partitioner([4, 2], tf.float32)[1] === 2 ? 1 : 0;
    const values = [...variable].map((part) => sess.run(part).tolist() as number[][]);
    const joined =
      whole === 0 ? values.flat() : ROWS.map((_row, i) => values.flatMap((part) => part[i]!));
    assert.deepEqual(joined, ROWS);
  }
  tf.resetDefaultGraph();
  const single = new tf.Variable(tf.constant(0, { shape: [4, 2], dtype: 'float32' }));
  using sess = new tf.Session();
  await new tf.train.Saver({ 'old/emb': single }).restore(sess, path);
  assert.deepEqual(sess.run(single).tolist(), ROWS);
});

test('initialising by variable, by name and by scope', async () => {
  const path = await written();
  const step = new tf.Variable(0, { name: 'my_step' });
  const [v, e] = tf.variableScope('new', () => [tf.getVariable('w', [3]), emb(parts(2))]);
  await tf.train.initFromCheckpoint(path, { 'old/': 'new/', step });
  assert.deepEqual(
    [step, v!].map(({ initialValue, initializer }) => [initialValue.op.name, initializer.type]),
    [
      ['checkpoint_initializer_3', 'Assign'],
      ['checkpoint_initializer_2', 'Assign'],
    ],
  );
  using sess = started();
  assert.equal(sess.run(step).item(), 42);
  assert.deepEqual(sess.run(v as tf.Variable).tolist(), [0.5, 1.5, 2.5]);
  assert.deepEqual(
    [...(e as Iterable<tf.Variable>)].flatMap((part) => sess.run(part).tolist()),
    ROWS,
  );
  // The initializer sets them again.
  sess.run((v as tf.Variable).assign([9, 9, 9]));
  sess.run((v as tf.Variable).initializer);
  assert.deepEqual(sess.run(v as tf.Variable).tolist(), [0.5, 1.5, 2.5]);
});

test('the root scope, names of variables and lists of parts', async () => {
  const path = await written();
  const step = tf.getVariable('step', { initializer: 0 });
  await tf.train.initFromCheckpoint(path, { '/': '/' });
  const w = tf.variableScope('x', () => tf.getVariable('w', [3]));
  const e = emb(parts(4));
  await tf.train.initFromCheckpoint(
    path,
    new Map<string, tf.train.AssignmentTarget>([
      ['old/w', 'x/w'],
      ['old/emb', [...e]],
    ]),
  );
  using sess = started();
  assert.equal(sess.run(step).item(), 42);
  assert.deepEqual(sess.run(w).tolist(), [0.5, 1.5, 2.5]);
  assert.deepEqual(
    [...e].flatMap((part) => sess.run(part).tolist()),
    ROWS,
  );
});

test('assignments that cannot be made change nothing', async () => {
  const path = await written();
  const w = tf.variableScope('new', () => tf.getVariable('w', [2]));
  const before = w.initializer;
  const facts: [Record<string, tf.train.AssignmentTarget>, string][] = [
    [
      { nothing: w },
      `Tensor nothing is not found in ${path} checkpoint {'old/emb': [4, 2], 'old/w': [3], 'step': []}`,
    ],
    [
      { 'old/w': w },
      "Shape of variable new/w:0 ((2,)) doesn't match with shape of tensor old/w ([3]) from checkpoint reader.",
    ],
    [
      { 'old/w': 'new/' },
      "Assignment map with scope only name new should map to scope only old/w. Should be 'scope/': 'other_scope/'.",
    ],
    [{ 'other/': 'new/' }, `Tensor other/w (w in other/) is not found in ${path} checkpoint`],
    [{ 'old/emb': [w] }, 'Slices must all be slices: new/w:0'],
  ];
  for (const [map, message] of facts) {
    await assert.rejects(tf.train.initFromCheckpoint(path, map), valueError(message));
  }
  await assert.rejects(
    tf.train.initFromCheckpoint(path, { step: new tf.Variable(0.5, { name: 'f' }) }),
    {
      name: 'InvalidArgumentError',
      message: 'tensor_name = step; expected dtype float does not equal original dtype int32',
    },
  );
  assert.equal(w.initializer, before);
});
