/** Shapes, and what fills, takes apart and puts together tensors. */

import { ndarray } from '../core/array-like.js';
import { asDType, type DType, type DTypeLike, float32, int32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, applyAll, composite, convert, type NameOption } from './apply.js';
import { graphOf, type TensorLike } from './arguments.js';
import { Tensor, withGraph } from './graph.js';
import { constant, identity } from './ops.js';
import { Variable } from './variable.js';

/** Options of what gives a shape. */
export interface ShapeOptions extends NameOption {
  /** int32 (the default) or int64. */
  readonly outType?: DTypeLike | undefined;
}

/** The shape, if the graph knows all of it. */
function known(shape: readonly (number | null)[] | undefined): readonly number[] | undefined {
  return shape?.every((dim) => dim !== null) ? (shape as readonly number[]) : undefined;
}

const product = (dims: readonly number[]) => dims.reduce((size, dim) => size * dim, 1);

/** An integer array as a Const. */
function integers(values: number | readonly number[], name: string, dtype: DType = int32): Tensor {
  return constant(ndarray(values as number[], undefined, dtype), { name });
}

/** The shape of `input`, a constant where the graph knows it. */
export function shape(input: TensorLike, options: ShapeOptions = {}): Tensor {
  const outType = asDType(options.outType ?? int32);
  return composite([input], options, 'Shape', (name) => {
    const tensor = convert(input, 'input');
    const dims = known(tensor.shape);
    return dims === undefined
      ? apply('Shape', [tensor], { name }, { out_type: outType })
      : constant(ndarray([...dims], [dims.length], outType), { name });
  });
}

/** The number of elements. */
export function size(input: TensorLike, options: ShapeOptions = {}): Tensor {
  const outType = asDType(options.outType ?? int32);
  return composite([input], options, 'Size', (name) => {
    const tensor = convert(input, 'input');
    const dims = known(tensor.shape);
    return dims === undefined
      ? apply('Size', [tensor], { name }, { out_type: outType })
      : integers(product(dims), name, outType);
  });
}

/** The number of dimensions. */
export function rank(input: TensorLike, options: NameOption = {}): Tensor {
  return composite([input], options, 'Rank', (name) => {
    const tensor = convert(input, 'input');
    return tensor.shape === undefined
      ? apply('Rank', [tensor], { name })
      : integers(tensor.shape.length, name);
  });
}

/** The same elements under another shape; one dimension may be -1: what is left over. */
export function reshape(tensor: TensorLike, shape: TensorLike, options?: NameOption): Tensor {
  return apply('Reshape', [tensor, shape], options);
}

/** With a dimension of 1 before dimension `axis`. */
export function expandDims(input: TensorLike, axis: TensorLike, options?: NameOption): Tensor {
  return apply('ExpandDims', [input, axis], options);
}

/** Without the dimensions of 1: all of them, or those in `axis`. */
export function squeeze(
  input: TensorLike,
  axis?: number | readonly number[],
  options?: NameOption,
): Tensor {
  const axes = axis === undefined ? [] : typeof axis === 'number' ? [axis] : axis;
  return apply('Squeeze', [input], options, { squeeze_dims: axes });
}

/** Dimension `i` of the result is dimension `perm[i]` of `a`; by default in reverse order. */
export function transpose(
  a: TensorLike,
  perm?: TensorLike | null,
  options: NameOption = {},
): Tensor {
  return composite([a], options, 'transpose', (name) => {
    if (perm !== undefined && perm !== null) return apply('Transpose', [a, perm], { name });
    const tensor = convert(a, 'a');
    if (tensor.shape !== undefined) {
      const axes = Array.from(tensor.shape.keys()).reverse();
      return apply('Transpose', [tensor, ndarray(axes, [axes.length], int32)], { name });
    }
    const dims = apply('Rank', [tensor]);
    const ascending = apply('Range', [0, dims, 1]);
    return apply('Transpose', [tensor, dims.sub(1).sub(ascending)], { name });
  });
}

/** The tensors behind one another along `axis`. */
export function concat(
  values: readonly TensorLike[],
  axis: TensorLike,
  options: NameOption = {},
): Tensor {
  if (values.length === 1) {
    return composite(values, options, 'concat', (name) => {
      convert(axis, 'concat_dim', int32);
      return identity(values[0]!, { name });
    });
  }
  return apply('ConcatV2', [{ list: values }, axis], { name: options.name ?? 'concat' });
}

