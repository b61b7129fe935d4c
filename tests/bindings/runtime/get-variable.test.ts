// tf.getVariable: what is found, what is made, and what TensorFlow 1.15 says when it is neither (engine/docs/runtime.md,
// "Variable scopes").

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const valueError = (message: string | RegExp) => ({ name: 'ValueError', message });
const reused = <T>(body: () => T) => tf.variableScope(tf.getVariableScope(), body, { reuse: true });

test('a variable that exists already', () => {
  tf.getVariable('v', [1]);
  assert.throws(
    () => tf.getVariable('v', [1]),
    valueError(
      /^Variable v already exists, disallowed\. Did you mean to set reuse=True or reuse=tf\.AUTO_REUSE in VarScope\? Originally defined at:\n\n {2}\S.*get-variable\.test.*\n/,
    ),
  );
  assert.throws(
    () => tf.getVariable('v', [1]),
    (error: Error) => {
      const quoted = error.message.split('\n').slice(2, -1);
      return quoted.length <= 5 && quoted.every((line) => !line.includes('variable-store'));
    },
  );
});

test('a variable that does not exist', () => {
  new tf.Variable(0.5, { name: 'v' });
  assert.throws(
    () => reused(() => tf.getVariable('v', [1])),
    valueError(
      'Variable v does not exist, or was not created with tf.get_variable(). ' +
        'Did you mean to set reuse=tf.AUTO_REUSE in VarScope?',
    ),
  );
});

test('AUTO_REUSE makes a variable once', () => {
  const make = () =>
    tf.variableScope('a', () => tf.getVariable('v', [2]), { reuse: tf.AUTO_REUSE });
  assert.equal(make(), make());
  assert.equal(tf.globalVariables().length, 1);
});

test('reuse is inherited, and false does not end it', () => {
  tf.variableScope('a', () => tf.variableScope('b', () => tf.getVariable('v', [1])));
  tf.variableScope('a', { reuse: true }, () => {
    tf.variableScope('b', { reuse: false }, (scope) => {
      assert.equal(scope.reuse, true);
      assert.equal(tf.getVariable('v', [1]).op.name, 'a/b/v');
    });
  });
  tf.variableScope('c', (scope) => {
    const v = tf.getVariable('v', [1]);
    scope.reuseVariables();
    assert.equal(tf.getVariable('v', [1]), v);
  });
});

test('a shared variable of another shape or dtype', () => {
  tf.getVariable('v', [2, 3]);
  assert.throws(
    () => reused(() => tf.getVariable('v', [3])),
    valueError('Trying to share variable v, but specified shape (3,) and found shape (2, 3).'),
  );
  assert.throws(
    () => reused(() => tf.getVariable('v', [2, 3], { dtype: tf.int32 })),
    valueError(
      'Trying to share variable v, but specified dtype int32 and found dtype float32_ref.',
    ),
  );
  assert.equal(reused(() => tf.getVariable('v', [null, 3])).op.name, 'v');
  assert.equal(reused(() => tf.getVariable('v')).op.name, 'v');
});

test('initial values and shapes that do not go together', () => {
  assert.throws(
    () => tf.getVariable('v', [1], { initializer: [0.5] }),
    valueError('If initializer is a constant, do not specify shape.'),
  );
  assert.throws(
    () => tf.getVariable('v', { initializer: 1, dtype: tf.float32 }),
    valueError(
      "Initializer type '<dtype: 'int32'>' and explicit dtype '<dtype: 'float32'>' don't match.",
    ),
  );
  assert.throws(
    () => tf.getVariable('v', [null, 3]),
    valueError('Shape of a new variable (v) must be fully defined, but instead was (?, 3).'),
  );
  assert.throws(
    () => tf.getVariable('v'),
    valueError('Shape of a new variable (v) must be fully defined, but instead was <unknown>.'),
  );
  assert.throws(
    () => tf.getVariable('v', [1], { dtype: tf.complex64 }),
    valueError("An initializer for variable v of <dtype: 'complex64'> is required"),
  );
});

test('arguments of variableScope', () => {
  const nothing = () => {};
  assert.throws(
    () => tf.variableScope(null, nothing),
    new TypeError('If default_name is None then name_or_scope is required'),
  );
  assert.throws(
    () => tf.variableScope(7 as never, nothing),
    new TypeError('VariableScope: name_or_scope must be a string or VariableScope.'),
  );
  assert.throws(
    () => tf.variableScope(null, nothing, { defaultName: 'x', reuse: true }),
    valueError('reuse=True cannot be used without a name_or_scope'),
  );
  assert.throws(
    () => tf.variableScope('a', nothing, { reuse: 'yes' as never }),
    valueError('The reuse parameter must be True or False or None.'),
  );
});

