// The functions of tf that Python composes: nodes, shapes, values and errors as in TensorFlow 1.15.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const run = (fetch: tf.Tensor, feeds?: tf.Feeds) =>
  tf.withSession((sess) => sess.run(fetch, feeds).tolist());
const nodes = () =>
  tf
    .getDefaultGraph()
    .getOperations()
    .map(({ name, type }) => `${name} ${type}`);

test('reductions take an axis, a list of axes or options', async () => {
  const x = tf.constant(
    [
      [1, 2],
      [3, 5],
    ],
    { dtype: 'float32' },
  );
  assert.deepEqual(await run(tf.reduceSum(x)), 11);
  assert.deepEqual(await run(tf.reduceSum(x, 0)), [4, 7]);
  assert.deepEqual(await run(tf.reduceMean(x, { axis: [0, 1], keepdims: true })), [[2.75]]);
  assert.deepEqual(await run(tf.reduceMax(x, -1, { name: 'most' })), [2, 5]);
  assert.equal(tf.reduceMin(tf.placeholder('float32')).shape, undefined);
});

test('a constant names its axes as Python does', () => {
  tf.reduceMean(tf.placeholder('float32', [null, 3]));
  assert.deepEqual(nodes(), ['Placeholder Placeholder', 'Const Const', 'Mean Mean']);
});

test('division is that of Python 3', async () => {
  const x = tf.constant([7, -7]);
  assert.equal(x.div(2).name, 'truediv:0');
  assert.deepEqual(await run(x.div(2)), [3.5, -3.5]);
  assert.equal(x.div(2).dtype.name, 'float64');
  assert.deepEqual(await run(tf.floordiv(x, 2)), [3, -4]);
  assert.deepEqual(await run(tf.floormod(x, 2)), [1, 1]);
});

test('shapes are constants where the graph knows them', async () => {
  assert.equal(tf.shape(tf.zeros([2, 3])).op.type, 'Const');
  const x = tf.placeholder('float32', [null, 3]);
  assert.equal(tf.shape(x).op.type, 'Shape');
  assert.equal(tf.rank(x).op.type, 'Const');
  assert.deepEqual(await run(tf.size(tf.zeros([2, 3]))), 6);
});

test('dropout drops at its rate, scales, and is TensorFlow node for node', async () => {
  const x = tf.ones([10, 100]);
  const y = tf.nn.dropout(x, 0.75, { seed: 1 });
  assert.deepEqual(y.shape, [10, 100]);
  assert.deepEqual(nodes().slice(3), [
    'dropout/rate Const',
    'dropout/Shape Const',
    'dropout/random_uniform/min Const',
    'dropout/random_uniform/max Const',
    'dropout/random_uniform/RandomUniform RandomUniform',
    'dropout/random_uniform/sub Sub',
    'dropout/random_uniform/mul Mul',
    'dropout/random_uniform Add',
    'dropout/sub/x Const',
    'dropout/sub Sub',
    'dropout/truediv/x Const',
    'dropout/truediv RealDiv',
    'dropout/GreaterEqual GreaterEqual',
    'dropout/mul Mul',
    'dropout/Cast Cast',
    'dropout/mul_1 Mul',
  ]);
  const values = ((await run(y)) as number[][]).flat();
  const kept = values.filter((value) => value !== 0);
  assert.ok(kept.every((value) => Math.abs(value - 4 / 3) < 1e-6));
  assert.ok(Math.abs(kept.length - 750) < 60);
  assert.throws(() => tf.nn.dropout(x, { rate: 1.5 }), {
    name: 'ValueError',
    message: 'rate must be a scalar tensor or a float in the range [0, 1), got 1.5',
  });
  assert.equal(tf.nn.dropout(x, 1), x);
});

test('cross entropies insist on names and on both', () => {
  const bad = {} as tf.nn.CrossEntropyArguments;
  assert.throws(() => tf.nn.softmaxCrossEntropyWithLogits(bad), {
    message:
      'Only call `softmax_cross_entropy_with_logits` with named arguments (labels=..., logits=..., ...)',
  });
  assert.throws(
    () =>
      tf.nn.softmaxCrossEntropyWithLogits({
        logits: [[1]],
      } as unknown as tf.nn.CrossEntropyArguments),
    { message: 'Both labels and logits must be provided.' },
  );
  const logits = tf.placeholder('float32', [null, 3]);
  const labels = tf.placeholder('float32', [null, 3]);
  const loss = tf.nn.softmaxCrossEntropyWithLogits({ logits, labels });
  assert.deepEqual(loss.shape, [null]);
  assert.equal(loss.op.type, 'Reshape');
});

test('operations wait for their control dependencies', async () => {
  const v = new tf.Variable(1, { dtype: 'float32' });
  const add = tf.assignAdd(v, 2);
  const after = tf.controlDependencies([add], () => tf.identity(v.readValue(), { name: 'after' }));
  assert.ok(after.op.inputNames.length > 0);
  await tf.withSession((sess) => {
    sess.run(v.initializer);
    assert.equal(sess.run(after).item(), 3);
  });
});

test('gradients are clipped together', async () => {
  const a = tf.constant([3], { dtype: 'float32' });
  const b = tf.constant([4], { dtype: 'float32' });
  const { list, globalNorm } = tf.clipByGlobalNorm([a, null, b], 1);
  assert.equal(list[1], null);
  assert.equal(await run(globalNorm), 5);
  const [first] = (await run(list[0] as tf.Tensor)) as number[];
  assert.ok(Math.abs(first! - 0.6) < 1e-6);
  assert.deepEqual(await run(tf.clipByValue([-5, 0.5, 5], -1, 1)), [-1, 0.5, 1]);
});

test('tensors are taken apart and put together', async () => {
  const x = tf.constant([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(await run(tf.transpose(x)), [
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  assert.deepEqual(await run(tf.concat([x, x], 0)), [
    [1, 2, 3],
    [4, 5, 6],
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const [, middle] = tf.split(x, 3, 1);
  assert.deepEqual(await run(middle!), [[2], [5]]);
  const [, rest] = tf.split(x, [1, 2], 1);
  assert.deepEqual(await run(rest!), [
    [2, 3],
    [5, 6],
  ]);
  const [, second] = tf.unstack(x);
  assert.deepEqual(await run(second!), [4, 5, 6]);
  assert.deepEqual(await run(tf.stack([second!, second!], 1)), [
    [4, 4],
    [5, 5],
    [6, 6],
  ]);
  assert.deepEqual(
    await run(
      tf.pad(
        x,
        [
          [0, 0],
          [1, 0],
        ],
        { constantValues: 9 },
      ),
    ),
    [
      [9, 1, 2, 3],
      [9, 4, 5, 6],
    ],
  );
  assert.deepEqual(await run(tf.where([true, false], [1, 2], [3, 4])), [1, 4]);
  assert.deepEqual(await run(tf.oneHot([1, 0], 2, { dtype: 'int32' })), [
    [0, 1],
    [1, 0],
  ]);
  assert.deepEqual(await run(tf.squeeze(tf.expandDims(x, 1), 1)), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
});
