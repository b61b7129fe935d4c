/// Optimizers: TensorFlow's names for everything they add to a graph, and ten steps against the formulas.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle/node';

await tf.ready();
beforeEach(() => tf.resetDefaultGraph());

type Value = [x: number, y: number];

/** The loss sum((w - 3)^2 * [1, 2]), whose gradient is 2 (w - 3) * [1, 2]. */
function problem(dtype: 'float32' | 'float64' = 'float64') {
  const w = new tf.Variable(tf.ndarray([1, -2], undefined, dtype), { name: 'w' });
  const difference = w.sub(tf.ndarray([3, 3], undefined, dtype));
  const loss = tf.reduceSum(difference.mul(difference).mul(tf.ndarray([1, 2], undefined, dtype)));
  return { w, loss };
}

const gradientAt = (w: Value): Value => [2 * (w[0] - 3), 4 * (w[1] - 3)];

function names(variables: readonly tf.Variable[]): string[] {
  return variables.map((variable) => variable.op.name);
}

interface Case {
  readonly title: string;
  readonly make: () => tf.train.Optimizer;
  /** The slots' names for TensorFlow, their variables and first values. */
  readonly slots: readonly (readonly [slot: string, variable: string, initial: number])[];
  /** One step of one element: changes `s`, whose first element is the variable. */
  readonly step: (g: number, s: number[], t: number) => void;
}

const f = Math.fround;

const CASES: readonly Case[] = [
  {
    title: 'GradientDescent',
    make: () => new tf.train.GradientDescentOptimizer(0.125),
    slots: [],
    step: (g, s) => {
      s[0]! -= 0.125 * g;
    },
  },
  {
    title: 'Momentum',
    make: () => new tf.train.MomentumOptimizer(0.125, 0.5),
    slots: [['momentum', 'w/Momentum', 0]],
    step: (g, s) => {
      s[1] = 0.5 * s[1]! + g;
      s[0]! -= 0.125 * s[1];
    },
  },
  {
    title: 'Momentum',
    make: () => new tf.train.MomentumOptimizer(0.125, 0.5, { useNesterov: true }),
    slots: [['momentum', 'w/Momentum', 0]],
    step: (g, s) => {
      s[1] = 0.5 * s[1]! + g;
      s[0]! -= 0.125 * g + 0.5 * 0.125 * s[1];
    },
  },
  {
    title: 'Adam',
    make: () => new tf.train.AdamOptimizer(0.125),
    slots: [
      ['m', 'w/Adam', 0],
      ['v', 'w/Adam_1', 0],
    ],
    step: (g, s, t) => {
      // float32's beta1 and beta2, whose powers the optimizer keeps in float32 as well.
      let power1 = f(0.9);
      let power2 = f(0.999);
      for (let i = 1; i < t; ++i) {
        power1 = f(power1 * f(0.9));
        power2 = f(power2 * f(0.999));
      }
      s[1] = s[1]! + (g - s[1]!) * (1 - f(0.9));
      s[2] = s[2]! + (g * g - s[2]!) * (1 - f(0.999));
      const rate = (0.125 * Math.sqrt(1 - power2)) / (1 - power1);
      s[0]! -= (rate * s[1]) / (Math.sqrt(s[2]) + f(1e-8));
    },
  },
  {
    title: 'Adagrad',
    make: () => new tf.train.AdagradOptimizer(0.125, { initialAccumulatorValue: 0.25 }),
    slots: [['accumulator', 'w/Adagrad', 0.25]],
    step: (g, s) => {
      s[1]! += g * g;
      s[0]! -= (0.125 * g) / Math.sqrt(s[1]!);
    },
  },
  {
    title: 'Adadelta',
    make: () => new tf.train.AdadeltaOptimizer(0.5, { rho: 0.75, epsilon: 0.0625 }),
    slots: [
      ['accum', 'w/Adadelta', 0],
      ['accum_update', 'w/Adadelta_1', 0],
    ],
    step: (g, s) => {
      s[1] = 0.75 * s[1]! + 0.25 * g * g;
      const u = (Math.sqrt(s[2]! + 0.0625) / Math.sqrt(s[1] + 0.0625)) * g;
      s[0]! -= 0.5 * u;
      s[2] = 0.75 * s[2]! + 0.25 * u * u;
    },
  },
  {
    title: 'RMSProp',
    make: () => new tf.train.RMSPropOptimizer(0.125, { decay: 0.75, momentum: 0.5 }),
    slots: [
      ['rms', 'w/RMSProp', 1],
      ['momentum', 'w/RMSProp_1', 0],
    ],
    step: (g, s) => {
      s[1] = 0.75 * s[1]! + 0.25 * g * g;
      s[2] = 0.5 * s[2]! + (0.125 * g) / Math.sqrt(s[1] + f(1e-10));
      s[0]! -= s[2];
    },
  },
  {
    title: 'RMSProp',
    make: () =>
      new tf.train.RMSPropOptimizer(0.125, { decay: 0.75, momentum: 0.5, centered: true }),
    slots: [
      ['rms', 'w/RMSProp', 1],
      ['mg', 'w/RMSProp_1', 0],
      ['momentum', 'w/RMSProp_2', 0],
    ],
    step: (g, s) => {
      s[1] = 0.75 * s[1]! + 0.25 * g * g;
      s[2] = 0.75 * s[2]! + 0.25 * g;
      s[3] = 0.5 * s[3]! + (0.125 * g) / Math.sqrt(s[1] - s[2] * s[2] + f(1e-10));
      s[0]! -= s[3];
    },
  },
  {
    title: 'Ftrl',
    make: () =>
      new tf.train.FtrlOptimizer(0.5, {
        initialAccumulatorValue: 0.25,
        l1RegularizationStrength: 0.125,
        l2RegularizationStrength: 0.0625,
      }),
    slots: [
      ['accum', 'w/Ftrl', 0.25],
      ['linear', 'w/Ftrl_1', 0],
    ],
    step: (g, s) => {
      const n = s[1]! + g * g;
      s[2]! += g - ((Math.sqrt(n) - Math.sqrt(s[1]!)) / 0.5) * s[0]!;
      const sign = s[2]! > 0 ? 1 : -1;
      s[0] =
        Math.abs(s[2]!) > 0.125 ? (0.125 * sign - s[2]!) / (Math.sqrt(n) / 0.5 + 2 * 0.0625) : 0;
      s[1] = n;
    },
  },
];

