// The lesson's naming error and its fix: names that TensorFlow gives follow the order in which variables are made.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inSession, useFolder } from './support.js';

useFolder();

/** The lesson's script: saves weights and bias, and loads them into a graph that makes the bias first. */
async function script(weightsName?: string, biasName?: string): Promise<string[]> {
  const printed: string[] = [];
  const saveFile = await fresh();
  let weights = new tf.Variable(tf.truncatedNormal([2, 3]), { name: weightsName });
  let bias = new tf.Variable(tf.truncatedNormal([3]), { name: biasName });
  let saver = new tf.train.Saver();
  printed.push(`Save Weights: ${weights.name}`, `Save Bias: ${bias.name}`);
  const saved = await inSession(async (sess) => {
    await saver.save(sess, saveFile);
    return sess.run([weights, bias]).map(String);
  });

  tf.resetDefaultGraph();
  bias = new tf.Variable(tf.truncatedNormal([3]), { name: biasName });
  weights = new tf.Variable(tf.truncatedNormal([2, 3]), { name: weightsName });
  saver = new tf.train.Saver();
  printed.push(`Load Weights: ${weights.name}`, `Load Bias: ${bias.name}`);
  await tf.withSession(async (sess) => {
    try {
      await saver.restore(sess, saveFile);
      assert.deepEqual(sess.run([weights, bias]).map(String), saved);
      printed.push('Loaded Weights and Bias successfully.');
    } catch (error) {
      assert.ok(error instanceof tf.errors.InvalidArgumentError);
      assert.match(error.hint ?? '', /order in which variables are made/);
      printed.push(error.message.slice(error.message.indexOf('Original error:') + 17));
    }
  });
  return printed;
}

test('without names the weights meet the bias', async () => {
  assert.deepEqual(await script(), [
    'Save Weights: Variable:0',
    'Save Bias: Variable_1:0',
    'Load Weights: Variable_1:0',
    'Load Bias: Variable:0',
    'Assign requires shapes of both tensors to match. lhs shape= [3] rhs shape= [2,3]\n\t [[{{node save/Assign}}]]',
  ]);
});

test('with names of their own they do not', async () => {
  assert.deepEqual(await script('weights_0', 'bias_0'), [
    'Save Weights: weights_0:0',
    'Save Bias: bias_0:0',
    'Load Weights: weights_0:0',
    'Load Bias: bias_0:0',
    'Loaded Weights and Bias successfully.',
  ]);
});

test('of equal shape they are swapped in silence', async () => {
  const path = await fresh();
  new tf.Variable([1, 2]);
  new tf.Variable([3, 4]);
  await inSession((sess) => new tf.train.Saver().save(sess, path));
  tf.resetDefaultGraph();
  const second = new tf.Variable([0, 0]);
  const first = new tf.Variable([0, 0]);
  await tf.withSession(async (sess) => {
    await new tf.train.Saver().restore(sess, path);
    assert.deepEqual(sess.run(first).tolist(), [3, 4]);
    assert.deepEqual(sess.run(second).tolist(), [1, 2]);
  });
});

test('a map of names loads what was saved without them', async () => {
  const path = await fresh();
  new tf.Variable([[1, 2]]);
  new tf.Variable([3, 4]);
  await inSession((sess) => new tf.train.Saver().save(sess, path));
  tf.resetDefaultGraph();
  const bias = new tf.Variable([0, 0], { name: 'bias' });
  const weights = new tf.Variable([[0, 0]], { name: 'weights' });
  for (const map of [
    { Variable: weights, Variable_1: bias },
    new Map([
      ['Variable_1', bias],
      ['Variable', weights],
    ]),
  ]) {
    await tf.withSession(async (sess) => {
      await new tf.train.Saver(map).restore(sess, path);
      assert.deepEqual(sess.run(weights).tolist(), [[1, 2]]);
      assert.deepEqual(sess.run(bias).tolist(), [3, 4]);
    });
  }
});
