/// Everything that takes an array also takes nested lists and typed arrays: how those become an NDArray.

import * as dtypes from './dtype.js';
import {
  asDType,
  bool,
  type DType,
  type DTypeLike,
  float32,
  int32,
  int64,
  isTypedArray,
  string,
  type TypedArray,
} from './dtype.js';
import { ValueError } from './errors.js';
import { NDArray } from './ndarray.js';
import { bytesRepr, Complex, floatRepr } from './python-repr.js';

/** One value of an {@link ArrayLike}. Strings are stored as UTF-8. */
export type ScalarLike = number | bigint | boolean | string | Complex | Uint8Array;

/** What is accepted where an array is expected. */
export type NDArrayLike =
  | NDArray
  | TypedArray
  | Uint8ClampedArray
  | ScalarLike
  | readonly NDArrayLike[];

/**
 * An NDArray of `values`, which may be an NDArray, a typed array, a single value or nested lists of them.
 *
 * Without `dtype` it is inferred as Python does: whole numbers give int32 (int64 when one does not fit), numbers
 * with a fraction float32, bigints int64, booleans bool, strings string; a typed array keeps its own type. In
 * JavaScript `1.0` is the whole number 1: pass `'float32'` when floats are meant.
 *
 * @example
 * tf.ndarray([[1, 2], [3, 4]], undefined, 'float32');
 * tf.ndarray(new Float32Array(6), [2, 3]);
 *
 * @throws {ValueError} for ragged lists, and when `shape` has another number of elements.
 * @throws {TypeError} when a value does not fit the dtype: `Expected int32, got 1.5 of type 'float' instead.`
 */
export function ndarray(
  values: NDArrayLike,
  shape?: readonly number[],
  dtype?: DTypeLike,
): NDArray {
  const wanted = dtype === undefined ? undefined : asDType(dtype);
  const array = convert(values, wanted);
  if (shape === undefined) return array;
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size !== array.size) {
    throw new ValueError(
      `cannot reshape array of size ${array.size} into shape (${shape.join(',')}${shape.length === 1 ? ',' : ''})`,
    );
  }
  return new NDArray(array.dtype, shape, array.data);
}

function convert(values: NDArrayLike, wanted: DType | undefined): NDArray {
  if (values instanceof NDArray && (wanted === undefined || wanted === values.dtype)) return values;
  if (isTypedArray(values) && !(values instanceof Uint8Array && wanted === string)) {
    const array = fromTypedArray(values);
    if (wanted === undefined || wanted === array.dtype) return array;
    return fill(Array.from<number | bigint>(values), array.shape, wanted);
  }
  const shape: number[] = [];
  const flat: ScalarLike[] = [];
  if (!flatten(values, 0, shape, flat, wanted === string)) {
    throw new ValueError(
      `Argument must be a dense tensor: ${listRepr(values)} - got shape [${shape.join(', ')}], but wanted [${firstDims(values).join(', ')}].`,
    );
  }
  const dtype = wanted ?? inferred(values, flat);
  return fill(flat, shape, dtype);
}

function fromTypedArray(values: TypedArray | Uint8ClampedArray): NDArray {
  if (values instanceof Uint8ClampedArray) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
    return new NDArray(dtypes.uint8, [values.length], bytes);
  }
  return new NDArray(dtypeOf(values), [values.length], values);
}

function dtypeOf(values: TypedArray): DType {
  if (values instanceof Float32Array) return float32;
  if (values instanceof Float64Array) return dtypes.float64;
  if (values instanceof Int8Array) return dtypes.int8;
  if (values instanceof Int16Array) return dtypes.int16;
  if (values instanceof Int32Array) return int32;
  if (values instanceof Uint8Array) return dtypes.uint8;
  if (values instanceof Uint16Array) return dtypes.uint16;
  if (values instanceof Uint32Array) return dtypes.uint32;
  return values instanceof BigInt64Array ? int64 : dtypes.uint64;
}

// Appends the leaves of `values` to `flat`. False when the lists are ragged; `shape` has then the dimensions that
// all of them share so far.
function flatten(
  values: NDArrayLike,
  axis: number,
  shape: number[],
  flat: ScalarLike[],
  strings: boolean,
): boolean {
  const list = childrenOf(values, strings);
  if (list === undefined) {
    if (values === null || values === undefined) throw new ValueError('None values not supported.');
    flat.push(values as ScalarLike);
    if (axis === shape.length) return true;
    shape.length = axis;
    return false;
  }
  if (axis === shape.length && flat.length === 0) shape.push(list.length);
  if (shape[axis] !== list.length) {
    shape.length = axis;
    return false;
  }
  return list.every((value) => flatten(value, axis + 1, shape, flat, strings));
}

