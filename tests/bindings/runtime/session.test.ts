// Sessions: the values of variables, feeds, fetches, random numbers, errors (engine/docs/runtime.md).

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

/** The bits of a float32 array, as hexadecimal numbers. */
function bits(array: tf.NDArray): string[] {
  const data = array.data as Float32Array;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Array.from(words, (word) => word.toString(16).padStart(8, '0'));
}

/** The two variables of the lesson. */
function lesson() {
  const weights = new tf.Variable(tf.truncatedNormal([2, 3]));
  const bias = new tf.Variable(tf.truncatedNormal([3]));
  return { weights, bias };
}

// TensorFlow 1.15: TruncatedNormal with the seeds (1, 3) and (1, 12).
const WEIGHTS = ['bf2bbd90', '3e64efea', '3f4c1a16', '3dc4f516', '3f6d0897', '3ff93551'];
const BIAS = ['bef4b6c5', '3f626972', 'bf1fafa6'];
const SECOND_WEIGHTS = ['3fa27068', '3fdc0389', 'be7756fa', '3ef14239', '3eba4e2a', 'beb40173'];

test('the lesson with seed 1 has the bits of TensorFlow', () => {
  tf.setRandomSeed(1);
  const { weights, bias } = lesson();
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  assert.deepEqual(bits(sess.run(weights)), WEIGHTS);
  assert.deepEqual(bits(sess.run(bias)), BIAS);
  assert.equal(
    String(sess.run(weights)),
    '[[-0.67086124  0.22357145  0.79727304]\n [ 0.09617059  0.9259123   1.9469396 ]]',
  );
});

test('initialising again draws on; a new session starts over', () => {
  tf.setRandomSeed(1);
  const { weights } = lesson();
  const init = tf.globalVariablesInitializer();
  using sess = new tf.Session();
  sess.run(init);
  sess.run(init);
  assert.deepEqual(bits(sess.run(weights)), SECOND_WEIGHTS);
  using fresh = new tf.Session();
  fresh.run(init);
  assert.deepEqual(bits(fresh.run(weights)), WEIGHTS);
});

test('without seeds, two sessions draw different numbers', () => {
  const x = tf.truncatedNormal([8]);
  using one = new tf.Session();
  using two = new tf.Session();
  assert.notDeepEqual(bits(one.run(x)), bits(two.run(x)));
});

test('the op seed alone decides, too', () => {
  using sess = new tf.Session();
  // TensorFlow 1.15: RandomUniform and TruncatedNormal with the seeds (87654321, 1).
  const uniform = sess.run(tf.randomUniform([6], { seed: 1 }));
  assert.deepEqual(bits(uniform).slice(0, 3), ['3e74c638', '3f6b9f4e', '3d4ee620']);
  const normal = sess.run(tf.truncatedNormal([6], { seed: 1 }));
  assert.deepEqual(bits(normal).slice(0, 4), ['bf4fb28d', '3fbe0755', '3d85cb68', '3dcb42bf']);
});

