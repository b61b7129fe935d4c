/** `tf.nn`: convolutions and pooling. */

import { ValueError } from '../core/errors.js';
import { type Attrs, apply, composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import type { Tensor } from './graph.js';

/** How a window is placed at the edges: `'VALID'`: never over them; `'SAME'`: as often as the stride fits. */
export type Padding = 'SAME' | 'VALID';

/** Options of the convolutions. */
export interface ConvOptions extends NameOption {
  /** The channels are last: `'NHWC'`, which is the only one that runs. */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Distances between the elements of a filter, one for each dimension. */
  readonly dilations?: readonly number[] | undefined;
}

/** One, two or four strides as four. */
function four(values: number | readonly number[], what: string): readonly number[] {
  const list = typeof values === 'number' ? [values, values] : values;
  if (list.length === 1) return [1, list[0]!, list[0]!, 1];
  if (list.length === 2) return [1, list[0]!, list[1]!, 1];
  if (list.length === 4) return list;
  throw new ValueError(`${what} should be of length 1, 2 or 4 but was ${list.length}`);
}

function convAttrs(
  strides: number | readonly number[],
  padding: Padding,
  { dataFormat, dilations }: ConvOptions,
): Attrs {
  return {
    strides: four(strides, 'strides'),
    padding,
    data_format: dataFormat,
    dilations: dilations === undefined ? undefined : four(dilations, 'dilations'),
  };
}

/**
 * The cross-correlation of images [batch, rows, columns, channels] with filters [rows, columns, channels, filters].
 * @throws {ValueError} `Dimensions must be equal, but are 3 and 1 for 'Conv2D' (op: 'Conv2D') ...`
 */
export function conv2d(
  input: TensorLike,
  filter: TensorLike,
  strides: number | readonly number[],
  padding: Padding,
  options: ConvOptions = {},
): Tensor {
  return apply('Conv2D', [input, filter], options, convAttrs(strides, padding, options));
}

/** The gradient of {@link conv2d} by its images, as an operation of its own ("deconvolution"). */
export function conv2dTranspose(
  value: TensorLike,
  filter: TensorLike,
  outputShape: TensorLike,
  strides: number | readonly number[],
  padding: Padding = 'SAME',
  options: ConvOptions = {},
): Tensor {
  return composite([value, filter], options, 'conv2d_transpose', (name) => {
    const y = convert(value, 'value');
    const f = convert(filter, 'filter');
    const channels = y.shape?.[3];
    const expected = f.shape?.[3];
    if (typeof channels === 'number' && typeof expected === 'number' && channels !== expected) {
      throw new ValueError(
        `input channels does not match filter's input channels, ${channels} != ${expected}`,
      );
    }
    const sizes = convert(outputShape, 'output_shape');
    return apply(
      'Conv2DBackpropInput',
      [sizes, f, y],
      { name },
      convAttrs(strides, padding, options),
    );
  });
}

/** Each channel with filters of its own: [rows, columns, channels, multiplier]. */
export function depthwiseConv2d(
  input: TensorLike,
  filter: TensorLike,
  strides: number | readonly number[],
  padding: Padding,
  options: ConvOptions = {},
): Tensor {
  return composite([input, filter], options, 'depthwise', (name) =>
    apply(
      'DepthwiseConv2dNative',
      [convert(input, 'tensor_in'), convert(filter, 'filter_in')],
      { name },
      convAttrs(strides, padding, options),
    ),
  );
}

/** Options of the pooling operations. */
export interface PoolOptions extends NameOption {
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
}

function pool(
  op: string,
  value: TensorLike,
  ksize: number | readonly number[],
  strides: number | readonly number[],
  padding: Padding,
  options: PoolOptions,
): Tensor {
  return composite([value], options, op, (name) =>
    apply(
      op,
      [convert(value, op === 'MaxPool' ? 'input' : 'value')],
      { name },
      {
        ksize: four(ksize, 'ksize'),
        strides: four(strides, 'strides'),
        padding,
        data_format: options.dataFormat,
      },
    ),
  );
}

/** The largest element of each window of images [batch, rows, columns, channels]. */
export function maxPool(
  value: TensorLike,
  ksize: number | readonly number[],
  strides: number | readonly number[],
  padding: Padding,
  options: PoolOptions = {},
): Tensor {
  return pool('MaxPool', value, ksize, strides, padding, options);
}

/** The mean of each window. */
export function avgPool(
  value: TensorLike,
  ksize: number | readonly number[],
  strides: number | readonly number[],
  padding: Padding,
  options: PoolOptions = {},
): Tensor {
  return pool('AvgPool', value, ksize, strides, padding, options);
}
