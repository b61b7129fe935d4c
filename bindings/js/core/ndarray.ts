/// NDArray: a dtype, a shape and the elements; what `sess.run` returns and readers give.

import { asDType, type DType, type DTypeLike, type TypedArray } from './dtype.js';
import { InvalidArgumentError, UnimplementedError, ValueError } from './errors.js';
import { formatArray, type Printable } from './numpy-format.js';
import { Complex } from './python-repr.js';

/** One element: a number, a bigint for 64-bit integers, a boolean, a Complex, or the bytes of a string. */
export type Scalar = number | bigint | boolean | Complex | Uint8Array;

/** What {@link NDArray.tolist} returns: a scalar, or arrays of them nested as deep as the rank. */
export type NestedList = Scalar | NestedList[];

/**
 * An array as numpy has them: row-major, of one element type.
 *
 * `data` holds the elements in the typed array that fits: `Float32Array` for float32, `BigInt64Array` for int64,
 * `Uint8Array` (0 or 1) for bool. Types that JavaScript lacks lie as they do in a file: float16 and bfloat16 as bit
 * patterns in a `Uint16Array`, complex numbers as pairs. `item()`, `tolist()` and printing give the numbers they mean.
 * Strings are a list of `Uint8Array`.
 */
export class NDArray implements Printable {
  static {
    // What Node's console.log asks for.
    Object.defineProperty(NDArray.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: NDArray) {
        return this.toString();
      },
    });
  }

  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray | readonly Uint8Array[];

  /**
   * The array takes `data` over; it does not copy.
   * @throws {InvalidArgumentError} when `data` has another type or length than `dtype` and `shape` ask for.
   */
  constructor(
    dtype: DTypeLike,
    shape: readonly number[],
    data: TypedArray | readonly Uint8Array[],
  ) {
    this.dtype = asDType(dtype);
    this.shape = Object.freeze([...shape]);
    this.data = data;
    const { arrayType, lanes, name } = this.dtype;
    const fits = arrayType === undefined ? Array.isArray(data) : data instanceof arrayType;
    if (!fits) {
      throw new InvalidArgumentError(
        `Elements of dtype ${name} lie in a ${arrayType?.name ?? 'list of Uint8Array'}`,
      );
    }
    if (data.length !== this.size * lanes) {
      throw new InvalidArgumentError(
        `Shape [${shape}] needs ${this.size * lanes} values of ${arrayType?.name ?? 'bytes'}, got ${data.length}`,
      );
    }
  }

  /**
   * The array whose elements, little endian, are `bytes`. Shares their memory where it is aligned.
   * @throws {UnimplementedError} for types without fixed-size elements.
   * @throws {InvalidArgumentError} when their number does not fit.
   */
  static fromBytes(dtype: DTypeLike, shape: readonly number[], bytes: Uint8Array): NDArray {
    const type = asDType(dtype);
    if (type.arrayType === undefined) throw noBytes(type);
    const unit = type.arrayType.BYTES_PER_ELEMENT;
    if (bytes.byteLength % unit !== 0) {
      throw new InvalidArgumentError(
        `${bytes.byteLength} bytes are no whole number of ${type.name} elements`,
      );
    }
    const aligned = bytes.byteOffset % unit === 0 ? bytes : bytes.slice();
    const data = new type.arrayType(aligned.buffer, aligned.byteOffset, aligned.byteLength / unit);
    return new NDArray(type, shape, data);
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, dim) => product * dim, 1);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /**
   * The elements' bytes, little endian; a view of the same memory.
   * @throws {UnimplementedError} for strings.
   */
  bytes(): Uint8Array;
  /** The bytes of string number `index`. @internal */
  bytes(index: number): Uint8Array;
  bytes(index?: number): Uint8Array {
    if (index !== undefined) return (this.data as readonly Uint8Array[])[index]!;
    if (!ArrayBuffer.isView(this.data)) throw noBytes(this.dtype);
    return new Uint8Array(this.data.buffer, this.data.byteOffset, this.data.byteLength);
  }

  /** The number in lane `lane` of the typed array. @internal */
  number(lane: number): number {
    return this.dtype.decode(Number(this.data[lane]));
  }

  /** The integer at flat index `index`. @internal */
  integer(index: number): number | bigint {
    return this.data[index] as number | bigint;
  }

  /**
   * One element as a plain value. Without arguments the array must have exactly one; one argument counts in
   * row-major order; several are an index per dimension. Negative indices count from the end.
   * @throws {ValueError} `can only convert an array of size 1 to a Python scalar`
   */
  item(...index: number[]): Scalar {
    if (index.length === 0) {
      if (this.size !== 1)
        throw new ValueError('can only convert an array of size 1 to a Python scalar');
      return this.#element(0);
    }
    if (index.length === 1) return this.#element(checkedIndex(index[0]!, this.size));
    if (index.length !== this.ndim) throw new ValueError('incorrect number of indices for array');
    return this.#element(
      this.shape.reduce((flat, dim, i) => flat * dim + checkedIndex(index[i]!, dim), 0),
    );
  }

  /** The elements as nested JavaScript arrays; a plain value for rank 0. */
  tolist(): NestedList {
    let next = 0;
    const list = (axis: number): NestedList => {
      if (axis === this.ndim) return this.#element(next++);
      return Array.from({ length: this.shape[axis]! }, () => list(axis + 1));
    };
    return list(0);
  }

  /** As numpy prints it. */
  toString(): string {
    return formatArray(this);
  }

  /** Lets a rank 0 array stand where a number or a string is wanted. */
  [Symbol.toPrimitive](hint: 'default' | 'number' | 'string'): string | number | bigint {
    if (this.ndim > 0) {
      if (hint !== 'number') return this.toString();
      if (this.size !== 1)
        throw new TypeError('only size-1 arrays can be converted to Python scalars');
    }
    const value = this.#element(0);
    if (value instanceof Uint8Array) return new TextDecoder().decode(value);
    if (value instanceof Complex || hint === 'string') return this.toString();
    return typeof value === 'boolean' ? Number(value) : value;
  }

  #element(index: number): Scalar {
    switch (this.dtype.kind) {
      case 'float':
        return this.number(index);
      case 'complex':
        return new Complex(this.number(2 * index), this.number(2 * index + 1));
      case 'bool':
        return this.number(index) !== 0;
      case 'int':
        return this.integer(index);
      default:
        return this.bytes(index);
    }
  }
}

function checkedIndex(index: number, size: number): number {
  const at = index < 0 ? index + size : index;
  if (!Number.isInteger(at) || at < 0 || at >= size) {
    throw new RangeError(`index ${index} is out of bounds for size ${size}`);
  }
  return at;
}

function noBytes(dtype: DType): UnimplementedError {
  return new UnimplementedError(`Elements of dtype ${dtype.name} have no fixed size`);
}