for (const one of CASES) {
  test(`${one.title}: ten steps and every slot are as the formulas say`, () => {
    const { w, loss } = problem();
    const optimizer = one.make();
    const train = optimizer.minimize(loss);
    assert.equal(train.name, one.title);
    assert.equal(train.type, 'NoOp');
    assert.deepEqual(optimizer.getSlotNames(), one.slots.map(([slot]) => slot).sort());
    for (const [slot, variable] of one.slots) {
      assert.equal(optimizer.getSlot(w, slot)!.op.name, variable);
    }
    using sess = new tf.Session();
    sess.run(tf.globalVariablesInitializer());
    const states = [
      [1, ...one.slots.map(([, , initial]) => initial)],
      [-2, ...one.slots.map(([, , initial]) => initial)],
    ];
    for (let t = 1; t <= 10; ++t) {
      const g = gradientAt([states[0]![0]!, states[1]![0]!]);
      states.forEach((state, i) => {
        one.step(g[i]!, state, t);
      });
      sess.run(train);
    }
    const variables = [w, ...one.slots.map(([slot]) => optimizer.getSlot(w, slot)!)];
    variables.forEach((variable, i) => {
      const value = sess.run(variable).data as Float64Array;
      for (const element of [0, 1]) {
        const expected = states[element]![i]!;
        const bound = 1e-9 * Math.max(1, Math.abs(expected));
        assert.ok(
          Math.abs(value[element]! - expected) < bound,
          `${variable.name}[${element}]: ${value[element]} for ${expected}`,
        );
      }
    });
  });
}

