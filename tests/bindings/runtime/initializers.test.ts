// Initializers: what they draw is within their bounds or has their moments, and is TensorFlow's for equal seeds.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

function values(initializer: tf.Initializer, shape: readonly number[], dtype = tf.float32) {
  const v = new tf.Variable(initializer(shape, dtype));
  assert.deepEqual([v.shape, v.dtype], [shape, dtype]);
  using sess = new tf.Session();
  sess.run(v.initializer);
  return Array.from(sess.run(v).data as Float32Array);
}

const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
const deviation = (list: number[]) => Math.sqrt(mean(list.map((x) => (x - mean(list)) ** 2)));

const seed = 5;
// fan in 5 * 40, fan out 5 * 60
const SHAPE = [5, 40, 60];
const [IN, OUT] = [200, 300];
const TRUNCATED = 0.87962566103423978;
const all = tf.initializers;

test('uniform ones fill their limits', () => {
  const facts: [string, tf.Initializer, number][] = [
    ['glorotUniform', all.glorotUniform({ seed }), Math.sqrt(6 / (IN + OUT))],
    ['heUniform', all.heUniform({ seed }), Math.sqrt(6 / IN)],
    ['lecunUniform', all.lecunUniform({ seed }), Math.sqrt(3 / IN)],
    ['uniformUnitScaling', all.uniformUnitScaling({ seed, factor: 2 }), 2 * Math.sqrt(3 / IN)],
    [
      'fan_out',
      all.varianceScaling({ seed, scale: 2, mode: 'fan_out', distribution: 'uniform' }),
      Math.sqrt(6 / OUT),
    ],
  ];
  for (const [name, initializer, limit] of facts) {
    const list = values(initializer, SHAPE);
    const most = Math.max(...list.map(Math.abs));
    assert.ok(most <= limit * (1 + 1e-6) && most > 0.999 * limit, `${name}: ${most} of ${limit}`);
    assert.ok(Math.abs(mean(list)) < 0.02 * limit, name);
    assert.ok(Math.abs(deviation(list) - limit / Math.sqrt(3)) < 0.01 * limit, name);
  }
  const list = values(tf.randomUniformInitializer({ minval: 2, maxval: 3, seed }), [1000]);
  assert.ok(Math.min(...list) >= 2 && Math.max(...list) < 3 && Math.abs(mean(list) - 2.5) < 0.05);
});

test('normal ones have their deviations, and are cut off at two of the distribution they came from', () => {
  const facts: [string, tf.Initializer, number][] = [
    ['glorotNormal', all.glorotNormal({ seed }), Math.sqrt(2 / (IN + OUT))],
    ['heNormal', all.heNormal({ seed }), Math.sqrt(2 / IN)],
    ['lecunNormal', all.lecunNormal({ seed }), Math.sqrt(1 / IN)],
    ['normal', all.varianceScaling({ seed, distribution: 'normal' }), Math.sqrt(1 / IN)],
  ];
  for (const [name, initializer, stddev] of facts) {
    const list = values(initializer, SHAPE);
    assert.ok(Math.abs(deviation(list) - stddev) < 0.03 * stddev, name);
    const most = Math.max(...list.map(Math.abs));
    assert.ok(most <= (2 * stddev) / TRUNCATED + 1e-6, name);
  }
  const untruncated = values(
    all.varianceScaling({ seed, distribution: 'untruncated_normal' }),
    SHAPE,
  );
  assert.ok(Math.max(...untruncated.map(Math.abs)) > 3 * Math.sqrt(1 / IN));
  const moved = values(tf.randomNormalInitializer({ mean: 3, stddev: 0.5, seed }), [4000]);
  assert.ok(Math.abs(mean(moved) - 3) < 0.03 && Math.abs(deviation(moved) - 0.5) < 0.02);
  const cut = values(tf.truncatedNormalInitializer({ mean: 3, stddev: 0.5, seed }), [4000]);
  assert.ok(Math.max(...cut) < 4 && Math.min(...cut) > 2);
});

test('equal seeds give what the ops give', () => {
  tf.setRandomSeed(1);
  const own = values(tf.truncatedNormalInitializer({ seed: 3 }), [6]);
  // Of RandomUniform and its like with the seeds (1, 3): TensorFlow's own bits.
  assert.deepEqual(
    own,
    [-0.670861244, 0.22357145, 0.79727304, 0.0961705893, 0.925912321, 1.94693959].map(Math.fround),
  );
});

test('constants, zeros and ones', () => {
  assert.deepEqual(values(tf.constantInitializer([1, 2, 3]), [2, 2]), [1, 2, 3, 3]);
  assert.deepEqual(values(tf.zerosInitializer(), [2]), [0, 0]);
  assert.deepEqual(values(tf.onesInitializer(), [2], tf.float64), [1, 1]);
  assert.throws(() => values(tf.constantInitializer([1, 2, 3]), [2]), {
    name: 'ValueError',
    message: 'Too many elements provided. Needed at most 2, but received 3',
  });
  assert.deepEqual(values(all.identity({ gain: 2 }), [2, 3]), [2, 0, 0, 0, 2, 0]);
  assert.throws(() => values(all.identity(), [2]), {
    name: 'ValueError',
    message: 'Identity matrix initializer can only be used for 2D matrices.',
  });
  assert.throws(() => all.varianceScaling({ scale: 0 }), {
    name: 'ValueError',
    message: '`scale` must be positive float.',
  });
});

test('orthogonal matrices', () => {
  for (const [shape, rows, columns] of [
    [[4, 4], 4, 4],
    [[6, 3], 6, 3],
    [[3, 6], 3, 6],
    [[2, 3, 5], 6, 5],
  ] as const) {
    for (const dtype of [tf.float32, tf.float64]) {
      const list = values(all.orthogonal({ gain: 2, seed }), shape, dtype);
      const at = (i: number, j: number) => list[i * columns + j]!;
      const less = Math.min(rows, columns);
      for (let i = 0; i < less; ++i) {
        for (let j = 0; j < less; ++j) {
          let product = 0;
          for (let k = 0; k < Math.max(rows, columns); ++k) {
            product += rows < columns ? at(i, k) * at(j, k) : at(k, i) * at(k, j);
          }
          assert.ok(Math.abs(product - (i === j ? 4 : 0)) < 1e-5, `${shape}: ${product}`);
        }
      }
    }
  }
  assert.throws(() => tf.orthogonalInitializer()([3], tf.float32), {
    name: 'ValueError',
    message: 'The tensor to initialize must be at least two-dimensional',
  });
  tf.resetDefaultGraph();
  tf.orthogonalInitializer()([2, 3], tf.float32);
  assert.deepEqual(
    tf
      .getDefaultGraph()
      .getOperations()
      .slice(6)
      .map(({ name, type }) => `${name} ${type}`),
    [
      'Qr Qr',
      'DiagPart DiagPart',
      'Sign Sign',
      'mul Mul',
      'matrix_transpose/transpose/perm Const',
      'matrix_transpose/transpose Transpose',
      'Reshape/shape Const',
      'Reshape Reshape',
      'mul_1/x Const',
      'mul_1 Mul',
    ],
  );
});

test('tf.getVariable draws like glorotUniform', () => {
  tf.setRandomSeed(3);
  const v = tf.getVariable('v', [4, 5]);
  using sess = new tf.Session();
  sess.run(v.initializer);
  const drawn = Array.from(sess.run(v).data as Float32Array);
  tf.resetDefaultGraph();
  tf.setRandomSeed(3);
  assert.deepEqual(values(all.glorotUniform(), [4, 5]), drawn);
});
