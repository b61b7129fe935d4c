// Saving in the middle of a training and going on in a program that was started anew gives the bits of the training
// that nobody interrupted, whatever the optimizer.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle';

before(async () => {
  await tf.ready();
  tf.setLogHandler(null);
});

const { train } = tf;
const OPTIMIZERS: Readonly<Record<string, (rate: tf.Tensor) => tf.train.Optimizer>> = {
  GradientDescent: (rate) => new train.GradientDescentOptimizer(rate),
  Momentum: (rate) => new train.MomentumOptimizer(rate, 0.9),
  'Momentum, Nesterov': (rate) => new train.MomentumOptimizer(rate, 0.9, { useNesterov: true }),
  Adam: (rate) => new train.AdamOptimizer(rate),
  Adagrad: (rate) => new train.AdagradOptimizer(rate),
  Adadelta: (rate) => new train.AdadeltaOptimizer(rate),
  RMSProp: (rate) => new train.RMSPropOptimizer(rate, { momentum: 0.5 }),
  'RMSProp, centered': (rate) => new train.RMSPropOptimizer(rate, { centered: true }),
  Ftrl: (rate) =>
    new train.FtrlOptimizer(rate, {
      l1RegularizationStrength: 0.001,
      l2RegularizationStrength: 0.01,
      l2ShrinkageRegularizationStrength: 0.01,
    }),
};

/** The program, from an empty graph. */
function program(make: (rate: tf.Tensor) => tf.train.Optimizer) {
  tf.resetDefaultGraph();
  tf.setRandomSeed(7);
  const x = tf.placeholder('float32', [null, 6]);
  const labels = tf.placeholder('int32', [null]);
  const hidden = tf.layers.dense(x, 8, { activation: tf.nn.tanh });
  const logits = tf.layers.dense(hidden, 3);
  const loss = tf.reduceMean(tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels, logits }));
  const globalStep = train.createGlobalStep();
  const descend = make(train.exponentialDecay(0.1, globalStep, 5, 0.5)).minimize(loss, {
    globalStep,
  });
  const ema = new train.ExponentialMovingAverage(0.9);
  const step = tf.controlDependencies([descend], () => ema.apply());
  const saver = new train.Saver();
  const init = tf.globalVariablesInitializer();
  const run = (sess: tf.Session, from: number, to: number) => {
    const losses = [];
    for (let i = from; i < to; ++i) {
      const batch = Float32Array.from({ length: 24 }, (_, k) => Math.sin((i % 2) * 24 + k));
      const feeds: tf.Feeds = [
        [x, tf.ndarray(batch, [4, 6])],
        [labels, [i % 2, 0, 1, 2]],
      ];
      losses.push(sess.run([loss, step], feeds)[0]!.item());
    }
    return losses;
  };
  const values = (sess: tf.Session) =>
    new Map(tf.globalVariables().map((each) => [each.op.name, sess.run(each).bytes().slice()]));
  return { saver, init, run, values };
}

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  test(name, async () => {
    const path = `memory://resume/${name.replace(/\W/g, '')}/model.ckpt`;
    const whole = program(make);
    using uninterrupted = new tf.Session();
    uninterrupted.run(whole.init);
    const losses = whole.run(uninterrupted, 0, 20);
    const expected = whole.values(uninterrupted);
    // Two batches take turns.
    assert.equal(new Set(losses).size, 20, 'every step changes the loss');

    const first = program(make);
    using before = new tf.Session();
    before.run(first.init);
    const head = first.run(before, 0, 10);
    await first.saver.save(before, path);

    const second = program(make);
    using after = new tf.Session();
    await second.saver.restore(after, path);
    assert.deepEqual([...head, ...second.run(after, 10, 20)], losses);
    assert.deepEqual(second.values(after), expected);
  });
}
