// Names for sequences of scopes, as TensorFlow 1.15 gives them (engine/docs/runtime.md, "Names" and "Variable scopes").
// Each row is a program and the names of what it made, in order.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

let names: string[];

const op = (name: string) => void names.push(tf.noOp({ name }).name);
const variable = (name?: string) => void names.push(new tf.Variable([0.5], { name }).op.name);
const get = (name: string, options: tf.GetVariableOptions = {}) => {
  const initializer = tf.zerosInitializer();
  const made = tf.getVariable(name, [2], { initializer, ...options }) as unknown;
  if (made instanceof tf.PartitionedVariable) for (const part of made) names.push(part.op.name);
  else names.push((made as tf.Variable).op.name);
};
const ns = (name: string | null, body: (scope: string) => void) => tf.nameScope(name, body);
const vs = (
  scope: string | tf.VariableScope | null,
  body: (scope: tf.VariableScope) => void,
  options: tf.VariableScopeOptions = {},
) =>
  tf.variableScope(
    scope,
    (entered) => {
      body(entered);
      return entered;
    },
    options,
  );
const anyX = { defaultName: 'x' };
const halves = { partitioner: tf.fixedSizePartitioner(2) };

const ROWS: readonly [program: () => void, expected: string][] = [
  // Operations.
  [() => op('a'), 'a'],
  [() => [op('a'), op('a')], 'a a_1'],
  [() => [op('a'), op('a'), op('a')], 'a a_1 a_2'],
  [() => [op('a_1'), op('a'), op('a')], 'a_1 a a_2'],
  [() => [op('a'), op('a_1'), op('a')], 'a a_1 a_2'],
  [() => [op('a'), op('a'), op('a_1')], 'a a_1 a_1_1'],
  [() => [op('A'), op('a')], 'A a_1'],
  // Name scopes.
  [() => ns('a', () => op('x')), 'a/x'],
  [() => [ns('a', () => op('x')), ns('a', () => op('x'))], 'a/x a_1/x'],
  [() => [ns('A', () => op('x')), ns('a', () => op('x'))], 'A/x a_1/x'],
  [() => ns('a', () => ns('b', () => op('x'))), 'a/b/x'],
  [() => ns('a', () => [ns('b', () => op('x')), ns('b', () => op('x'))]), 'a/b/x a/b_1/x'],
  [() => [ns('a', () => op('x')), ns('a/', () => op('x'))], 'a/x a/x_1'],
  [() => ns('a', (scope) => ns('b', () => ns(scope, () => op('x')))), 'a/x'],
  [() => ns('a', () => ns(null, () => op('x'))), 'x'],
  [() => ns('a', () => ns('', () => op('x'))), 'x'],
  [() => ns('a/b', () => op('x')), 'a/b/x'],
  [() => [ns('a/b', () => op('x')), ns('a', () => op('x'))], 'a/b/x a/x'],
  [() => [ns('a', () => op('x')), op('a')], 'a/x a_1'],
  [() => [op('a'), ns('a', () => op('x'))], 'a a_1/x'],
  [() => ns('a', () => ns('_b', () => op('x'))), 'a/_b/x'],
  // tf.Variable goes by name scopes.
  [() => [variable(), variable()], 'Variable Variable_1'],
  [() => [variable('w'), variable('w')], 'w w_1'],
  [() => ns('a', () => variable('w')), 'a/w'],
  [() => [op('w'), variable('w')], 'w w_1'],
  [() => [variable('w'), op('w')], 'w w_1'],
  // tf.getVariable goes by variable scopes, which are name scopes as well.
  [() => get('w'), 'w'],
  [() => vs('a', () => get('w')), 'a/w'],
  [() => vs('a', () => variable('w')), 'a/w'],
  [() => ns('a', () => get('w')), 'w'],
  [() => [vs('a', () => get('w')), vs('a', () => get('v'))], 'a/w a/v'],
  [() => [vs('a', () => variable('w')), vs('a', () => variable('w'))], 'a/w a_1/w'],
  [() => [vs('a', () => op('x')), vs('a', () => op('x'))], 'a/x a_1/x'],
  [() => vs('a', () => vs('b', () => get('w'))), 'a/b/w'],
  [() => vs('a/b', () => get('w')), 'a/b/w'],
  [() => vs('a', () => ns('b', () => [get('w'), variable('u')])), 'a/w a/b/u'],
  [() => ns('n', () => vs('a', () => [get('w'), variable('u')])), 'a/w n/a/u'],
  [() => [variable('w'), get('w')], 'w w_1'],
  [() => [get('w'), variable('w')], 'w w_1'],
  [() => vs('a', () => [variable('w'), get('w')]), 'a/w a/w_1'],
  // Default names.
  [() => [vs(null, () => get('w'), anyX), vs(null, () => get('w'), anyX)], 'x/w x_1/w'],
  [() => [vs(null, () => variable('u'), anyX), vs(null, () => variable('u'), anyX)], 'x/u x_1/u'],
  [
    () => vs('a', () => [vs(null, () => get('w'), anyX), vs(null, () => get('w'), anyX)]),
    'a/x/w a/x_1/w',
  ],
  [
    () => [
      vs('a', () => vs(null, () => get('w'), anyX)),
      vs('a', () => vs(null, () => get('v'), anyX)),
    ],
    'a/x/w a/x/v',
  ],
  [
    () => [ns('x', () => op('q')), vs(null, () => [variable('u'), get('w')], anyX)],
    'x/q x_1/u x/w',
  ],
  [
    () => [
      vs('x_1', () => get('w')),
      vs(null, () => get('w'), anyX),
      vs(null, () => get('w'), anyX),
    ],
    'x_1/w x/w x_2/w',
  ],
  // Scopes that are entered again.
  [
    () => [
      vs('a', () => get('w')),
      vs('a', () => get('w'), { reuse: true }),
      vs('a', () => get('w'), { reuse: tf.AUTO_REUSE }),
    ],
    'a/w a/w a/w',
  ],
  [
    () => {
      const a = vs('a', () => get('w'));
      vs('b', () => vs(a, () => [get('v'), variable('u')]));
    },
    'a/w a/v b/a/u',
  ],
  [
    () => {
      const b = vs('a/b', () => op('x'));
      vs(b, () => [get('v'), variable('u')]);
    },
    'a/b/x a/b/v b/u',
  ],
  [
    () => {
      const a = vs('a', () => op('x'));
      ns(a.originalNameScope, () => op('x'));
    },
    'a/x a/x_1',
  ],
  [
    () => {
      const root = tf.getVariableScope();
      vs('a', () => vs(root, () => [get('w'), variable('u')]));
    },
    'w a/u',
  ],
  // Without a name scope.
  [() => vs('a', () => [variable('u'), get('w')], { auxiliaryNameScope: false }), 'u a/w'],
  [
    () => ns('n', () => vs('a', () => [variable('u'), op('x')], { auxiliaryNameScope: false })),
    'n/u n/x',
  ],
  // Partitions.
  [() => get('w', halves), 'w/part_0 w/part_1'],
  [() => vs('a', () => get('w'), halves), 'a/w/part_0 a/w/part_1'],
];

