// Names, seeds, collections and errors of graph construction, as TensorFlow 1.15's Python has them
// (engine/docs/runtime.md).

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

test('unnamed variables are Variable, Variable_1, Variable_2', () => {
  const names = [0, 1, 2].map(() => new tf.Variable(tf.truncatedNormal([2, 3])).name);
  assert.deepEqual(names, ['Variable:0', 'Variable_1:0', 'Variable_2:0']);
});

test('a name that was taken explicitly is not given away again', () => {
  const explicit = new tf.Variable([1.5], { name: 'a_1' });
  const first = new tf.Variable([1.5], { name: 'a' });
  const second = new tf.Variable([1.5], { name: 'a' });
  assert.deepEqual([explicit.op.name, first.op.name, second.op.name], ['a_1', 'a', 'a_2']);
});

test('nodes of the lesson stand in the order in which TensorFlow makes them', () => {
  new tf.Variable(tf.truncatedNormal([2, 3]));
  const nodes = tf.getDefaultGraph().getOperations();
  assert.deepEqual(
    nodes.map(({ name, type, inputNames }) => [name, type, ...inputNames]),
    [
      ['truncated_normal/shape', 'Const'],
      ['truncated_normal/mean', 'Const'],
      ['truncated_normal/stddev', 'Const'],
      ['truncated_normal/TruncatedNormal', 'TruncatedNormal', 'truncated_normal/shape'],
      [
        'truncated_normal/mul',
        'Mul',
        'truncated_normal/TruncatedNormal',
        'truncated_normal/stddev',
      ],
      ['truncated_normal', 'Add', 'truncated_normal/mul', 'truncated_normal/mean'],
      ['Variable', 'VariableV2'],
      ['Variable/Assign', 'Assign', 'Variable', 'truncated_normal'],
      ['Variable/read', 'Identity', 'Variable'],
    ],
  );
});

test('name scopes prefix names, and a scope entered twice is made unique', () => {
  const inScope = () => tf.nameScope('layer', () => new tf.Variable([0.5], { name: 'w' }).op.name);
  assert.equal(inScope(), 'layer/w');
  assert.equal(inScope(), 'layer_1/w');
});

test('a function names its node after the op, an operator after itself', () => {
  const x = tf.constant([1.5, 2.5]);
  assert.deepEqual([tf.add(x, 1).name, tf.add(x, 1).op.type], ['Add:0', 'Add']);
  assert.deepEqual([x.add(1).name, x.add(1).op.type], ['add_2:0', 'AddV2']);
  assert.equal(tf.multiply(x, 2).op.inputNames[1], 'Mul/y');
});

test('a tensor prints as in Python', () => {
  const x = tf.placeholder('float32', [null, 784], { name: 'x' });
  assert.equal(String(x), 'Tensor("x:0", shape=(?, 784), dtype=float32)');
  const v = new tf.Variable([1.5, 2.5, 3.5]);
  assert.equal(String(v), "<tf.Variable 'Variable:0' shape=(3,) dtype=float32_ref>");
});

test('whole numbers are int32, others float32, typed arrays what they are', () => {
  assert.equal(tf.constant([1, 2]).dtype, tf.int32);
  assert.equal(tf.constant([1, 2.5]).dtype, tf.float32);
  assert.equal(tf.constant(new Float64Array(2)).dtype, tf.float64);
  assert.equal(tf.constant([1, 2], { dtype: 'float32' }).dtype, tf.float32);
});

test('tf.constant repeats the last value to fill a shape, and refuses too many', () => {
  using sess = new tf.Session();
  const filled = sess.run(tf.constant([1.5, 2.5], { shape: [2, 2] }));
  assert.deepEqual(filled.tolist(), [
    [1.5, 2.5],
    [2.5, 2.5],
  ]);
  assert.throws(
    () => tf.constant([1, 2, 3], { shape: [2] }),
    new tf.errors.ValueError('Too many elements provided. Needed at most 2, but received 3'),
  );
});

test('shapes that do not fit are an error of construction', () => {
  const x = tf.placeholder('float32', [2, 3]);
  const y = tf.placeholder('float32', [2, 4]);
  assert.throws(
    () => tf.add(x, y, { name: 'sum' }),
    new tf.errors.ValueError(
      "Dimensions must be equal, but are 3 and 4 for 'sum' (op: 'Add') with input shapes: [2,3], [2,4].",
    ),
  );
});

test('dtypes that do not fit are a TypeError', () => {
  const x = tf.constant([1.5]);
  const y = tf.constant([1]);
  assert.throws(() => tf.add(x, y), {
    name: 'TypeError',
    message:
      "Input 'y' of 'Add' Op has type int32 that does not match type float32 of argument 'x'.",
  });
});

test('graphs do not mix', () => {
  const x = tf.constant([1.5]);
  const other = new tf.Graph();
  const y = other.asDefault(() => tf.constant([2.5]));
  assert.equal(y.graph, other);
  assert.throws(() => tf.add(x, y), /must be from the same graph as Tensor\("Const:0"/);
  assert.throws(
    () => other.asDefault(() => tf.resetDefaultGraph()),
    /Do not use tf.reset_default_graph\(\) to clear nested graphs/,
  );
});

test('a finalized graph cannot be modified', () => {
  tf.constant(1);
  tf.getDefaultGraph().finalize();
  assert.throws(
    () => tf.constant(2),
    new tf.errors.RuntimeError('Graph is finalized and cannot be modified.'),
  );
});

test('collections list the variables', () => {
  const a = new tf.Variable([1.5], { name: 'a' });
  const b = new tf.Variable([1.5], { name: 'b', trainable: false });
  assert.deepEqual(tf.globalVariables(), [a, b]);
  assert.deepEqual(tf.trainableVariables(), [a]);
});

test('elements are found by name', () => {
  const v = new tf.Variable([1.5], { name: 'v' });
  const graph = tf.getDefaultGraph();
  assert.equal(graph.getOperationByName('v'), v.op);
  assert.equal(graph.getTensorByName('v/read:0'), v.value());
  assert.throws(() => graph.getTensorByName('nope:0'), tf.errors.LookupError);
  assert.throws(() => graph.getTensorByName('v'), tf.errors.ValueError);
});

test('bad names are ValueErrors', () => {
  assert.throws(
    () => tf.constant(1, { name: 'a b' }),
    new tf.errors.ValueError("'a b' is not a valid node name"),
  );
  assert.throws(
    () => tf.nameScope('a b', () => 0),
    new tf.errors.ValueError("'a b' is not a valid scope name"),
  );
});

test('a variable wants an initial value of known shape', () => {
  assert.throws(
    () => new tf.Variable(undefined as never),
    new tf.errors.ValueError('initial_value must be specified.'),
  );
  const x = tf.placeholder('float32');
  assert.throws(() => new tf.Variable(x), /initial_value must have a shape specified: Tensor\("/);
});
