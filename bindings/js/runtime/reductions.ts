/** Sums and other reductions over axes. */

import { ndarray } from '../core/array-like.js';
import { asDType, type DTypeLike, int32, int64 } from '../core/dtype.js';
import { apply, composite, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { rank } from './array-ops.js';
import { Tensor } from './graph.js';
import { constant } from './ops.js';
import { Variable } from './variable.js';

/** Options of the reductions. */
export interface ReductionOptions extends NameOption {
  /** Which dimensions to reduce: one, a list, or by default all of them. */
  readonly axis?: TensorLike | null | undefined;
  /** Whether they stay, with size 1. */
  readonly keepdims?: boolean | undefined;
}

/** An axis, a list of axes, or the options. */
export type AxisOrOptions = TensorLike | ReductionOptions | null | undefined;

function isOptions(value: AxisOrOptions): value is ReductionOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    ('axis' in value || 'keepdims' in value || 'name' in value) &&
    !(value instanceof Tensor) &&
    !(value instanceof Variable)
  );
}

// _ReductionDims, tensorflow/python/ops/math_ops.py.
function axesOf(input: TensorLike, axis: TensorLike | null | undefined): TensorLike {
  if (axis !== null && axis !== undefined) return axis;
  const shape =
    input instanceof Tensor || input instanceof Variable ? input.shape : ndarray(input).shape;
  if (shape === undefined) {
    return composite([input], {}, 'range', (name) =>
      apply(
        'Range',
        [constant(0, { name: 'start' }), rank(input), constant(1, { name: 'delta' })],
        { name },
      ),
    );
  }
  return constant(ndarray(Array.from(shape.keys()), [shape.length], int32));
}

function reduce(
  op: string,
  input: TensorLike,
  axisOrOptions: AxisOrOptions,
  options: ReductionOptions | undefined,
): Tensor {
  const given = isOptions(axisOrOptions) ? axisOrOptions : { axis: axisOrOptions, ...options };
  const axes =
    input instanceof Tensor || input instanceof Variable
      ? input.graph.asDefault(() => axesOf(input, given.axis))
      : axesOf(input, given.axis);
  return apply(op, [input, axes], { name: given.name }, { keep_dims: given.keepdims ?? false });
}

/** The sum over `axis`, by default over everything: `tf.reduceSum(x)`, `tf.reduceSum(x, 1, { keepdims: true })`. */
export function reduceSum(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Sum', input, axis, options);
}

/** The mean; of nothing NaN. */
export function reduceMean(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Mean', input, axis, options);
}

export function reduceProd(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Prod', input, axis, options);
}

export function reduceMax(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Max', input, axis, options);
}

export function reduceMin(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Min', input, axis, options);
}

/** Whether all are true. */
export function reduceAll(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('All', input, axis, options);
}

/** Whether any is true. */
export function reduceAny(
  input: TensorLike,
  axis?: AxisOrOptions,
  options?: ReductionOptions,
): Tensor {
  return reduce('Any', input, axis, options);
}

/** Options of {@link argMax} and {@link argMin}. */
export interface ArgOptions extends NameOption {
  /** int64 (the default) or int32. */
  readonly outputType?: DTypeLike | undefined;
}

/** The place of the largest element along `axis`, the first of several. */
export function argMax(
  input: TensorLike,
  axis: TensorLike = 0,
  { name, outputType = int64 }: ArgOptions = {},
): Tensor {
  return apply('ArgMax', [input, axis], { name }, { output_type: asDType(outputType) });
}

/** The place of the smallest element along `axis`, the first of several. */
export function argMin(
  input: TensorLike,
  axis: TensorLike = 0,
  { name, outputType = int64 }: ArgOptions = {},
): Tensor {
  return apply('ArgMin', [input, axis], { name }, { output_type: asDType(outputType) });
}

export { argMax as argmax, argMin as argmin };

/** Options of {@link cumsum} and {@link cumprod}. */
export interface CumulativeOptions extends NameOption {
  /** Whether an element's own value is left out. */
  readonly exclusive?: boolean | undefined;
  /** Whether to begin at the end. */
  readonly reverse?: boolean | undefined;
}

/** The sums of all elements up to each along `axis`. */
export function cumsum(
  x: TensorLike,
  axis: TensorLike = 0,
  { name, exclusive = false, reverse = false }: CumulativeOptions = {},
): Tensor {
  return apply('Cumsum', [x, axis], { name }, { exclusive, reverse });
}

/** The products of all elements up to each along `axis`. */
export function cumprod(
  x: TensorLike,
  axis: TensorLike = 0,
  { name, exclusive = false, reverse = false }: CumulativeOptions = {},
): Tensor {
  return apply('Cumprod', [x, axis], { name }, { exclusive, reverse });
}