test('fifty sequences of scopes', () => {
  assert.ok(ROWS.length >= 50);
  for (const [program, expected] of ROWS) {
    tf.resetDefaultGraph();
    names = [];
    program();
    assert.equal(names.join(' '), expected, String(program));
    assert.equal(tf.getVariableScope().name, '');
    assert.equal(tf.noOp({ name: 'unscoped' }).name, 'unscoped');
  }
});

test('the nodes of getVariable are those of TensorFlow', () => {
  tf.variableScope('layer', () => tf.getVariable('kernel', [2, 3]));
  tf.getVariable('bias', [3], { initializer: tf.zerosInitializer() });
  tf.getVariable('step', { initializer: 7 });
  assert.deepEqual(
    tf
      .getDefaultGraph()
      .getOperations()
      .map(({ name, type }) => `${name} ${type}`),
    [
      'layer/kernel/Initializer/random_uniform/shape Const',
      'layer/kernel/Initializer/random_uniform/min Const',
      'layer/kernel/Initializer/random_uniform/max Const',
      'layer/kernel/Initializer/random_uniform/RandomUniform RandomUniform',
      'layer/kernel/Initializer/random_uniform/sub Sub',
      'layer/kernel/Initializer/random_uniform/mul Mul',
      'layer/kernel/Initializer/random_uniform Add',
      'layer/kernel VariableV2',
      'layer/kernel/Assign Assign',
      'layer/kernel/read Identity',
      'bias/Initializer/zeros Const',
      'bias VariableV2',
      'bias/Assign Assign',
      'bias/read Identity',
      'step/initial_value Const',
      'step VariableV2',
      'step/Assign Assign',
      'step/read Identity',
    ],
  );
});

test('scopes are left when their body fails', () => {
  const fail = () => {
    throw new Error('stop');
  };
  assert.throws(() => tf.variableScope('a', () => tf.variableScope('b', fail)), /stop/);
  assert.throws(() => tf.nameScope('a', fail), /stop/);
  assert.throws(() => tf.getVariable('v', [1], { initializer: fail }), /stop/);
  assert.equal(tf.getVariableScope().name, '');
  assert.equal(tf.noOp({ name: 'x' }).name, 'x');
  // The name was taken all the same, as it is in TensorFlow.
  assert.equal(tf.getVariable('v', [1]).op.name, 'v_1');
});

test('a scope name that is none', () => {
  for (const name of ['_a', '-', 'a b', '/x']) {
    assert.throws(() => tf.nameScope(name, () => {}), {
      name: 'ValueError',
      message: `'${name}' is not a valid scope name`,
    });
  }
  assert.throws(() => tf.nameScope('a', () => tf.nameScope('b c', () => {})), {
    message: "'b c' is not a valid scope name",
  });
});

test('each graph has scopes and variables of its own', () => {
  const other = new tf.Graph();
  tf.variableScope('a', () => {
    const here = tf.getVariable('w', [1]);
    const there = other.asDefault(() => {
      assert.equal(tf.getVariableScope().name, '');
      return tf.variableScope('a', () => tf.getVariable('w', [1]));
    });
    assert.equal(here.name, there.name);
    assert.notEqual(here, there);
    assert.equal(there.graph, other);
    assert.equal(tf.getVariableScope().name, 'a');
  });
  const inner = new tf.Graph();
  const defaults = other.asDefault(() => [
    tf.getDefaultGraph(),
    inner.asDefault(() => tf.getDefaultGraph()),
    tf.getDefaultGraph(),
  ]);
  assert.deepEqual(defaults, [other, inner, other]);
});
