// Sums and other reductions over axes, and the places of extremes.

import { before } from 'node:test';
import * as tf from 'tensorbundle';
import { FLOATS, NUMBERS, type OpCase, testOps } from './check.js';
import { fromIndex, map, numbers, reduce, sum } from './nd.js';

before(() => tf.ready());

const real = numbers([2, 3, 4]);
const whole = map(numbers([2, 3, 4], -9, 9), Math.trunc);
const truths = map(numbers([2, 3, 4], 0, 1), Math.round);

type Reduction = typeof tf.reduceSum;

const AXES: readonly (readonly number[])[] = [[0, 1, 2], [1], [0, -1], []];

function cases(
  name: string,
  op: Reduction,
  f: (values: number[]) => number,
  more: Partial<OpCase> = {},
): OpCase[] {
  return AXES.flatMap((axes) =>
    [false, true].map(
      (keepdims): OpCase => ({
        name: `tf.${name} over [${axes}]${keepdims ? ', kept' : ''}`,
        inputs: [
          more.dtypes?.[0] === 'int32' ? whole : more.dtypes?.[0] === 'bool' ? truths : real,
        ],
        build: (x) => op(x!, { axis: tf.ndarray([...axes], [axes.length], 'int32'), keepdims }),
        expected: (x) => reduce(x!, axes, keepdims, f),
        ...more,
      }),
    ),
  );
}

const integers = { dtypes: ['int32', 'int64'] };

testOps([
  ...cases('reduceSum', tf.reduceSum, sum),
  ...cases('reduceMean', tf.reduceMean, (values) => sum(values) / values.length),
  ...cases('reduceProd', tf.reduceProd, (values) => values.reduce((a, b) => a * b, 1)),
  ...cases('reduceMax', tf.reduceMax, (values) => Math.max(...values)),
  ...cases('reduceMin', tf.reduceMin, (values) => Math.min(...values)),
  ...cases('reduceSum of integers', tf.reduceSum, sum, integers),
  ...cases('reduceMax of integers', tf.reduceMax, (values) => Math.max(...values), integers),
  ...cases('reduceMin of integers', tf.reduceMin, (values) => Math.min(...values), integers),
  ...cases('reduceAll', tf.reduceAll, (values) => Number(values.every(Boolean)), {
    dtypes: ['bool'],
  }),
  ...cases('reduceAny', tf.reduceAny, (values) => Number(values.some(Boolean)), {
    dtypes: ['bool'],
  }),
  {
    name: 'tf.reduceSum over everything',
    inputs: [real],
    build: (x) => tf.reduceSum(x!),
    expected: (x) => reduce(x!, [0, 1, 2], false, sum),
  },
  ...[0, 1, -1].flatMap((axis) =>
    (
      [
        ['argMax', tf.argMax, Math.max],
        ['argMin', tf.argMin, Math.min],
      ] as const
    ).flatMap(([name, op, extreme]) =>
      (['int64', 'int32'] as const).map(
        (outputType): OpCase => ({
          name: `tf.${name} over ${axis} as ${outputType}`,
          inputs: [map(numbers([2, 3, 4], -4, 4, 5), Math.trunc)],
          build: (x) => op(x!, axis, { outputType }),
          expected: (x) =>
            reduce(x!, [axis], false, (values) => values.indexOf(extreme(...values))),
          dtypes: NUMBERS,
          result: outputType,
          gradients: [false],
        }),
      ),
    ),
  ),
  ...[false, true].flatMap((exclusive) =>
    [false, true].map(
      (reverse): OpCase => ({
        name: `tf.cumsum${exclusive ? ', exclusive' : ''}${reverse ? ', in reverse' : ''}`,
        inputs: [numbers([3, 4])],
        build: (x) => tf.cumsum(x!, 1, { exclusive, reverse }),
        expected: (x) =>
          fromIndex(x!.shape, ([row, column]) => {
            const values = x!.data.slice(row! * 4, row! * 4 + 4);
            const open = Number(exclusive);
            return sum(
              reverse ? values.slice(column! + open) : values.slice(0, column! + 1 - open),
            );
          }),
        dtypes: FLOATS,
      }),
    ),
  ),
]);
