// tf.gradients in JavaScript: values, names, what is not connected, sparse ones, and a network that learns by them.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const run = (...fetches: tf.Tensor[]) =>
  tf.withSession((sess) => fetches.map((fetch) => sess.run(fetch).tolist()));

test('gradients are nodes with the names of TensorFlow', () => {
  const a = tf.constant([[1, 2]], { dtype: 'float32', name: 'a' });
  const b = tf.constant([[3], [4]], { dtype: 'float32', name: 'b' });
  const product = tf.matMul(a, b, { name: 'product' });
  const [da, db] = tf.gradients(product, [a, b]) as tf.Tensor[];
  assert.equal(da?.name, 'gradients/product_grad/MatMul:0');
  assert.equal(db?.name, 'gradients/product_grad/MatMul_1:0');
  const names = tf
    .getDefaultGraph()
    .getOperations()
    .map(({ name }) => name);
  assert.deepEqual(names.slice(3), [
    'gradients/Shape',
    'gradients/grad_ys_0',
    'gradients/Fill',
    'gradients/product_grad/MatMul',
    'gradients/product_grad/MatMul_1',
  ]);
});

test('several uses add up, and what is not connected has none', async () => {
  const x = tf.constant(3, { dtype: 'float32' });
  const z = tf.constant(5, { dtype: 'float32' });
  const y = x.mul(x).add(x);
  const [dx, dz] = tf.gradients(y, [x, z]);
  assert.equal((dx as tf.Tensor).name, 'gradients/AddN:0');
  assert.equal(dz, null);
  const [zero] = tf.gradients(y, z, { unconnectedGradients: 'zero' });
  const [none] = tf.gradients(tf.stopGradient(y), x);
  assert.equal(none, null);
  assert.deepEqual(await run(dx as tf.Tensor, zero as tf.Tensor), [7, 0]);
});

test('initial gradients and tensors to stop at', async () => {
  const x = tf.constant([1, 2], { dtype: 'float32' });
  const y = tf.square(x);
  const [weighted] = tf.gradients(y, x, { gradYs: [[10, 100]] });
  const [stopped] = tf.gradients(x.mul(y), x, { stopGradients: [y] });
  assert.deepEqual(await run(weighted as tf.Tensor, stopped as tf.Tensor), [
    [20, 400],
    [1, 4],
  ]);
});

test('gated gradients wait for each other', () => {
  const x = tf.constant(1, { dtype: 'float32', name: 'x' });
  const y = tf.constant(2, { dtype: 'float32', name: 'y' });
  const [dx] = tf.gradients(tf.multiply(x, y, { name: 'z' }), [x, y], { gateGradients: true });
  assert.equal((dx as tf.Tensor).name, 'gradients/z_grad/tuple/control_dependency:0');
  assert.ok((dx as tf.Tensor).op.inputNames.includes('^gradients/z_grad/tuple/group_deps'));
});

test('lookups have sparse gradients', async () => {
  const table = tf.constant(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    { dtype: 'float32' },
  );
  const [slices] = tf.gradients(tf.gather(table, [2, 0, 2]), table);
  assert.ok(slices instanceof tf.IndexedSlices);
  assert.deepEqual(await run(slices.values, slices.indices, slices.denseShape!), [
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    [2, 0, 2],
    [3, 2],
  ]);
});

test('an op without a gradient is named', () => {
  const v = new tf.Variable([1, 2], { dtype: 'float32', name: 'v' });
  const changed = tf.assignAdd(v, [1, 1]);
  assert.throws(() => tf.gradients(tf.square(changed), v), {
    name: 'LookupError',
    message: "No gradient defined for operation 'AssignAdd' (op type: AssignAdd)",
  });
});

test('a network of two layers learns exclusive or', async () => {
  tf.setRandomSeed(1);
  const x = tf.placeholder('float32', [null, 2]);
  const labels = tf.placeholder('int64', [null]);
  const w1 = new tf.Variable(tf.truncatedNormal([2, 8]));
  const b1 = new tf.Variable(tf.zeros([8]));
  const w2 = new tf.Variable(tf.truncatedNormal([8, 2]));
  const b2 = new tf.Variable(tf.zeros([2]));
  const hidden = tf.nn.relu(tf.nn.biasAdd(tf.matMul(x, w1), b1));
  const logits = tf.matMul(hidden, w2).add(b2);
  const loss = tf.reduceMean(
    tf.nn.softmaxCrossEntropyWithLogits({ labels: tf.oneHot(labels, 2), logits }),
  );
  const sparse = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }));
  const variables = [w1, b1, w2, b2];
  const train = tf.group(
    ...tf
      .gradients(loss, variables)
      .map((gradient, i) => tf.assignSub(variables[i]!, (gradient as tf.Tensor).mul(0.5))),
  );
  const correct = tf.equal(tf.argMax(logits, 1), labels);
  const accuracy = tf.reduceMean(tf.cast(correct, 'float32'));
  await tf.withSession((sess) => {
    sess.run(tf.globalVariablesInitializer());
    const feeds: tf.Feeds = [
      [
        x,
        [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ],
      ],
      [labels, [0, 1, 1, 0]],
    ];
    const first = sess.run(loss, feeds).item() as number;
    assert.ok(Math.abs((sess.run(sparse, feeds).item() as number) - first) < 1e-6);
    for (let step = 0; step < 300; ++step) sess.run(train, feeds);
    assert.ok((sess.run(loss, feeds).item() as number) < 0.1 * first);
    assert.equal(sess.run(accuracy, feeds).item(), 1);
  });
});