/** Tensors of one shape as the parts of a new dimension `axis`. */
export function stack(values: readonly TensorLike[], axis = 0, options: NameOption = {}): Tensor {
  return apply('Pack', [{ list: values }], { name: options.name ?? 'stack' }, { axis });
}

/** The parts of dimension `axis`, `num` of them (which the shape tells, if it is known). */
export function unstack(
  value: TensorLike,
  num?: number | null,
  axis = 0,
  options: NameOption = {},
): readonly Tensor[] {
  const tensor = convert(value, 'value');
  const dims = tensor.shape;
  const count = num ?? dims?.[axis < 0 ? axis + dims.length : axis];
  if (count === null || count === undefined) {
    throw new ValueError(`Cannot infer num from shape ${dims === undefined ? '<unknown>' : dims}`);
  }
  return applyAll('Unpack', [tensor], { name: options.name ?? 'unstack' }, { num: count, axis });
}

/** `value` in that many equal parts along `axis`, or in parts of those sizes. */
export function split(
  value: TensorLike,
  numOrSizeSplits: number | readonly number[] | Tensor,
  axis: TensorLike = 0,
  options: NameOption & { readonly num?: number | undefined } = {},
): readonly Tensor[] {
  const named = { name: options.name ?? 'split' };
  return withGraph(graphOf([value]), () => {
    const sizes = convert(numOrSizeSplits as TensorLike);
    if (typeof numOrSizeSplits === 'number') {
      return applyAll('Split', [axis, value], named, { num_split: numOrSizeSplits });
    }
    if (sizes.shape?.length === 0) {
      throw new ValueError(
        'Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument ' +
          `provided: ${sizes}`,
      );
    }
    const num = options.num ?? sizes.shape?.[0];
    if (num === null || num === undefined) {
      throw new ValueError(`Cannot infer num from shape ${sizes}`);
    }
    return applyAll('SplitV', [value, sizes, axis], named, { num_split: num });
  });
}

/** `size[i]` elements of each dimension `i` from `begin[i]` on; -1: all that follow. */
export function slice(
  input: TensorLike,
  begin: TensorLike,
  size: TensorLike,
  options?: NameOption,
): Tensor {
  return apply('Slice', [input, begin, size], options);
}

/** Options of {@link stridedSlice}: bit `i` of a mask is about item `i` of the specification. */
export interface StridedSliceOptions extends NameOption {
  readonly beginMask?: number | undefined;
  readonly endMask?: number | undefined;
  readonly ellipsisMask?: number | undefined;
  readonly newAxisMask?: number | undefined;
  readonly shrinkAxisMask?: number | undefined;
}

/** Python's `input[begin:end:strides]`. */
export function stridedSlice(
  input: TensorLike,
  begin: TensorLike,
  end: TensorLike,
  strides?: TensorLike,
  options: StridedSliceOptions = {},
): Tensor {
  const first = convert(begin, 'begin');
  return apply('StridedSlice', [input, first, end, strides ?? onesLike(first)], options, {
    begin_mask: options.beginMask,
    end_mask: options.endMask,
    ellipsis_mask: options.ellipsisMask,
    new_axis_mask: options.newAxisMask,
    shrink_axis_mask: options.shrinkAxisMask,
  });
}

/** With `paddings[i]` = [before, after] elements of `constantValues` around dimension `i`. */
export function pad(
  tensor: TensorLike,
  paddings: TensorLike,
  options: NameOption & { readonly constantValues?: TensorLike | undefined } = {},
): Tensor {
  const { constantValues = 0 } = options;
  return constantValues === 0
    ? apply('Pad', [tensor, paddings], options)
    : apply('PadV2', [tensor, paddings, constantValues], options);
}

/** `multiples[i]` copies along each dimension `i`. */
export function tile(input: TensorLike, multiples: TensorLike, options?: NameOption): Tensor {
  return apply('Tile', [input, multiples], options);
}

/** `input` repeated along its dimensions of 1, as numpy broadcasts it. */
export function broadcastTo(input: TensorLike, shape: TensorLike, options?: NameOption): Tensor {
  return apply('BroadcastTo', [input, shape], options);
}

/** The parts of dimension `axis` that `indices` say. */
export function gather(
  params: TensorLike,
  indices: TensorLike,
  options: NameOption & { readonly axis?: TensorLike | undefined } = {},
): Tensor {
  return apply('GatherV2', [params, indices, options.axis ?? 0], options);
}

/**
 * `x` where `condition` is true, else `y`; with `condition` alone, the places where it is true.
 * @throws {ValueError} `x and y must both be non-None or both be None.`
 */
