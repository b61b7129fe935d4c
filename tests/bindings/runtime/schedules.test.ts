// Learning rates that change, and moving averages, against their formulas in double precision.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const STEPS = [0, 1, 3, 4, 5, 10, 11, 25];

interface Schedule {
  readonly name: string;
  readonly make: (step: tf.Tensor) => tf.Tensor;
  readonly rate: (step: number) => number;
}

const { train } = tf;
const polynomial = (step: number, steps: number) => 0.5 * (1 - step / steps) ** 2 + 0.25;

const SCHEDULES: readonly Schedule[] = [
  {
    name: 'ExponentialDecay',
    make: (step) => train.exponentialDecay(0.5, step, 4, 0.75),
    rate: (step) => 0.5 * 0.75 ** (step / 4),
  },
  {
    name: 'ExponentialDecay',
    make: (step) => train.exponentialDecay(0.5, step, 4, 0.75, { staircase: true }),
    rate: (step) => 0.5 * 0.75 ** Math.floor(step / 4),
  },
  {
    name: 'NaturalExpDecay',
    make: (step) => train.naturalExpDecay(0.5, step, 4, 0.75),
    rate: (step) => 0.5 * Math.exp((-0.75 * step) / 4),
  },
  {
    name: 'InverseTimeDecay',
    make: (step) => train.inverseTimeDecay(0.5, step, 4, 0.75, { staircase: true }),
    rate: (step) => 0.5 / (1 + 0.75 * Math.floor(step / 4)),
  },
  {
    name: 'PolynomialDecay',
    make: (step) => train.polynomialDecay(0.75, step, 10, { endLearningRate: 0.25, power: 2 }),
    rate: (step) => polynomial(Math.min(step, 10), 10),
  },
  {
    name: 'PolynomialDecay',
    make: (step) =>
      train.polynomialDecay(0.75, step, 10, { endLearningRate: 0.25, power: 2, cycle: true }),
    rate: (step) => polynomial(step, 10 * Math.max(1, Math.ceil(step / 10))),
  },
  {
    name: 'CosineDecay',
    make: (step) => train.cosineDecay(0.5, step, 10, { alpha: 0.125 }),
    rate: (step) => {
      const cosine = (1 + Math.cos((Math.PI * Math.min(step, 10)) / 10)) / 2;
      return 0.5 * (0.875 * cosine + 0.125);
    },
  },
  {
    name: 'PiecewiseConstant',
    make: (step) => train.piecewiseConstant(step, [3, 10], [1, 0.5, 0.25]),
    rate: (step) => (step <= 3 ? 1 : step <= 10 ? 0.5 : 0.25),
  },
];

SCHEDULES.forEach(({ name, make, rate }, i) => {
  test(`${name} (${i})`, () => {
    const step = tf.placeholder(i % 2 === 0 ? 'int64' : 'int32', []);
    const tensor = make(step);
    assert.equal(tensor.op.name.split('/')[0], name);
    assert.deepEqual([tensor.dtype.name, tensor.shape], ['float32', []]);
    using sess = new tf.Session();
    for (const at of STEPS) {
      const value = sess.run(tensor, [[step, at]]).item() as number;
      assert.ok(Math.abs(value - rate(at)) < 1e-6, `${value} for ${rate(at)} at step ${at}`);
    }
  });
});

test('a decay wants a step, and a piece a value', () => {
  assert.throws(() => train.exponentialDecay(0.5, null as never, 4, 0.75), {
    name: 'ValueError',
    message: 'global_step is required for exponential_decay.',
  });
  assert.throws(() => train.piecewiseConstant(tf.constant(1), [3], [1]), {
    name: 'ValueError',
    message: 'The length of boundaries should be 1 less than the length of values',
  });
});

test('a rate that is a tensor of the step is what the optimizer uses at each step', () => {
  const w = new tf.Variable(8, { dtype: 'float64' });
  const step = train.createGlobalStep();
  const rate = train.exponentialDecay(tf.constant(0.5, { dtype: 'float64' }), step, 1, 0.5);
  const descend = new train.GradientDescentOptimizer(rate).minimize(w.value(), {
    globalStep: step,
  });
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  const seen = [];
  for (let i = 0; i < 4; ++i) {
    sess.run(descend);
    seen.push(sess.run(w).item());
  }
  assert.deepEqual(seen, [7.5, 7.25, 7.125, 7.0625]);
});

test('averages of few updates follow faster', () => {
  const w = new tf.Variable(0, { dtype: 'float64', name: 'w' });
  const count = tf.placeholder('int32', []);
  const ema = new train.ExponentialMovingAverage(0.875, { numUpdates: count });
  const update = ema.apply([w]);
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  let expected = 0;
  for (let n = 0; n < 100; n += 7) {
    w.load(n + 1, sess);
    sess.run(update, [[count, n]]);
    const decay = Math.min(0.875, (1 + n) / (10 + n));
    expected -= (expected - (n + 1)) * (1 - decay);
    const value = sess.run(ema.average(w)!).item() as number;
    assert.ok(Math.abs(value - expected) < 1e-5 * n + 1e-5, `${value} for ${expected} at ${n}`);
  }
});

test('averages of tensors begin as zeros, and can be corrected for it', () => {
  const x = tf.placeholder('float64', [2], { name: 'x' });
  const results = [false, true].map((zeroDebias) => {
    const name = zeroDebias ? 'Corrected' : 'Plain';
    const ema = new train.ExponentialMovingAverage(0.75, { zeroDebias, name });
    return { update: ema.apply([x]), average: ema.average(x)! };
  });
  assert.deepEqual(
    tf.globalVariables().map(({ op }) => op.name),
    ['x/Plain', 'x/Corrected', 'x/Corrected/biased', 'x/Corrected/local_step'],
  );
  assert.deepEqual(tf.trainableVariables(), []);
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  const weighted = [0, 0];
  for (let n = 1; n <= 10; ++n) {
    const values = [n, 1 / n];
    for (const { update } of results) sess.run(update, [[x, values]]);
    values.forEach((value, i) => {
      weighted[i] = 0.75 * weighted[i]! + 0.25 * value;
    });
    const [plain, corrected] = results.map(({ average }) => sess.run(average).tolist() as number[]);
    weighted.forEach((value, i) => {
      assert.ok(Math.abs(plain![i]! - value) < 1e-12);
      assert.ok(Math.abs(corrected![i]! - value / (1 - 0.75 ** n)) < 1e-12);
    });
  }
});

test('only floats have averages, and variablesToRestore names each variable once', () => {
  const w = new tf.Variable(1.5, { name: 'w' });
  const frozen = new tf.Variable(2.5, { name: 'frozen', trainable: false });
  const step = train.createGlobalStep();
  const ema = new train.ExponentialMovingAverage(0.5);
  assert.throws(() => ema.apply([step]), {
    name: 'TypeError',
    message: 'The variables must be half, float, or double: global_step:0',
  });
  ema.apply();
  const average = ema.average(w)!;
  assert.deepEqual(
    new Map(Object.entries(ema.variablesToRestore())),
    new Map([
      ['w/ExponentialMovingAverage', w],
      ['frozen', frozen],
      ['global_step', step],
    ]),
  );
  assert.equal(average.op.name, ema.averageName(w));
});