test('reading a variable that has no value yet', () => {
  const v = new tf.Variable([1.5]);
  using sess = new tf.Session();
  assert.throws(
    () => sess.run(v),
    (error: unknown) => {
      assert.ok(error instanceof tf.errors.FailedPreconditionError);
      assert.match(
        error.message,
        /^Attempting to use uninitialized value Variable\n\t \[\[\{\{node /,
      );
      assert.equal(error.code, 'FAILED_PRECONDITION');
      return true;
    },
  );
});

test('assign changes the variable in this session alone', () => {
  const v = new tf.Variable([1.5, 2.5]);
  const init = tf.globalVariablesInitializer();
  const change = v.assign([3.5, 4.5]);
  const grow = v.assignAdd([1, 1]);
  using one = new tf.Session();
  using two = new tf.Session();
  one.run(init);
  two.run(init);
  assert.deepEqual(one.run(change).tolist(), [3.5, 4.5]);
  assert.deepEqual(one.run(grow).tolist(), [4.5, 5.5]);
  assert.deepEqual(one.run(v).tolist(), [4.5, 5.5]);
  assert.deepEqual(two.run(v).tolist(), [1.5, 2.5]);
});

test('a fetched value is a copy: later runs do not change it', () => {
  const v = new tf.Variable([1.5]);
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  const before = sess.run(v);
  sess.run(v.assignAdd([1]));
  assert.deepEqual(before.tolist(), [1.5]);
});

test('fetches nest, and come back in the same form', () => {
  const a = tf.constant(2.5);
  const b = tf.constant([1, 2]);
  using sess = new tf.Session();
  const result = sess.run({ a, list: [b, tf.noOp()], name: 'Const:0' });
  assert.equal(result.a.item(), 2.5);
  assert.deepEqual(result.list[0].tolist(), [1, 2]);
  assert.equal(result.list[1], null);
  assert.equal(Number(result.name), 2.5);
});

test('operators broadcast as numpy does', () => {
  const x = tf.constant([
    [1.5, 2.5, 3.5],
    [4.5, 5.5, 6.5],
  ]);
  using sess = new tf.Session();
  assert.deepEqual(sess.run(x.add([1, 2, 3]).mul(2).sub(1)).tolist(), [
    [4, 8, 12],
    [10, 14, 18],
  ]);
});

test('feeds replace tensors, by tensor or by name', () => {
  const x = tf.placeholder('float32', [null, 2], { name: 'x' });
  const y = x.mul(2);
  using sess = new tf.Session();
  assert.deepEqual(sess.run(y, [[x, [[1, 2]]]]).tolist(), [[2, 4]]);
  assert.deepEqual(sess.run(y, new Map([['x:0', [[1.5, 2]]]])).tolist(), [[3, 4]]);
});

test('mistakes with feeds have the texts of TensorFlow', () => {
  const x = tf.placeholder('float32', [null, 784]);
  using sess = new tf.Session();
  assert.throws(
    () => sess.run(x),
    /^InvalidArgumentError: You must feed a value for placeholder tensor 'Placeholder' with dtype float and shape \[\?,784\]\n\t \[\[\{\{node Placeholder\}\}\]\]$/,
  );
  assert.throws(
    () => sess.run(x, [[x, tf.ndarray(new Float32Array(128 * 783), [128, 783])]]),
    new tf.errors.ValueError(
      "Cannot feed value of shape (128, 783) for Tensor 'Placeholder:0', which has shape '(?, 784)'",
    ),
  );
  assert.throws(
    () => sess.run(x, [[x, x as never]]),
    /The value of a feed cannot be a tf.Tensor object/,
  );
  assert.throws(() => sess.run(x, [['nope:0', [[1]]]]), /Cannot interpret feed_dict key as Tensor/);
});

test('mistakes with fetches have the texts of TensorFlow', () => {
  tf.constant(1);
  using sess = new tf.Session();
  assert.throws(() => sess.run(null as never), TypeError);
  assert.throws(
    () => sess.run('nope'),
    /^ValueError: Fetch argument 'nope' cannot be interpreted as a Tensor\./,
  );
  const foreign = new tf.Graph().asDefault(() => tf.constant(1));
  assert.throws(() => sess.run(foreign), /is not an element of this graph/);
});

test('closed and empty sessions', () => {
  const empty = new tf.Session();
  assert.throws(
    () => empty.run('x'),
    new tf.errors.RuntimeError(
      'The Session graph is empty.  Add operations to the graph before calling run().',
    ),
  );
  const x = tf.constant(1);
  const sess = new tf.Session();
  sess.close();
  sess.close();
  assert.throws(
    () => sess.run(x),
    new tf.errors.RuntimeError('Attempted to use a closed Session.'),
  );
});

test('withSession closes the session, also after an error', async () => {
  const x = tf.constant(1);
  let kept: tf.Session | undefined;
  await assert.rejects(
    tf.withSession(async (sess) => {
      kept = sess;
      assert.equal(Number(sess.run(x)), 1);
      throw new Error('stop');
    }),
    /stop/,
  );
  assert.throws(() => kept?.run(x), /closed Session/);
});

test('other dtypes', () => {
  using sess = new tf.Session();
  assert.deepEqual(
    sess.run(tf.randomUniform([6], { minval: 0, maxval: 100, dtype: 'int32', seed: 1 })).tolist(),
    [27, 59, 93, 22, 77, 94],
  );
  assert.deepEqual(
    sess
      .run(tf.randomUniform([4], { minval: -5, maxval: 1000000, dtype: 'int64', seed: 1 }))
      .tolist(),
    [427311n, 810665n, 688921n, 632649n],
  );
  assert.deepEqual(
    sess.run(tf.randomUniform([2], { dtype: 'float64', seed: 1 })).tolist(),
    [0.91229992345049893, 0.40409974846196262],
  );
  assert.throws(
    () => tf.randomUniform([2], { dtype: 'int32' }),
    new tf.errors.ValueError('Must specify maxval for integer dtype tf.int32'),
  );
});

test('strings go in and come out', () => {
  using sess = new tf.Session();
  const text = sess.run(tf.constant(['hello', '', '变量']));
  assert.equal(String(text), "[b'hello' b'' b'\\xe5\\x8f\\x98\\xe9\\x87\\x8f']");
});