export function where(
  condition: TensorLike,
  x?: TensorLike,
  y?: TensorLike,
  options?: NameOption,
): Tensor {
  if (x === undefined && y === undefined) return apply('Where', [condition], options);
  if (x === undefined || y === undefined) {
    throw new ValueError('x and y must both be non-None or both be None.');
  }
  return apply('Select', [condition, x, y], options);
}

/** Options of {@link oneHot}. */
export interface OneHotOptions extends NameOption {
  /** Default 1. */
  readonly onValue?: TensorLike | undefined;
  /** Default 0. */
  readonly offValue?: TensorLike | undefined;
  /** Where the new dimension goes; -1 (the default): last. */
  readonly axis?: number | undefined;
  /** Default float32. */
  readonly dtype?: DTypeLike | undefined;
}

/** For each index a vector of `depth` elements: `onValue` at its place, else `offValue`. */
export function oneHot(
  indices: TensorLike,
  depth: TensorLike,
  options: OneHotOptions = {},
): Tensor {
  return composite([indices], options, 'one_hot', (name) => {
    const given = [options.onValue, options.offValue].find((value) => value instanceof Tensor);
    const dtype = options.dtype ?? (given as Tensor | undefined)?.dtype ?? float32;
    const on = convert(options.onValue ?? 1, 'on_value', dtype);
    const off = convert(options.offValue ?? 0, 'off_value', dtype);
    return apply('OneHot', [indices, depth, on, off], { name }, { axis: options.axis ?? -1 });
  });
}

/** Options of what fills a shape. */
export interface FillOptions extends NameOption {
  readonly dtype?: DTypeLike | undefined;
}

// tf.zeros and tf.ones make a Const of up to 999 elements, and else a Fill.
function filled(
  dims: TensorLike,
  value: 0 | 1,
  fallback: string,
  { name, dtype = float32 }: FillOptions,
): Tensor {
  return composite([dims], { name }, fallback, (scope) => {
    const type = asDType(dtype);
    const zero = type.name === 'bool' ? value === 1 : type.name === 'string' ? '' : value;
    const isTensor = dims instanceof Tensor || dims instanceof Variable;
    const list = isTensor ? undefined : (ndarray(dims).tolist() as number | number[]);
    const shape = typeof list === 'number' ? [list] : list;
    if (shape !== undefined && product(shape) < 1000) {
      return constant(zero, { dtype: type, shape, name: scope });
    }
    const vector = isTensor ? reshape(dims, [-1]) : integers(shape!, 'shape');
    return apply('Fill', [vector, constant(zero, { dtype: type })], { name: scope });
  });
}

export function zeros(shape: TensorLike, options: FillOptions = {}): Tensor {
  return filled(shape, 0, 'zeros', options);
}

export function ones(shape: TensorLike, options: FillOptions = {}): Tensor {
  return filled(shape, 1, 'ones', options);
}

function like(
  tensor: TensorLike,
  options: FillOptions,
  fallback: string,
  make: (shape: TensorLike, options: FillOptions) => Tensor,
  op?: string,
): Tensor {
  return composite([tensor], options, fallback, (name) => {
    const of = convert(tensor, 'tensor');
    const dtype = asDType(options.dtype ?? of.dtype);
    const dims = known(of.shape);
    if (dims !== undefined && op !== undefined) {
      return make(ndarray([...dims], [dims.length], int32), { name, dtype });
    }
    if (op !== undefined && dtype.asDatatypeEnum === of.dtype.asDatatypeEnum) {
      return apply(op, [of], { name });
    }
    const result = make(shape(of), { name, dtype });
    if (of.shape !== undefined) result.setShape(of.shape);
    return result;
  });
}

/** Zeros of the shape (and, by default, dtype) of `tensor`. */
export function zerosLike(tensor: TensorLike, options: FillOptions = {}): Tensor {
  return like(tensor, options, 'zeros_like', zeros, 'ZerosLike');
}

/** Ones of the shape (and, by default, dtype) of `tensor`. */
export function onesLike(tensor: TensorLike, options: FillOptions = {}): Tensor {
  return like(tensor, options, 'ones_like', ones);
}

/** A tensor of shape `dims` in which every element is `value`. */
export function fill(dims: TensorLike, value: TensorLike, options?: NameOption): Tensor {
  return apply('Fill', [dims, value], options);
}

/** The tensor; nothing flows back through it: `tf.stop_gradient`. */
export function stopGradient(input: TensorLike, options?: NameOption): Tensor {
  return apply('StopGradient', [input], options);
}
