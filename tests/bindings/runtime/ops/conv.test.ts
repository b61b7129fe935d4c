// Convolutions and pooling against loops over every element, and tf.layers.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';
import { type OpCase, testOps } from './check.js';
import { at, fromIndex, type Nd, numbers, sum } from './nd.js';

before(() => tf.ready());

interface Window {
  readonly padding: 'SAME' | 'VALID';
  readonly stride: number;
  readonly dilation?: number;
}

/** Where a window lies along one axis: how often, and the first place of each. */
function placed(size: number, extent: number, { padding, stride, dilation = 1 }: Window) {
  const span = (extent - 1) * dilation + 1;
  const count = Math.ceil((padding === 'SAME' ? size : size - span + 1) / stride);
  const around = padding === 'SAME' ? Math.max((count - 1) * stride + span - size, 0) : 0;
  return { count, first: (i: number) => i * stride - Math.floor(around / 2) };
}

/** The elements that filter or window `[height, width]` meets at `[row, column]`; outside of the image: undefined. */
function met(x: Nd, height: number, width: number, window: Window) {
  const rows = placed(x.shape[1]!, height, window);
  const columns = placed(x.shape[2]!, width, window);
  const { dilation = 1 } = window;
  const element = (n: number, i: number, j: number, k: number, l: number, c: number) => {
    const row = rows.first(i) + k * dilation;
    const column = columns.first(j) + l * dilation;
    const inside = row >= 0 && row < x.shape[1]! && column >= 0 && column < x.shape[2]!;
    return inside ? at(x, [n, row, column, c]) : undefined;
  };
  return { rows: rows.count, columns: columns.count, element };
}

const grid = (height: number, width: number) =>
  Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width] as const);

function convolved(x: Nd, f: Nd, window: Window): Nd {
  const [height, width, channels, filters] = f.shape as [number, number, number, number];
  const { rows, columns, element } = met(x, height, width, window);
  return fromIndex([x.shape[0]!, rows, columns, filters], ([n, i, j, o]) =>
    sum(
      grid(height, width).flatMap(([k, l]) =>
        Array.from(
          { length: channels },
          (_, c) => (element(n!, i!, j!, k, l, c) ?? 0) * at(f, [k, l, c, o!]),
        ),
      ),
    ),
  );
}

function depthwise(x: Nd, f: Nd, window: Window): Nd {
  const [height, width, channels, multiplier] = f.shape as [number, number, number, number];
  const { rows, columns, element } = met(x, height, width, window);
  return fromIndex([x.shape[0]!, rows, columns, channels * multiplier], ([n, i, j, o]) => {
    const c = Math.floor(o! / multiplier);
    return sum(
      grid(height, width).map(
        ([k, l]) => (element(n!, i!, j!, k, l, c) ?? 0) * at(f, [k, l, c, o! % multiplier]),
      ),
    );
  });
}

function pooled(x: Nd, height: number, width: number, window: Window, f: (v: number[]) => number) {
  const { rows, columns, element } = met(x, height, width, window);
  return fromIndex([x.shape[0]!, rows, columns, x.shape[3]!], ([n, i, j, c]) =>
    f(
      grid(height, width)
        .map(([k, l]) => element(n!, i!, j!, k, l, c!))
        .filter((value) => value !== undefined),
    ),
  );
}

/** The image whose convolution's derivative `y` is: every element of y times the filter, added where it lay. */
function spread(y: Nd, f: Nd, shape: readonly number[], window: Window): Nd {
  const [height, width, channels, filters] = f.shape as [number, number, number, number];
  const rows = placed(shape[1]!, height, window);
  const columns = placed(shape[2]!, width, window);
  const data = new Array<number>(shape.reduce((n, dim) => n * dim, 1)).fill(0);
  fromIndex(y.shape, ([n, i, j, o]) => {
    for (const [k, l] of grid(height, width)) {
      const [row, column] = [rows.first(i!) + k, columns.first(j!) + l];
      if (row < 0 || row >= shape[1]! || column < 0 || column >= shape[2]!) continue;
      for (let c = 0; c < channels; ++c) {
        const flat = ((n! * shape[1]! + row) * shape[2]! + column) * channels + c;
        data[flat]! += at(y, [n!, i!, j!, o!]) * at(f, [k, l, c, o!]);
      }
    }
    return filters;
  });
  return { shape, data };
}

const image = numbers([2, 5, 4, 2], -1, 1, 1);
const WINDOWS: readonly Window[] = (['SAME', 'VALID'] as const).flatMap((padding) =>
  [1, 2].map((stride) => ({ padding, stride })),
);
const text = ({ padding, stride, dilation }: Window) =>
  `${padding}, stride ${stride}${dilation === undefined ? '' : `, dilation ${dilation}`}`;

