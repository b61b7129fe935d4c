// What makes, reshapes, takes apart and puts together tensors.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle';
import { NUMBERS, type OpCase, testOps } from './check.js';
import { at, fromIndex, map, type Nd, numbers, scalar, vector, zip } from './nd.js';

before(() => tf.ready());

const ALL = [...NUMBERS, 'bool'];
const x23 = map(numbers([2, 3], -9, 9), Math.trunc);
const x234 = map(numbers([2, 3, 4], -9, 9), Math.trunc);
const ramp = (shape: number[]): Nd => {
  let next = 0;
  return fromIndex(shape, () => next++);
};

/** A case whose elements are just moved: the same for every dtype. */
const moved = (
  name: string,
  inputs: readonly Nd[],
  build: OpCase['build'],
  expected: OpCase['expected'],
): OpCase => ({ name: `tf.${name}`, inputs, build, expected, dtypes: NUMBERS });

const take = (x: Nd, shape: number[], from: (index: number[]) => number[]): Nd =>
  fromIndex(shape, (index) => at(x, from(index)));

testOps([
  moved(
    'reshape with one size to find out',
    [x234],
    (x) => tf.reshape(x!, [4, -1]),
    (x) => ({ shape: [4, 6], data: x!.data }),
  ),
  moved(
    'reshape to nothing but one element',
    [vector([5])],
    (x) => tf.reshape(x!, tf.ndarray([], [0], 'int32')),
    (x) => scalar(x!.data[0]!),
  ),
  moved(
    'expandDims',
    [x23],
    (x) => tf.expandDims(x!, -2),
    (x) => ({ shape: [2, 1, 3], data: x!.data }),
  ),
  moved(
    'squeeze',
    [ramp([1, 2, 1, 3])],
    (x) => tf.squeeze(x!, [0, -2]),
    (x) => ({ shape: [2, 3], data: x!.data }),
  ),
  moved(
    'transpose',
    [x234],
    (x) => tf.transpose(x!),
    (x) => take(x!, [4, 3, 2], ([i, j, k]) => [k!, j!, i!]),
  ),
  moved(
    'transpose by a permutation',
    [x234],
    (x) => tf.transpose(x!, [1, 2, 0]),
    (x) => take(x!, [3, 4, 2], ([i, j, k]) => [k!, i!, j!]),
  ),
  moved(
    'concat',
    [x23, ramp([2, 1])],
    (x, y) => tf.concat([x!, y!], 1),
    (x, y) => fromIndex([2, 4], ([i, j]) => (j! < 3 ? at(x!, [i!, j!]) : at(y!, [i!, 0]))),
  ),
  moved(
    'stack',
    [x23, ramp([2, 3])],
    (x, y) => tf.stack([x!, y!], 1),
    (x, y) => fromIndex([2, 2, 3], ([i, j, k]) => at(j === 0 ? x! : y!, [i!, k!])),
  ),
  moved(
    'unstack',
    [x23],
    (x) => tf.unstack(x!, 3, 1)[2]!,
    (x) => take(x!, [2], ([i]) => [i!, 2]),
  ),
  moved(
    'split in equal parts',
    [ramp([2, 6])],
    (x) => tf.split(x!, 3, 1)[1]!,
    (x) => take(x!, [2, 2], ([i, j]) => [i!, j! + 2]),
  ),
  moved(
    'split in parts of their own',
    [ramp([2, 6])],
    (x) => tf.split(x!, [1, 3, 2], -1)[1]!,
    (x) => take(x!, [2, 3], ([i, j]) => [i!, j! + 1]),
  ),
  moved(
    'slice',
    [x234],
    (x) => tf.slice(x!, [1, 0, 2], [1, 2, -1]),
    (x) => take(x!, [1, 2, 2], ([_, j, k]) => [1, j!, k! + 2]),
  ),
  moved(
    'stridedSlice with masks',
    [x234],
    (x) =>
      // x[..., ::-2, newaxis, 1:3]
      tf.stridedSlice(x!, [0, 2, 0, 1], [0, 0, 0, 3], [1, -2, 1, 1], {
        ellipsisMask: 1,
        endMask: 2,
        newAxisMask: 4,
      }),
    (x) => take(x!, [2, 2, 1, 2], ([i, j, _, k]) => [i!, 2 - 2 * j!, k! + 1]),
  ),
  moved(
    'stridedSlice that drops a dimension',
    [x234],
    (x) => tf.stridedSlice(x!, [-1, 0], [0, 2], [1, 1], { shrinkAxisMask: 1 }),
    (x) => take(x!, [2, 4], ([j, k]) => [1, j!, k!]),
  ),
  moved(
    'pad',
    [x23],
    (x) =>
      tf.pad(x!, [
        [1, 0],
        [0, 2],
      ]),
    (x) => fromIndex([3, 5], ([i, j]) => (i! > 0 && j! < 3 ? at(x!, [i! - 1, j!]) : 0)),
  ),
  moved(
    'tile',
    [x23],
    (x) => tf.tile(x!, [2, 2]),
    (x) => take(x!, [4, 6], ([i, j]) => [i! % 2, j! % 3]),
  ),
  moved(
    'broadcastTo',
    [ramp([3, 1])],
    (x) => tf.broadcastTo(x!, [2, 3, 4]),
    (x) => take(x!, [2, 3, 4], ([_, j]) => [j!, 0]),
  ),
  moved(
    'gather',
    [x234],
    (x) =>
      tf.gather(x!, [
        [1, 0],
        [1, 1],
      ]),
    (x) => take(x!, [2, 2, 3, 4], ([i, j, k, l]) => [[1, 0, 1, 1][2 * i! + j!]!, k!, l!]),
  ),
  {
    ...moved(
      'gather along another axis',
      [x234],
      (x) => tf.gather(x!, [2, 0, 2], { axis: 1 }),
      (x) => take(x!, [2, 3, 4], ([i, j, k]) => [i!, [2, 0, 2][j!]!, k!]),
    ),
  },
  moved(
    'where of two tensors',
    [x23, ramp([2, 3])],
    (x, y) => tf.where(tf.greater(x!, y!), x!, y!),
    (x, y) => zip(x!, y!, Math.max),
  ),
  moved(
    'fill',
    [scalar(3)],
    (x) => tf.fill([2, 3], x!),
    (x) => fromIndex([2, 3], () => x!.data[0]!),
  ),
  {
    ...moved(
      'zerosLike',
      [x23],
      (x) => tf.zerosLike(x!),
      (x) => map(x!, () => 0),
    ),
    dtypes: ALL,
    gradients: [false],
  },
  {
    ...moved(
      'onesLike',
      [x23],
      (x) => tf.onesLike(x!),
      (x) => map(x!, () => 1),
    ),
    dtypes: ALL,
    gradients: [false],
  },
  {
    ...moved(
      'stopGradient',
      [x23],
      (x) => tf.stopGradient(x!),
      (x) => x!,
    ),
    gradients: [false],
  },
  ...([undefined, 'int64'] as const).flatMap((outType) => [
    {
      ...moved(
        'shape',
        [x234],
        (x) => tf.shape(x!, { outType }),
        () => vector([2, 3, 4]),
      ),
      result: outType ?? 'int32',
      gradients: [false],
    },
    {
      ...moved(
        'size',
        [x234],
        (x) => tf.size(x!, { outType }),
        () => scalar(24),
      ),
      result: outType ?? 'int32',
      gradients: [false],
    },
  ]),
  {
    ...moved(
      'rank',
      [x234],
      (x) => tf.rank(x!),
      () => scalar(3),
    ),
    result: 'int32',
    gradients: [false],
  },
  {
    name: 'tf.oneHot',
    inputs: [vector([2, -1, 0, 3])],
    build: (x) => tf.oneHot(x!, 3, { onValue: 5, offValue: -1 }),
    expected: (x) => fromIndex([4, 3], ([i, j]) => (x!.data[i!] === j ? 5 : -1)),
    dtypes: ['int32', 'int64'],
    result: 'float32',
  },
  {
    name: 'tf.oneHot along the first axis',
    inputs: [vector([2, 0])],
    build: (x) => tf.oneHot(x!, 3, { axis: 0, dtype: 'float64' }),
    expected: (x) => fromIndex([3, 2], ([i, j]) => Number(x!.data[j!] === i)),
    dtypes: ['int32', 'int64'],
    result: 'float64',
  },
]);

