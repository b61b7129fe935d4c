// Arithmetic, comparisons, matrix products and casts.

import { before } from 'node:test';
import * as tf from 'tensorbundle';
import { FLOATS, NUMBERS, type OpCase, testOps } from './check.js';
import { map, type Nd, numbers, product, scalar, transposed, vector, zip } from './nd.js';

before(() => tf.ready());

const NONE = [false, false];
const some = numbers([2, 3]);
const positive = numbers([2, 3], 0.25, 3);

type One = (x: tf.TensorLike, options?: { readonly name?: string }) => tf.Tensor;
type Two = (x: tf.TensorLike, y: tf.TensorLike, options?: { readonly name?: string }) => tf.Tensor;

const one = (
  name: string,
  op: One,
  f: (x: number) => number,
  more: Partial<OpCase> = {},
): OpCase => ({
  name: `tf.${name}`,
  inputs: [some],
  build: (x) => op(x!),
  expected: (x) => map(x!, f),
  ...more,
});

/** With both arguments broadcast. */
const two = (
  name: string,
  op: Two,
  f: (x: number, y: number) => number,
  more: Partial<OpCase> = {},
): OpCase => ({
  name: `tf.${name}`,
  inputs: [numbers([2, 1, 3], -2, 2, 5), numbers([4, 1], -2, 2, 6)],
  build: (x, y) => op(x!, y!),
  expected: (x, y) => zip(x!, y!, f),
  ...more,
});

const whole = (shape: number[], seed: number): Nd => map(numbers(shape, -9, 9, seed), Math.trunc);
const divisors = map(numbers([4, 1], 1, 6, 8), Math.trunc);
const integers = [whole([2, 1, 3], 7), divisors];
const counts = { inputs: integers, dtypes: ['int32', 'int64'], gradients: NONE };
const flat = { gradients: NONE };