testOps([
  ...[...WINDOWS, { padding: 'SAME', stride: 1, dilation: 2 } as const].map(
    (window): OpCase => ({
      name: `tf.nn.conv2d, ${text(window)}`,
      inputs: [image, numbers([3, 2, 2, 3], -1, 1, 2)],
      build: (x, f) =>
        tf.nn.conv2d(x!, f!, window.stride, window.padding, {
          dilations: [1, window.dilation ?? 1, window.dilation ?? 1, 1],
        }),
      expected: (x, f) => convolved(x!, f!, window),
      ...(window.dilation === undefined ? {} : { gradients: [false, false] }),
    }),
  ),
  ...WINDOWS.map(
    (window): OpCase => ({
      name: `tf.nn.depthwiseConv2d, ${text(window)}`,
      inputs: [image, numbers([3, 2, 2, 2], -1, 1, 3)],
      build: (x, f) =>
        tf.nn.depthwiseConv2d(x!, f!, [1, window.stride, window.stride, 1], window.padding),
      expected: (x, f) => depthwise(x!, f!, window),
    }),
  ),
  ...WINDOWS.map((window): OpCase => {
    const small = convolved(image, numbers([3, 2, 2, 3]), window).shape;
    return {
      name: `tf.nn.conv2dTranspose, ${text(window)}`,
      inputs: [numbers(small, -1, 1, 4), numbers([3, 2, 2, 3], -1, 1, 5)],
      build: (y, f) => tf.nn.conv2dTranspose(y!, f!, [2, 5, 4, 2], window.stride, window.padding),
      expected: (y, f) => spread(y!, f!, [2, 5, 4, 2], window),
    };
  }),
  ...WINDOWS.flatMap((window): OpCase[] => [
    {
      name: `tf.nn.maxPool, ${text(window)}`,
      inputs: [image],
      build: (x) => tf.nn.maxPool(x!, [1, 2, 3, 1], window.stride, window.padding),
      expected: (x) => pooled(x!, 2, 3, window, (values) => Math.max(...values)),
    },
    {
      name: `tf.nn.avgPool, ${text(window)}`,
      inputs: [image],
      build: (x) => tf.nn.avgPool(x!, [2, 3], window.stride, window.padding),
      expected: (x) => pooled(x!, 2, 3, window, (values) => sum(values) / values.length),
    },
  ]),
]);

beforeEach(() => tf.resetDefaultGraph());

const names = (variables: readonly tf.Variable[]) => variables.map(({ op }) => op.name);
const numbersOf = (shape: readonly number[], seed: number) =>
  tf.ndarray([...numbers(shape, -1, 1, seed).data], shape, 'float32');

function near(found: tf.NDArray, expected: Nd): void {
  assert.deepEqual(found.shape, expected.shape);
  (found.data as Float32Array).forEach((value, i) => {
    assert.ok(Math.abs(value - expected.data[i]!) < 1e-5, `${i}: ${value}`);
  });
}

test('tf.layers.conv2d: names, shapes and values', () => {
  const x = tf.placeholder('float32', [null, 5, 4, 2]);
  const first = tf.layers.conv2d(x, 3, [3, 2], { strides: [1, 1], activation: tf.nn.relu });
  const second = tf.layers.conv2d(first, 4, 2, { padding: 'same', strides: 2, useBias: false });
  tf.layers.conv2d(x, 3, 1, { name: 'own', kernelInitializer: tf.onesInitializer() });
  assert.deepEqual(names(tf.globalVariables()), [
    'conv2d/kernel',
    'conv2d/bias',
    'conv2d_1/kernel',
    'own/kernel',
    'own/bias',
  ]);
  assert.deepEqual(names(tf.trainableVariables()), names(tf.globalVariables()));
  const [kernel, bias, other] = tf.globalVariables() as [tf.Variable, tf.Variable, tf.Variable];
  assert.deepEqual([kernel.shape, bias.shape, other.shape], [[3, 2, 2, 3], [3], [2, 2, 3, 4]]);
  assert.deepEqual(
    [first.shape, second.shape],
    [
      [null, 3, 3, 3],
      [null, 2, 2, 4],
    ],
  );
  assert.deepEqual(
    [first.op.name, first.op.inputNames, second.op.name],
    ['conv2d/Relu', ['conv2d/BiasAdd'], 'conv2d_1/Conv2D'],
  );
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  assert.deepEqual(sess.run(bias).tolist(), [0, 0, 0]);
  const limit = Math.sqrt(6 / (3 * 2 * 2 + 3 * 2 * 3));
  const drawn = sess.run(kernel).data as Float32Array;
  assert.ok(drawn.every((value) => Math.abs(value) <= limit && value !== 0));
  const [f, b, g] = [
    numbers([3, 2, 2, 3], -1, 1, 7),
    numbers([3], -1, 1, 8),
    numbers([2, 2, 3, 4], -1, 1, 9),
  ];
  kernel.load(numbersOf(f.shape, 7), sess);
  bias.load(numbersOf(b.shape, 8), sess);
  other.load(numbersOf(g.shape, 9), sess);
  const [one, two] = sess.run([first, second], [[x, numbersOf([2, 5, 4, 2], 1)]]) as [
    tf.NDArray,
    tf.NDArray,
  ];
  const plain = convolved(image, f, { padding: 'VALID', stride: 1 });
  const hidden = fromIndex(plain.shape, (index) =>
    Math.max(0, at(plain, index) + b.data[index[3]!]!),
  );
  near(one, hidden);
  near(two, convolved(hidden, g, { padding: 'SAME', stride: 2 }));
});