test('values of new variables', () => {
  tf.setRandomSeed(1);
  const floats = tf.getVariable('floats', [3, 2]);
  const whole = tf.getVariable('whole', 3, { dtype: tf.int64 });
  const flags = tf.getVariable('flags', [2], { dtype: 'bool' });
  const texts = tf.getVariable('texts', [1], { dtype: 'string' });
  const scalar = tf.getVariable('scalar', { initializer: 7 });
  const own = tf.getVariable('own', [2], { initializer: (shape) => tf.constant(2.5, { shape }) });
  const shapeless = tf.getVariable('shapeless', { initializer: () => [1, 2, 3] });
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  const limit = Math.sqrt(6 / (3 + 2));
  const values = sess.run(floats).tolist() as number[][];
  assert.ok(values.flat().every((value) => Math.abs(value) <= limit && value !== 0));
  assert.ok(values.flat().some((value) => Math.abs(value) > limit / 4));
  assert.deepEqual(sess.run(whole).tolist(), [0n, 0n, 0n]);
  assert.deepEqual(sess.run(flags).tolist(), [false, false]);
  assert.deepEqual(sess.run(texts).data, [new Uint8Array(0)]);
  assert.deepEqual([scalar.dtype.name, sess.run(scalar).item()], ['int32', 7]);
  assert.deepEqual(sess.run(own).tolist(), [2.5, 2.5]);
  assert.deepEqual([shapeless.dtype.name, sess.run(shapeless).tolist()], ['int32', [1, 2, 3]]);
});

test('scopes hand down initializers, dtypes and regularizers', () => {
  const sum = (variable: tf.Variable) => tf.add(variable, 1);
  tf.variableScope(
    'a',
    { initializer: tf.zerosInitializer(), dtype: tf.float64, regularizer: sum },
    () => {
      const outer = tf.getVariable('v', [2]);
      const inner = tf.variableScope('b', { dtype: tf.float32 }, () =>
        tf.getVariable('v', [2], { regularizer: () => null }),
      );
      assert.deepEqual(
        [outer, inner].map((variable) => [variable.dtype.name, variable.initialValue.op.name]),
        [
          ['float64', 'a/v/Initializer/zeros'],
          ['float32', 'a/b/v/Initializer/zeros'],
        ],
      );
    },
  );
  const losses = tf.getCollection(tf.GraphKeys.REGULARIZATION_LOSSES) as tf.Tensor[];
  assert.deepEqual(
    losses.map(({ name }) => name),
    ['a/v/Regularizer/Add:0'],
  );
});

test('collections and trainability', () => {
  tf.variableScope('a', (scope) => {
    tf.getVariable('v', [1]);
    tf.getVariable('fixed', [1], { trainable: false });
    tf.getVariable('local', [1], { collections: ['local_variables'], trainable: false });
    tf.getVariable('mine', [1], { collections: ['variables', 'mine'] });
    const named = (variables: tf.Variable[]) => variables.map((variable) => variable.op.name);
    assert.deepEqual(named(scope.globalVariables()), ['a/v', 'a/fixed', 'a/mine']);
    assert.deepEqual(named(scope.trainableVariables()), ['a/v', 'a/mine']);
    assert.deepEqual(named(scope.localVariables()), ['a/local']);
  });
  new tf.Variable(1, { name: 'b' });
  assert.deepEqual(
    tf.globalVariables('a/').map(({ name }) => name),
    ['a/v:0', 'a/fixed:0', 'a/mine:0'],
  );
  assert.deepEqual(
    tf.trainableVariables('.*[bv]:').map(({ name }) => name),
    ['a/v:0', 'b:0'],
  );
  assert.equal(tf.getCollection('mine').length, 1);
  const graph = tf.getDefaultGraph();
  assert.deepEqual(graph.getAllCollectionKeys(), [
    'local_variables',
    'mine',
    'trainable_variables',
    'variables',
  ]);
});

test('collections hold variables, tensors, operations and values, in order', () => {
  const v = new tf.Variable(1, { name: 'v' });
  const sum = v.add(1);
  const step = tf.noOp({ name: 'step' });
  for (const item of [v, sum, step, 'text', 3, 0.5]) tf.addToCollection('c', item);
  assert.deepEqual(tf.getCollection('c'), [v, sum, step, 'text', 3, 0.5]);
  assert.deepEqual(tf.getCollection('c', 's'), [step]);
  assert.deepEqual(tf.getCollection('c', 'add'), [sum]);
  tf.addToCollections(['d', 'e', 'd'], v);
  assert.deepEqual([tf.getCollection('d'), tf.getCollection('e')], [[v], [v]]);
  const copy = tf.getCollection('c');
  copy.pop();
  assert.equal(tf.getCollection('c').length, 6);
  tf.getDefaultGraph().clearCollection('c');
  assert.deepEqual(tf.getCollection('c'), []);
  assert.deepEqual(tf.getCollection('nothing'), []);
});

test('seeds: of the graph, of the op, of both, of none', () => {
  const draw = (graph: number | null, op?: number) => {
    tf.resetDefaultGraph();
    if (graph !== null) tf.setRandomSeed(graph);
    const x = tf.randomUniform([2], op === undefined ? {} : { seed: op });
    using sess = new tf.Session();
    return String(sess.run(x));
  };
  assert.equal(draw(null, 1), '[0.2390374  0.92039955]');
  assert.equal(draw(87654321, 1), draw(null, 1));
  assert.notEqual(draw(1, 1), draw(null, 1));
  // The seed of an op without one is the number of operations before it: shape, min and max.
  assert.equal(draw(7), draw(7, 3));
  // Seeds are taken modulo 2^31 - 1, and 0 with 0 is not "none".
  assert.equal(draw(0, 0), draw(0, 2 ** 31 - 1));
  assert.equal(draw(-1, 1), draw(2 ** 31 - 2, 1));
  assert.notEqual(draw(null), draw(null));
});