testOps([
  one('negative', tf.negative, (x) => -x, { dtypes: FLOATS }),
  one('abs', tf.abs, Math.abs),
  one('sign', tf.sign, Math.sign, { gradients: NONE }),
  one('square', tf.square, (x) => x * x),
  one('sqrt', tf.sqrt, Math.sqrt, { inputs: [positive] }),
  one('rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x), { inputs: [positive] }),
  one('reciprocal', tf.reciprocal, (x) => 1 / x, { inputs: [positive] }),
  one('exp', tf.exp, Math.exp),
  one('expm1', tf.expm1, Math.expm1),
  one('log', tf.log, Math.log, { inputs: [positive] }),
  one('log1p', tf.log1p, Math.log1p, { inputs: [positive] }),
  one('sin', tf.sin, Math.sin),
  one('cos', tf.cos, Math.cos),
  one('tanh', tf.tanh, Math.tanh),
  one('sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  one('floor', tf.floor, Math.floor, flat),
  one('ceil', tf.ceil, Math.ceil, flat),
  one('round', tf.round, (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)), {
    inputs: [vector([0.5, 1.5, 2.5, -0.5, -1.5, 0.25, -0.75])],
    gradients: NONE,
  }),
  one('isNan', tf.isNan, (x) => Number(Number.isNaN(x)), {
    inputs: [vector([1, Number.NaN, Number.POSITIVE_INFINITY])],
    result: 'bool',
    gradients: NONE,
  }),
  one('isFinite', tf.isFinite, (x) => Number(Number.isFinite(x)), {
    inputs: [vector([1, Number.NaN, Number.NEGATIVE_INFINITY])],
    result: 'bool',
    gradients: NONE,
  }),
  ...[
    one('negative of integers', tf.negative, (x) => -x),
    one('square of integers', tf.square, (x) => x * x),
    one('abs of integers', tf.abs, Math.abs),
  ].map((each) => ({
    ...each,
    inputs: [whole([2, 3], 3)],
    dtypes: ['int32', 'int64'],
    gradients: NONE,
  })),

  two('add', tf.add, (x, y) => x + y),
  two('subtract', tf.subtract, (x, y) => x - y),
  two('multiply', tf.multiply, (x, y) => x * y),
  two('divide', tf.divide, (x, y) => x / y),
  two('realdiv', tf.realdiv, (x, y) => x / y),
  two('div', tf.div, (x, y) => x / y),
  two('pow', tf.pow, (x, y) => x ** y, { inputs: [positive, numbers([4, 1, 1], 0.5, 3, 9)] }),
  two('maximum', tf.maximum, Math.max),
  two('minimum', tf.minimum, Math.min),
  two('squaredDifference', tf.squaredDifference, (x, y) => (x - y) ** 2),
  two('floordiv', tf.floordiv, (x, y) => Math.floor(x / y), flat),
  // The derivative by the divisor is that of a step function.
  two('floormod', tf.floormod, (x, y) => x - Math.floor(x / y) * y, { bound: 1e-5 }),
  two('add of integers', tf.add, (x, y) => x + y, counts),
  two('subtract of integers', tf.subtract, (x, y) => x - y, counts),
  two('multiply of integers', tf.multiply, (x, y) => x * y, counts),
  two('divide of integers', tf.divide, (x, y) => x / y, { ...counts, result: 'float64' }),
  two('div of integers', tf.div, (x, y) => Math.trunc(x / y), counts),
  two('floordiv of integers', tf.floordiv, (x, y) => Math.floor(x / y), counts),
  two('floormod of integers', tf.floormod, (x, y) => x - Math.floor(x / y) * y, counts),
  two('maximum of integers', tf.maximum, Math.max, counts),
  two('minimum of integers', tf.minimum, Math.min, counts),
  two('pow of integers', tf.pow, (x, y) => x ** y, counts),

  ...(
    [
      ['equal', tf.equal, (x, y) => x === y],
      ['notEqual', tf.notEqual, (x, y) => x !== y],
      ['less', tf.less, (x, y) => x < y],
      ['lessEqual', tf.lessEqual, (x, y) => x <= y],
      ['greater', tf.greater, (x, y) => x > y],
      ['greaterEqual', tf.greaterEqual, (x, y) => x >= y],
    ] as [string, Two, (x: number, y: number) => boolean][]
  ).map(([name, op, f]) =>
    two(name, op, (x, y) => Number(f(x, y)), {
      inputs: [map(numbers([3, 4], -2, 3), Math.trunc), map(numbers([4], -2, 3, 2), Math.trunc)],
      dtypes: NUMBERS,
      result: 'bool',
      gradients: NONE,
    }),
  ),
  ...(
    [
      ['logicalAnd', tf.logicalAnd, (x, y) => x && y],
      ['logicalOr', tf.logicalOr, (x, y) => x || y],
      ['logicalXor', tf.logicalXor, (x, y) => x !== y],
    ] as [string, Two, (x: boolean, y: boolean) => boolean][]
  ).map(([name, op, f]) =>
    two(name, op, (x, y) => Number(f(x === 1, y === 1)), {
      inputs: [{ shape: [2, 1], data: [0, 1] }, vector([0, 1])],
      dtypes: ['bool'],
    }),
  ),
  one('logicalNot', tf.logicalNot, (x) => 1 - x, { inputs: [vector([0, 1])], dtypes: ['bool'] }),

  ...[false, true].flatMap((transposeA) =>
    [false, true].map(
      (transposeB): OpCase => ({
        name: `tf.matMul, ${transposeA ? 'a transposed' : 'a'}, ${transposeB ? 'b transposed' : 'b'}`,
        inputs: [
          numbers(transposeA ? [5, 3] : [3, 5], -1, 1, 1),
          numbers(transposeB ? [4, 5] : [5, 4], -1, 1, 2),
        ],
        build: (a, b) => tf.matMul(a!, b!, { transposeA, transposeB }),
        expected: (a, b) =>
          product(transposeA ? transposed(a!) : a!, transposeB ? transposed(b!) : b!),
      }),
    ),
  ),
  {
    name: 'tf.matMul of integers',
    inputs: [whole([2, 3], 1), whole([3, 2], 2)],
    build: (a, b) => tf.matmul(a!, b!),
    expected: (a, b) => product(a!, b!),
    dtypes: ['int32', 'int64'],
  },
  {
    name: 'tf.cast to int32 truncates',
    inputs: [vector([-1.75, -0.5, 0, 0.5, 2.75])],
    build: (x) => tf.cast(x!, 'int32'),
    expected: (x) => map(x!, (each) => Math.trunc(each) + 0),
    result: 'int32',
    gradients: NONE,
  },
  {
    name: 'tf.cast of truth',
    inputs: [vector([0, 1])],
    build: (x) => tf.cast(x!, 'float32'),
    expected: (x) => x!,
    dtypes: ['bool'],
    result: 'float32',
  },
  {
    name: 'tf.cast to float64',
    inputs: [some],
    build: (x) => tf.toDouble(x!),
    expected: (x) => x!,
    dtypes: NUMBERS.slice(0, 2),
    result: 'float64',
  },
  {
    name: 'tf.addN',
    inputs: [numbers([2, 2], -1, 1, 1), numbers([2, 2], -1, 1, 2), numbers([2, 2], -1, 1, 3)],
    build: (...xs) => tf.addN(xs),
    expected: (x, y, z) =>
      zip(
        zip(x!, y!, (a, b) => a + b),
        z!,
        (a, b) => a + b,
      ),
  },
  {
    name: 'tf.clipByValue',
    inputs: [some],
    build: (x) => tf.clipByValue(x!, tf.cast(-0.5, x!.dtype), tf.cast(0.75, x!.dtype)),
    expected: (x) => map(x!, (each) => Math.min(Math.max(each, -0.5), 0.75)),
  },
  {
    name: 'tf.identity',
    inputs: [scalar(1.5)],
    build: (x) => tf.identity(x!),
    expected: (x) => x!,
  },
]);
