// Holds an op to what a test says it computes: values in each dtype it has, the shape that the graph knows, and
// gradients in float64 to central differences.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { type Nd, numbers } from './nd.js';

/** An op, its arguments, and what it must give. */
export interface OpCase {
  readonly name: string;
  readonly inputs: readonly Nd[];
  readonly build: (...x: tf.Tensor[]) => tf.Tensor;
  readonly expected: (...x: Nd[]) => Nd;
  /** Of the inputs. Default float32 and float64. */
  readonly dtypes?: readonly string[];
  /** Of the result. Default that of the inputs. */
  readonly result?: string;
  /** How far float32 may be off, relative to 1 or the value. Default 2e-6; float64 a billionth of that and 1e-13. */
  readonly bound?: number;
  /** Which inputs have a gradient, in float64. Default all. */
  readonly gradients?: readonly boolean[];
}

export const FLOATS: readonly string[] = ['float32', 'float64'];
export const NUMBERS: readonly string[] = ['float32', 'float64', 'int32', 'int64'];

const arrayOf = ({ shape, data }: Nd, dtype: string): tf.NDArray =>
  tf.ndarray(dtype === 'bool' ? data.map(Boolean) : [...data], shape, dtype as 'float32');

const dataOf = (array: tf.NDArray): number[] => Array.from(array.data as Float64Array, Number);

function checkValues(one: OpCase, dtype: string, rankOnly: boolean): void {
  tf.resetDefaultGraph();
  const xs = one.inputs.map(({ shape }) =>
    tf.placeholder(dtype as 'float32', rankOnly ? shape.map(() => null) : shape),
  );
  const y = one.build(...xs);
  assert.equal(y.dtype.name, one.result ?? dtype, 'dtype');
  using sess = new tf.Session();
  const feeds = xs.map((x, i) => [x, arrayOf(one.inputs[i]!, dtype)] as const);
  const value = sess.run(y, feeds);
  const expected = one.expected(...one.inputs);
  assert.deepEqual(value.shape, expected.shape, 'shape');
  if (rankOnly) {
    const known = y.shape ?? value.shape.map(() => null);
    assert.equal(known.length, value.shape.length, `the graph says [${known}]`);
    assert.ok(known.every((dim, i) => dim === null || dim === value.shape[i]));
  } else {
    assert.deepEqual(y.shape, expected.shape, 'the shape that the graph knows');
  }
  const bound = dtype === 'float64' ? 1e-13 : (one.bound ?? 2e-6);
  dataOf(value).forEach((element, i) => {
    const wanted = expected.data[i]!;
    const near =
      Object.is(element, wanted) ||
      element === wanted ||
      Math.abs(element - wanted) <= bound * Math.max(1, Math.abs(wanted));
    assert.ok(near, `element ${i} in ${dtype}: ${element} for ${wanted}`);
  });
}

const STEP = 1e-5;

function checkGradients(one: OpCase): void {
  tf.resetDefaultGraph();
  const xs = one.inputs.map(({ shape }) => tf.placeholder('float64', shape));
  const y = one.build(...xs);
  const weights = numbers(one.expected(...one.inputs).shape, 0.5, 1.5, 99);
  const loss = tf.reduceSum(tf.multiply(y, arrayOf(weights, 'float64')));
  const gradients = tf.gradients(loss, xs);
  using sess = new tf.Session();
  const values = one.inputs.map(({ data }) => [...data]);
  const feeds = () =>
    xs.map((x, i) => [x, tf.ndarray(values[i]!, one.inputs[i]!.shape, 'float64')] as const);
  const lossNow = () => sess.run(loss, feeds()).item() as number;
  gradients.forEach((gradient, i) => {
    if (one.gradients?.[i] === false) {
      assert.equal(gradient, null, `argument ${i} has no gradient`);
      return;
    }
    assert.ok(gradient !== null, `argument ${i} has a gradient`);
    const tensor = gradient instanceof tf.IndexedSlices ? dense(gradient) : gradient;
    const found = dataOf(sess.run(tensor, feeds()));
    assert.equal(found.length, values[i]!.length);
    found.forEach((element, k) => {
      const x = values[i]![k]!;
      values[i]![k] = x + STEP;
      const above = lossNow();
      values[i]![k] = x - STEP;
      const below = lossNow();
      values[i]![k] = x;
      const wanted = (above - below) / (2 * STEP);
      assert.ok(
        Math.abs(element - wanted) <= 1e-6 * Math.max(1, Math.abs(wanted)),
        `derivative by element ${k} of argument ${i}: ${element} for ${wanted}`,
      );
    });
  });
}

function dense({ values, indices, denseShape }: tf.IndexedSlices): tf.Tensor {
  const flat = tf.reshape(values, tf.stack([tf.size(indices), -1]));
  const rows = tf.gather(denseShape!, 0);
  const chosen = tf.oneHot(indices, rows, { dtype: 'float64' });
  return tf.matMul(chosen, flat, { transposeA: true });
}

/** Registers a test for each case. */
export function testOps(cases: readonly OpCase[]): void {
  for (const one of cases) {
    test(one.name, () => {
      const dtypes = one.dtypes ?? FLOATS;
      for (const dtype of dtypes) {
        checkValues(one, dtype, false);
        checkValues(one, dtype, true);
      }
      if (dtypes.includes('float64') && one.gradients?.some(Boolean) !== false) checkGradients(one);
    });
  }
}
