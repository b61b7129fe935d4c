// What Saver.restore reads comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, saveLesson, useFolder } from './support.js';

useFolder();

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
