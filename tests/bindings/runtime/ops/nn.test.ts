// Activations, losses, normalisation and lookups of tf.nn.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from 'tensorbundle';
import { type OpCase, testOps } from './check.js';
import { at, fromIndex, map, type Nd, numbers, reduce, scalar, sum, vector, zip } from './nd.js';

before(() => tf.ready());

const x34 = numbers([3, 4], -2, 2, 11);

const activation = (
  name: string,
  op: (x: tf.TensorLike) => tf.Tensor,
  f: (x: number) => number,
  inputs: readonly Nd[] = [numbers([2, 3], -8, 8, 3)],
): OpCase => ({
  name: `tf.nn.${name}`,
  inputs,
  build: (x) => op(x!),
  expected: (x) => map(x!, f),
});

const softmax = (row: number[]): number[] => {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  return powers.map((power) => power / sum(powers));
};
/** `f` of each row. */
const rows = (x: Nd, f: (row: number[]) => number[]): Nd => {
  const width = x.shape.at(-1)!;
  return fromIndex(x.shape, (index) => {
    const start = index.slice(0, -1).reduce((flat, i, k) => flat * x.shape[k]! + i, 0) * width;
    return f(x.data.slice(start, start + width))[index.at(-1)!]!;
  });
};
const crossEntropy = (labels: Nd, logits: Nd): Nd =>
  reduce(
    zip(labels, rows(logits, softmax), (p, q) => -p * Math.log(q)),
    [logits.shape.length - 1],
    false,
    sum,
  );
const probabilities = rows(numbers([3, 4], -1, 1, 12), softmax);
const logSoftmax = (row: number[]) => softmax(row).map(Math.log);
const swapped = (x: Nd): Nd => fromIndex([x.shape[1]!, x.shape[0]!], ([i, j]) => at(x, [j!, i!]));

const channel = (x: Nd, index: readonly number[], nchw: boolean) =>
  index[nchw ? 1 : x.shape.length - 1]!;
const bias = (shape: number[], nchw: boolean): OpCase => ({
  name: `tf.nn.biasAdd of [${shape}]${nchw ? ', NCHW' : ''}`,
  inputs: [numbers(shape), numbers([nchw ? shape[1]! : shape.at(-1)!], -1, 1, 4)],
  build: (x, b) => tf.nn.biasAdd(x!, b!, { dataFormat: nchw ? 'NCHW' : undefined }),
  expected: (x, b) =>
    fromIndex(x!.shape, (index) => at(x!, index) + b!.data[channel(x!, index, nchw)]!),
});

const mean = (values: number[]) => sum(values) / values.length;
const variance = (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2));