function firstDims(values: NDArrayLike): number[] {
  const list = childrenOf(values, false);
  if (list === undefined) return [];
  return list.length === 0 ? [0] : [list.length, ...firstDims(list[0]!)];
}

function listRepr(values: NDArrayLike): string {
  const list = childrenOf(values, false);
  return list === undefined
    ? valueRepr(values as ScalarLike)
    : `[${list.map(listRepr).join(', ')}]`;
}

function childrenOf(values: NDArrayLike, strings: boolean): readonly NDArrayLike[] | undefined {
  if (Array.isArray(values)) return values;
  if (values instanceof NDArray) {
    const nested = values.tolist();
    return Array.isArray(nested) ? nested : undefined;
  }
  if (isTypedArray(values) && !strings) return Array.from<number | bigint>(values);
  return undefined;
}

function inferred(values: NDArrayLike, flat: readonly ScalarLike[]): DType {
  if (flat.length === 0) return leafType(values) ?? float32;
  const first = flat[0]!;
  if (typeof first === 'string' || first instanceof Uint8Array) return string;
  if (typeof first === 'boolean') return bool;
  if (flat.some((value) => value instanceof Complex)) return dtypes.complex128;
  if (flat.some((value) => typeof value === 'number' && !isWhole(value))) return float32;
  const wide = (value: ScalarLike) =>
    typeof value === 'bigint' ||
    (typeof value === 'number' && (value < -(2 ** 31) || value >= 2 ** 31));
  return leafType(values) ?? (flat.some(wide) ? int64 : int32);
}

// The type of the first typed array or NDArray within nested lists.
function leafType(values: NDArrayLike): DType | undefined {
  if (values instanceof NDArray) return values.dtype;
  if (isTypedArray(values)) return fromTypedArray(values).dtype;
  return Array.isArray(values) ? leafType(values[0] as NDArrayLike) : undefined;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function fill(flat: readonly ScalarLike[], shape: readonly number[], dtype: DType): NDArray {
  if (dtype === string)
    return new NDArray(
      dtype,
      shape,
      flat.map((value) => stringBytes(value)),
    );
  if (dtype.arrayType === undefined)
    throw new TypeError(`Cannot make an array of dtype ${dtype.name}`);
  const data = new dtype.arrayType(flat.length * dtype.lanes);
  const put = data as unknown as (number | bigint)[];
  flat.forEach((value, i) => {
    switch (dtype.kind) {
      case 'float':
        if (typeof value !== 'number' && typeof value !== 'bigint') throw mismatch(dtype, value);
        put[i] = dtype.encode(Number(value));
        break;
      case 'complex':
        if (typeof value !== 'number' && !(value instanceof Complex)) throw mismatch(dtype, value);
        put[2 * i] = value instanceof Complex ? value.re : value;
        put[2 * i + 1] = value instanceof Complex ? value.im : 0;
        break;
      case 'bool':
        if (typeof value !== 'boolean') throw mismatch(dtype, value);
        put[i] = Number(value);
        break;
      default:
        put[i] = integerOf(value, dtype);
    }
  });
  return new NDArray(dtype, shape, data);
}

function integerOf(value: ScalarLike, dtype: DType): number | bigint {
  const whole = typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
  if (!whole) throw mismatch(dtype, value);
  const [low, high] = dtype.range!;
  if (value < low || value > high) {
    throw new ValueError("Can't convert Python sequence with out-of-range integer to Tensor.");
  }
  return typeof low === 'bigint' ? BigInt(value) : Number(value);
}

function stringBytes(value: ScalarLike): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return value;
  throw mismatch(string, value);
}

function mismatch(dtype: DType, value: ScalarLike): TypeError {
  return new TypeError(
    `Expected ${dtype.name}, got ${valueRepr(value)} of type '${pythonType(value)}' instead.`,
  );
}

function valueRepr(value: ScalarLike): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Uint8Array) return bytesRepr(value);
  return typeof value === 'number' && !Number.isInteger(value) ? floatRepr(value) : String(value);
}

function pythonType(value: ScalarLike): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  return value instanceof Complex ? 'complex' : 'bytes';
}