test('tf.layers.conv2d takes the weights of a layer again, and refuses what are no images', () => {
  const x = tf.placeholder('float32', [null, 4, 4, 1]);
  const a = tf.layers.conv2d(x, 2, 3, { name: 'c' });
  const b = tf.layers.conv2d(x, 2, 3, { name: 'c', reuse: true });
  assert.deepEqual(names(tf.globalVariables()), ['c/kernel', 'c/bias']);
  const feeds: tf.Feeds = [[x, numbersOf([1, 4, 4, 1], 2)]];
  using sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  assert.deepEqual(sess.run(a, feeds), sess.run(b, feeds));
  assert.throws(() => tf.layers.conv2d(x, 2, 3, { name: 'c' }), {
    name: 'ValueError',
    message:
      /^Variable c\/kernel already exists, disallowed\. Did you mean to set reuse=True or reuse=tf\.AUTO_REUSE/,
  });
  assert.throws(() => tf.layers.conv2d(tf.placeholder('float32', [null, 784]), 2, 3), {
    name: 'ValueError',
    message:
      'Input 0 of layer conv2d is incompatible with the layer: expected ndim=4, found ndim=2. Full shape received: ' +
      '[None, 784]',
  });
  assert.throws(() => tf.layers.conv2d(tf.placeholder('float32', [null, 4, 4, null]), 2, 3), {
    name: 'ValueError',
    message: /channel dimension of the inputs should be defined\. Found `None`\./,
  });
});

test('tf.layers.dense and tf.layers.flatten: names, shapes and values', () => {
  const x = tf.placeholder('float64', [null, 2, 3]);
  const flat = tf.layers.flatten(x);
  assert.deepEqual([flat.op.name, flat.shape], ['flatten/Reshape', [null, 6]]);
  const y = tf.layers.dense(flat, 2, { activation: tf.nn.tanh });
  const rows = tf.layers.dense(x, 4, { useBias: false });
  assert.deepEqual(names(tf.globalVariables()), ['dense/kernel', 'dense/bias', 'dense_1/kernel']);
  const [kernel, bias, other] = tf.globalVariables() as [tf.Variable, tf.Variable, tf.Variable];
  assert.deepEqual(
    [kernel, bias, other].map(({ shape, dtype }) => [shape, dtype.name]),
    [
      [[6, 2], 'float64'],
      [[2], 'float64'],
      [[3, 4], 'float64'],
    ],
  );
  assert.deepEqual([y.shape, rows.shape, y.op.name], [[null, 2], [null, 2, 4], 'dense/Tanh']);
  using sess = new tf.Session();
  const load = (variable: tf.Variable, { shape, data }: Nd) =>
    variable.load(tf.ndarray([...data], shape, 'float64'), sess);
  const [w, b, v, input] = [numbers([6, 2]), numbers([2]), numbers([3, 4]), numbers([5, 2, 3])];
  load(kernel, w);
  load(bias, b);
  load(other, v);
  const found = sess.run([y, rows], [[x, tf.ndarray([...input.data], [5, 2, 3], 'float64')]]);
  near(
    found[0]!,
    fromIndex([5, 2], ([i, j]) =>
      Math.tanh(
        sum(Array.from({ length: 6 }, (_, k) => input.data[6 * i! + k]! * at(w, [k, j!]))) +
          b.data[j!]!,
      ),
    ),
  );
  near(
    found[1]!,
    fromIndex([5, 2, 4], ([i, r, j]) =>
      sum(Array.from({ length: 3 }, (_, k) => at(input, [i!, r!, k]) * at(v, [k, j!]))),
    ),
  );
  assert.throws(() => tf.layers.dense(tf.placeholder('float32', [3, null]), 2), {
    name: 'ValueError',
    message: 'The last dimension of the inputs to `Dense` should be defined. Found `None`.',
  });
});

test('regularizers of layers are losses', () => {
  const x = tf.placeholder('float32', [null, 4, 4, 1]);
  const weight = (variable: tf.Variable) => tf.nn.l2Loss(variable);
  tf.layers.conv2d(x, 2, 3, { kernelRegularizer: weight, trainable: false });
  tf.layers.dense(tf.layers.flatten(x), 2, { biasRegularizer: weight });
  assert.deepEqual(
    (tf.getCollection(tf.GraphKeys.REGULARIZATION_LOSSES) as tf.Tensor[]).map(({ name }) => name),
    ['conv2d/kernel/Regularizer/L2Loss:0', 'dense/bias/Regularizer/L2Loss:0'],
  );
  assert.deepEqual(names(tf.trainableVariables()), ['dense/kernel', 'dense/bias']);
});