test('Adam adds the nodes that TensorFlow adds, under its names', () => {
  const { w, loss } = problem('float32');
  const step = tf.train.createGlobalStep();
  const before = tf.getDefaultGraph().handle.numNodes();
  const train = new tf.train.AdamOptimizer().minimize(loss, { globalStep: step });
  assert.equal(train.name, 'Adam');
  assert.equal(train.type, 'AssignAdd');
  // It waits for the updates through its constant, which was made among them.
  assert.deepEqual(tf.getDefaultGraph().getOperationByName('Adam/value').inputNames, [
    '^Adam/update',
  ]);
  assert.deepEqual(train.inputNames, ['global_step', 'Adam/value']);
  assert.deepEqual(names(tf.globalVariables()), [
    'w',
    'global_step',
    'beta1_power',
    'beta2_power',
    'w/Adam',
    'w/Adam_1',
  ]);
  assert.deepEqual(names(tf.trainableVariables()), ['w']);
  assert.deepEqual(tf.getCollection('train_op'), [train]);
  const graph = tf.getDefaultGraph();
  const added = Array.from({ length: graph.handle.numNodes() - before }, (_, i) =>
    graph.operation(before + 1 + i),
  ).map((op) => op.name);
  assert.deepEqual(
    added.slice(added.findIndex((name) => !name.startsWith('gradients'))),
    [
      ...['initial_value', '', 'Assign', 'read'].map((part) => `beta1_power/${part}`),
      ...['initial_value', '', 'Assign', 'read'].map((part) => `beta2_power/${part}`),
      ...['Initializer/zeros', '', 'Assign', 'read'].map((part) => `w/Adam/${part}`),
      ...['Initializer/zeros', '', 'Assign', 'read'].map((part) => `w/Adam_1/${part}`),
      'Adam/learning_rate',
      'Adam/beta1',
      'Adam/beta2',
      'Adam/epsilon',
      'Adam/update_w/ApplyAdam',
      'Adam/mul',
      'Adam/Assign',
      'Adam/mul_1',
      'Adam/Assign_1',
      'Adam/update',
      'Adam/value',
      'Adam',
    ].map((name) => name.replace(/\/$/, '')),
  );
  const apply = graph.getOperationByName('Adam/update_w/ApplyAdam');
  assert.deepEqual(apply.inputNames.slice(0, 9), [
    'w',
    'w/Adam',
    'w/Adam_1',
    'beta1_power/read',
    'beta2_power/read',
    'Adam/learning_rate',
    'Adam/beta1',
    'Adam/beta2',
    'Adam/epsilon',
  ]);
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  for (let i = 0; i < 3; ++i) sess.run(train);
  assert.equal(tf.train.globalStep(sess, step), 3);
  assert.ok(sess.run(w));
});

test('a second optimizer of a kind, and scopes', () => {
  const { loss } = problem('float32');
  new tf.train.AdamOptimizer().minimize(loss);
  new tf.train.AdamOptimizer().minimize(loss);
  assert.deepEqual(names(tf.globalVariables()).slice(5), [
    'beta1_power_1',
    'beta2_power_1',
    'w/Adam_2',
    'w/Adam_3',
  ]);
  tf.variableScope('train', () => new tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss));
  assert.ok(names(tf.globalVariables()).includes('train/w/Momentum'));
  tf.nameScope('scope', () => new tf.train.AdamOptimizer().minimize(loss));
  assert.deepEqual(names(tf.globalVariables()).slice(-4), [
    'scope/beta1_power',
    'scope/beta2_power',
    'w/Adam_4',
    'w/Adam_5',
  ]);
});

test('what has a name in Python may be given by it', () => {
  const rate = { learningRate: 0.25 };
  const pairs: readonly (readonly [tf.train.Optimizer, tf.train.Optimizer])[] = [
    [new tf.train.GradientDescentOptimizer(rate), new tf.train.GradientDescentOptimizer(0.25)],
    [
      new tf.train.MomentumOptimizer({ ...rate, momentum: 0.5, useNesterov: true }),
      new tf.train.MomentumOptimizer(0.25, 0.5, { useNesterov: true }),
    ],
    [
      new tf.train.AdamOptimizer({ ...rate, beta1: 0.5 }),
      new tf.train.AdamOptimizer(0.25, { beta1: 0.5 }),
    ],
    [new tf.train.AdamOptimizer({ beta1: 0.5 }), new tf.train.AdamOptimizer(0.001, { beta1: 0.5 })],
    [new tf.train.AdagradOptimizer(rate), new tf.train.AdagradOptimizer(0.25)],
    [new tf.train.AdadeltaOptimizer(rate), new tf.train.AdadeltaOptimizer(0.25)],
    [
      new tf.train.RMSPropOptimizer({ ...rate, centered: true }),
      new tf.train.RMSPropOptimizer(0.25, { centered: true }),
    ],
    [new tf.train.FtrlOptimizer(rate), new tf.train.FtrlOptimizer(0.25)],
  ];
  for (const pair of pairs) {
    const [named, positional] = pair.map((optimizer) => {
      tf.resetDefaultGraph();
      // Both share nothing: each steps in a graph of its own.
      const { w, loss } = problem();
      const train = optimizer.minimize(loss);
      using sess = new tf.Session();
      sess.run(tf.globalVariablesInitializer());
      for (let i = 0; i < 3; ++i) sess.run(train);
      return sess.run(w).tolist();
    });
    assert.deepEqual(named, positional, pair[0].getName());
  }
  assert.throws(() => new tf.train.AdagradOptimizer({ name: 'x' }), {
    name: 'TypeError',
    message: "__init__() missing 1 required positional argument: 'learning_rate'",
  });
});