test('tf.where of a condition alone lists the places', () => {
  tf.resetDefaultGraph();
  const condition = tf.placeholder('bool', [2, null]);
  const places = tf.where(condition);
  assert.deepEqual([places.dtype.name, places.shape], ['int64', [null, 2]]);
  using sess = new tf.Session();
  const feeds: tf.Feeds = [
    [
      condition,
      [
        [false, true],
        [true, true],
      ],
    ],
  ];
  assert.deepEqual(sess.run(places, feeds).tolist(), [
    [0n, 1n],
    [1n, 0n],
    [1n, 1n],
  ]);
});

test('tf.constant, tf.zeros, tf.ones and tf.range make tensors', () => {
  tf.resetDefaultGraph();
  using sess = new tf.Session();
  const values = (...fetches: tf.Tensor[]) => fetches.map((each) => sess.run(each).tolist());
  assert.deepEqual(
    values(
      tf.constant([1.5, 2], { shape: [2, 2] }),
      tf.zeros([2], { dtype: 'int64' }),
      tf.ones([2, 1], { dtype: 'bool' }),
      tf.range(2, 9, 3),
      tf.range(3),
      tf.range(1, 0, -0.25),
    ),
    [
      [
        [1.5, 2],
        [2, 2],
      ],
      [0n, 0n],
      [[true], [true]],
      [2, 5, 8],
      [0, 1, 2],
      [1, 0.75, 0.5, 0.25],
    ],
  );
  // From 1,000 elements on they are filled in when the graph runs.
  assert.equal(tf.zeros([1000]).op.type, 'Fill');
});

test('groups and control dependencies', () => {
  tf.resetDefaultGraph();
  const v = new tf.Variable(1.5, { name: 'v' });
  const [up, down] = [tf.assignAdd(v, 2), tf.assignSub(v, 0.25)];
  const both = tf.group(up, down, { name: 'both' });
  assert.deepEqual(
    [both.name, both.type, [...both.inputNames].sort()],
    ['both', 'NoOp', ['^AssignAdd', '^AssignSub']],
  );
  const free = tf.controlDependencies([both], () =>
    tf.controlDependencies(null, () => tf.noOp({ name: 'free' })),
  );
  assert.deepEqual(free.inputNames, []);
  using sess = new tf.Session();
  sess.run(v.initializer);
  assert.equal(sess.run(both), null);
  assert.equal(sess.run(v).item(), 3.25);
  const [first, second] = tf.tuple([v.value(), tf.constant(7)], { controlInputs: [v.assign(4)] });
  assert.deepEqual(sess.run([second!]).map(String), ['7']);
  assert.equal(sess.run(v).item(), 4);
  assert.ok(first!.op.inputNames.includes('^tuple/group_deps'));
});