testOps([
  activation('relu', tf.nn.relu, (x) => Math.max(x, 0)),
  activation('relu6', tf.nn.relu6, (x) => Math.min(Math.max(x, 0), 6)),
  activation('elu', tf.nn.elu, (x) => (x < 0 ? Math.expm1(x) : x)),
  activation('softplus', tf.nn.softplus, (x) => Math.log1p(Math.exp(x))),
  activation('sigmoid', tf.nn.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  activation('tanh', tf.nn.tanh, Math.tanh),
  bias([2, 3], false),
  bias([2, 3, 2, 2], false),
  bias([2, 3, 2, 2], true),
  {
    name: 'tf.nn.l2Loss',
    inputs: [x34],
    build: (x) => tf.nn.l2Loss(x!),
    expected: (x) => scalar(sum(x!.data.map((each) => each * each)) / 2),
  },
  {
    name: 'tf.nn.softmax',
    inputs: [x34],
    build: (x) => tf.nn.softmax(x!),
    expected: (x) => rows(x!, softmax),
  },
  {
    name: 'tf.nn.logSoftmax',
    inputs: [numbers([2, 2, 3])],
    build: (x) => tf.nn.logSoftmax(x!),
    expected: (x) => rows(x!, logSoftmax),
  },
  {
    name: 'tf.nn.softmax along the first axis',
    inputs: [x34],
    build: (x) => tf.nn.softmax(x!, { axis: 0 }),
    expected: (x) => swapped(rows(swapped(x!), softmax)),
  },
  {
    name: 'tf.nn.softmaxCrossEntropyWithLogits',
    inputs: [probabilities, x34],
    build: (labels, logits) =>
      tf.nn.softmaxCrossEntropyWithLogits({ labels: labels!, logits: logits! }),
    expected: (labels, logits) => crossEntropy(labels!, logits!),
    gradients: [false, true],
  },
  {
    name: 'tf.nn.softmaxCrossEntropyWithLogitsV2, whose labels have a gradient',
    // TensorFlow's derivative holds for labels that add up to 1.
    inputs: [numbers([3, 4], -1, 1, 12), x34],
    build: (x, logits) =>
      tf.nn.softmaxCrossEntropyWithLogitsV2({ labels: tf.nn.softmax(x!), logits: logits! }),
    expected: (x, logits) => crossEntropy(rows(x!, softmax), logits!),
  },
  {
    name: 'tf.nn.softmaxCrossEntropyWithLogits of more dimensions',
    inputs: [numbers([2, 3, 4], -2, 2, 13)],
    build: (logits) =>
      tf.nn.softmaxCrossEntropyWithLogits({
        labels: tf.oneHot(
          [
            [0, 1, 2],
            [3, 2, 1],
          ],
          4,
          { dtype: logits!.dtype },
        ),
        logits: logits!,
      }),
    expected: (logits) =>
      crossEntropy(
        fromIndex([2, 3, 4], ([i, j, k]) => Number([0, 1, 2, 3, 2, 1][3 * i! + j!] === k)),
        logits!,
      ),
  },
  ...(['int32', 'int64'] as const).map(
    (labels): OpCase => ({
      name: `tf.nn.sparseSoftmaxCrossEntropyWithLogits with ${labels} labels`,
      inputs: [x34],
      build: (logits) =>
        tf.nn.sparseSoftmaxCrossEntropyWithLogits({
          labels: tf.constant([3, 0, 2], { dtype: labels }),
          logits: logits!,
        }),
      expected: (logits) =>
        crossEntropy(
          fromIndex([3, 4], ([i, j]) => Number([3, 0, 2][i!] === j)),
          logits!,
        ),
    }),
  ),
  {
    name: 'tf.nn.sigmoidCrossEntropyWithLogits',
    inputs: [numbers([2, 3], 0, 1, 14), numbers([2, 3], -4, 4, 15)],
    build: (labels, logits) =>
      tf.nn.sigmoidCrossEntropyWithLogits({ labels: labels!, logits: logits! }),
    expected: (labels, logits) =>
      zip(labels!, logits!, (z, x) => {
        const p = 1 / (1 + Math.exp(-x));
        return -z * Math.log(p) - (1 - z) * Math.log(1 - p);
      }),
  },
  ...(['mean', 'variance'] as const).flatMap((which) =>
    [false, true].map(
      (keepdims): OpCase => ({
        name: `tf.nn.moments: ${which}${keepdims ? ', kept' : ''}`,
        inputs: [numbers([3, 2, 4], -2, 5, 16)],
        build: (x) => tf.nn.moments(x!, [0, 2], { keepdims })[which],
        expected: (x) => reduce(x!, [0, 2], keepdims, which === 'mean' ? mean : variance),
      }),
    ),
  ),
  ...[false, true].map(
    (plain): OpCase => ({
      name: `tf.nn.batchNormalization${plain ? ' without scale and offset' : ''}`,
      inputs: [
        numbers([3, 2]),
        numbers([2], -1, 1, 2),
        numbers([2], 0.5, 2, 3),
        ...(plain ? [] : [numbers([2], -1, 1, 4), numbers([2], 0.5, 2, 5)]),
      ],
      build: (x, m, v, offset, scale) =>
        tf.nn.batchNormalization(x!, m!, v!, offset ?? null, scale ?? null, 0.125),
      expected: (x, m, v, offset, scale) =>
        fromIndex([3, 2], ([i, j]) => {
          const unit = (at(x!, [i!, j!]) - m!.data[j!]!) / Math.sqrt(v!.data[j!]! + 0.125);
          return unit * (scale?.data[j!] ?? 1) + (offset?.data[j!] ?? 0);
        }),
      bound: 1e-5,
    }),
  ),
  {
    name: 'tf.nn.embeddingLookup in one table',
    inputs: [numbers([4, 2])],
    build: (table) =>
      tf.nn.embeddingLookup(table!, [
        [3, 1],
        [3, 0],
      ]),
    expected: (table) =>
      fromIndex([2, 2, 2], ([i, j, k]) => at(table!, [[3, 1, 3, 0][2 * i! + j!]!, k!])),
  },
  ...(['mod', 'div'] as const).map(
    (partitionStrategy): OpCase => ({
      name: `tf.nn.embeddingLookup in three tables by '${partitionStrategy}'`,
      inputs: [numbers([3, 2], -1, 1, 1), numbers([2, 2], -1, 1, 2), numbers([2, 2], -1, 1, 3)],
      build: (...tables) => {
        tables.forEach((table, i) => {
          table.setShape([i === 0 ? 3 : 2, 2]);
        });
        return tf.nn.embeddingLookup(tables, [6, 0, 2, 4, 3], { partitionStrategy });
      },
      expected: (...tables) =>
        fromIndex([5, 2], ([i, k]) => {
          const id = [6, 0, 2, 4, 3][i!]!;
          if (partitionStrategy === 'mod') return at(tables[id % 3]!, [Math.floor(id / 3), k!]);
          return [...tables.flatMap(({ data }) => data)][2 * id + k!]!;
        }),
    }),
  ),
  {
    name: 'tf.nn.inTopK',
    inputs: [
      {
        shape: [3, 4],
        data: [1, 4, 3, 2, 5, 5, 5, 5, 0, 1, 2, 3],
      },
    ],
    build: (x) => tf.nn.inTopK(x!, [2, 1, 0], 2),
    expected: () => vector([1, 1, 0]),
    dtypes: ['float32'],
    result: 'bool',
  },
]);

test('tf.nn.fusedBatchNorm normalises as tf.nn.moments and batchNormalization do, gradients too', () => {
  for (const isTraining of [true, false]) {
    tf.resetDefaultGraph();
    const given = { x: numbers([2, 3, 2, 3], -1, 4, 1), scale: numbers([3], 0.5, 2, 2) };
    const moments = { mean: numbers([3], -1, 1, 3), variance: numbers([3], 0.5, 2, 4) };
    const offset = numbers([3], -1, 1, 5);
    const weights = numbers([2, 3, 2, 3], -1, 1, 6);
    const tensor = ({ shape, data }: Nd, dtype: 'float32' | 'float64') =>
      tf.constant(tf.ndarray([...data], shape, dtype));
    const results = (['float32', 'float64'] as const).map((dtype) => {
      const [x, scale, shift, m, v] = [
        given.x,
        given.scale,
        offset,
        moments.mean,
        moments.variance,
      ].map((each) => tensor(each, dtype)) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const own = tf.nn.moments(x, [0, 1, 2]);
      const used = isTraining ? own : { mean: m, variance: v };
      const fused =
        dtype === 'float32'
          ? tf.nn.fusedBatchNorm(x, scale, shift, {
              epsilon: 0.01,
              isTraining,
              ...(isTraining ? {} : { mean: m, variance: v }),
            })
          : {
              y: tf.nn.batchNormalization(x, used.mean, used.variance, shift, scale, 0.01),
              batchMean: used.mean,
              // Of 12 elements in each channel.
              batchVariance: isTraining ? own.variance.mul(12 / 11) : v,
            };
      assert.deepEqual([fused.y.shape, fused.batchMean.shape], [[2, 3, 2, 3], [3]]);
      const loss = tf.reduceSum(tf.multiply(fused.y, tensor(weights, dtype)));
      const gradients = tf.gradients(loss, [x, scale, shift]) as tf.Tensor[];
      return [fused.y, fused.batchMean, fused.batchVariance, ...gradients];
    });
    using sess = new tf.Session();
    const [found, expected] = results.map((fetches) =>
      sess.run(fetches).map((value) => Array.from(value.data as Float64Array)),
    );
    found!.forEach((values, i) => {
      values.forEach((value, k) => {
        const wanted = expected![i]![k]!;
        assert.ok(
          Math.abs(value - wanted) < 2e-5 * Math.max(1, Math.abs(wanted)),
          `${i}: ${value} for ${wanted}`,
        );
      });
    });
  }
});

test('tf.nn.fusedBatchNorm: nodes and errors', () => {
  tf.resetDefaultGraph();
  const x = tf.placeholder('float32', [null, 4, 4, 3]);
  const three = tf.ones([3]);
  const { y } = tf.nn.fusedBatchNorm(x, three, three, { epsilon: 0 });
  assert.deepEqual(
    [y.op.name, y.op.type, y.shape],
    ['FusedBatchNormV3', 'FusedBatchNormV3', [null, 4, 4, 3]],
  );
  assert.deepEqual(y.op.inputNames, ['Placeholder', 'ones', 'ones', 'Const', 'Const_1']);
  assert.throws(() => tf.nn.fusedBatchNorm(x, three, three, { mean: three }), {
    name: 'ValueError',
    message: "Both 'mean' and 'variance' must be None if is_training is True.",
  });
  assert.throws(() => tf.nn.fusedBatchNorm(x, tf.ones([2]), three), {
    name: 'ValueError',
    message: /^Dimensions must be equal, but are 3 and 2 for 'FusedBatchNormV3_\d' /,
  });
  assert.throws(() => tf.nn.fusedBatchNorm(tf.placeholder('float64', [1, 1, 1, 3]), three, three), {
    name: 'TypeError',
  });
});

test('clipping by norms', () => {
  tf.resetDefaultGraph();
  using sess = new tf.Session();
  const value = (tensor: tf.Tensor) => sess.run(tensor).tolist();
  const x = tf.constant([3, 4], { dtype: 'float64' });
  assert.deepEqual(value(tf.clipByNorm(x, 2.5)), [1.5, 2]);
  assert.deepEqual(value(tf.clipByNorm(x, 10)), [3, 4]);
  assert.equal(value(tf.globalNorm([x, tf.constant([12], { dtype: 'float64' })])), 13);
  const slices = new tf.IndexedSlices(
    tf.constant([[6, 8]], { dtype: 'float64' }),
    tf.constant([1]),
    tf.constant([2, 2]),
  );
  const { list } = tf.clipByGlobalNorm([slices], 5);
  assert.ok(list[0] instanceof tf.IndexedSlices);
  assert.deepEqual(value(list[0].values), [[3, 4]]);
  const nan = tf.clipByGlobalNorm([tf.constant([Number.POSITIVE_INFINITY])], 1).list[0];
  assert.deepEqual(value(nan as tf.Tensor), [Number.NaN]);
});