test('errors are TensorFlow’s', () => {
  const sgd = new tf.train.GradientDescentOptimizer(0.1);
  const constant = tf.constant(1.5);
  assert.throws(() => sgd.minimize(constant), {
    name: 'ValueError',
    message: 'No variables to optimize.',
  });
  assert.throws(() => sgd.applyGradients([]), {
    name: 'ValueError',
    message: 'No variables provided.',
  });
  const w = new tf.Variable(tf.constant([1.5]), { name: 'w' });
  assert.throws(() => sgd.minimize(constant), {
    name: 'ValueError',
    message:
      'No gradients provided for any variable, check your graph for ops that do not support gradients, between ' +
      `variables ["<tf.Variable 'w:0' shape=(1,) dtype=float32_ref>"] and loss Tensor("Const:0", shape=(), dtype=float32).`,
  });
  assert.throws(() => sgd.applyGradients([[null, w]]), /No gradients provided for any variable: /);
  assert.throws(() => new tf.train.AdagradOptimizer(1, { initialAccumulatorValue: 0 }), {
    message: 'initial_accumulator_value must be positive: 0',
  });
  assert.throws(() => new tf.train.FtrlOptimizer(1, { learningRatePower: 1 }), {
    message: 'learning_rate_power 1.000000 needs to be negative or zero',
  });
  tf.train.createGlobalStep();
  assert.throws(() => tf.train.createGlobalStep(), {
    name: 'ValueError',
    message: '"global_step" already exists.',
  });
});

test('saving and restoring in the middle gives the bits of the uninterrupted run', async () => {
  const run = async (interrupted: boolean): Promise<Float32Array> => {
    tf.resetDefaultGraph();
    tf.setRandomSeed(7);
    const w = new tf.Variable(tf.truncatedNormal([5, 4]), { name: 'w' });
    const x = tf.placeholder('float32', [null, 5]);
    const loss = tf.reduceMean(tf.square(tf.matMul(x, w)));
    const step = tf.train.createGlobalStep();
    const rate = tf.train.exponentialDecay(0.1, step, 3, 0.5);
    const train = new tf.train.AdamOptimizer(rate).minimize(loss, { globalStep: step });
    const ema = new tf.train.ExponentialMovingAverage(0.75);
    const average = tf.controlDependencies([train], () => ema.apply());
    const saver = new tf.train.Saver();
    const init = tf.globalVariablesInitializer();
    let sess = new tf.Session();
    sess.run(init);
    for (let i = 0; i < 20; ++i) {
      if (interrupted && i === 10) {
        const path = await saver.save(sess, 'memory://middle/model.ckpt');
        sess.close();
        sess = new tf.Session();
        await saver.restore(sess, path!);
      }
      const batch = Float32Array.from({ length: 15 }, (_, k) => Math.sin(i * 15 + k));
      sess.run(average, [[x, tf.ndarray(batch, [3, 5])]]);
    }
    const values = sess.run(tf.globalVariables());
    sess.close();
    return Float32Array.from(
      values.flatMap((value) => Array.from(value.data as Float32Array, Number)),
    );
  };
  assert.deepEqual(await run(true), await run(false));
});

test('moving averages follow, and restore into their variables', async () => {
  const w = new tf.Variable(tf.constant([1, 2], { dtype: 'float32' }), { name: 'w' });
  const ema = new tf.train.ExponentialMovingAverage(0.75);
  assert.equal(ema.averageName(w), 'w/ExponentialMovingAverage');
  const update = ema.apply([w]);
  assert.equal(update.name, 'ExponentialMovingAverage');
  assert.equal(ema.average(w)!.op.name, 'w/ExponentialMovingAverage');
  assert.deepEqual(tf.movingAverageVariables(), [w]);
  const set = w.assign(tf.constant([5, 6], { dtype: 'float32' }));
  const saver = new tf.train.Saver();
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  assert.deepEqual(sess.run(ema.average(w)!).tolist(), [1, 2]);
  sess.run(set);
  sess.run(update);
  assert.deepEqual(sess.run(ema.average(w)!).tolist(), [2, 3]);
  const path = await saver.save(sess, 'memory://average/model.ckpt');
  const names = ema.variablesToRestore();
  assert.deepEqual(Object.keys(names), ['w/ExponentialMovingAverage']);
  await new tf.train.Saver(names).restore(sess, path!);
  assert.deepEqual(sess.run(w).tolist(), [2, 3]);
});
