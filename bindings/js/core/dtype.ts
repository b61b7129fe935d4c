/// DType: TensorFlow's element types, and how their elements lie in JavaScript's typed arrays.

import {
  BFLOAT16,
  decodeFloat,
  encodeFloat,
  FLOAT4_E2M1FN,
  FLOAT8_E4M3B11FNUZ,
  FLOAT8_E4M3FN,
  FLOAT8_E4M3FNUZ,
  FLOAT8_E5M2,
  FLOAT8_E5M2FNUZ,
  FLOAT32,
  FLOAT64,
  type FloatFormat,
  HALF,
} from './float-formats.js';

/** The typed arrays that hold elements. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

export type TypedArrayConstructor = {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
};

/** True for the typed arrays above and for `Uint8ClampedArray`. */
export function isTypedArray(value: unknown): value is TypedArray | Uint8ClampedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** How an element is printed and converted. */
export type DTypeKind = 'float' | 'int' | 'bool' | 'complex' | 'string' | 'opaque';

interface DTypeRow {
  readonly kind: DTypeKind;
  readonly array?: TypedArrayConstructor;
  /** Set for floats and for the halves of complex numbers. */
  readonly format?: FloatFormat;
  /** Inclusive range of integers. */
  readonly range?: readonly [number | bigint, number | bigint];
}

/**
 * An element type such as `tf.float32`. There is one object per type, so they compare with `===`.
 * Wherever one is expected, its name (`'float32'`) is accepted too.
 */
export class DType {
  /** As users write it: `'float32'`, `'bfloat16'`, `'string'`. */
  readonly name: string;
  /** TensorFlow's number for it, as it stands in files. */
  readonly asDatatypeEnum: number;
  readonly kind: DTypeKind;
  /** What holds the elements in JavaScript; undefined for strings and opaque types. */
  readonly arrayType: TypedArrayConstructor | undefined;
  /** @internal */
  readonly format: FloatFormat | undefined;
  /** @internal */
  readonly range: readonly [number | bigint, number | bigint] | undefined;

  /** @internal */
  constructor(name: string, number: number, row: DTypeRow) {
    this.name = name;
    this.asDatatypeEnum = number;
    this.kind = row.kind;
    this.arrayType = row.array;
    this.format = row.format;
    this.range = row.range;
  }

  /** Typed-array elements per tensor element: 2 for complex numbers, which lie as (real, imaginary). */
  get lanes(): number {
    return this.kind === 'complex' ? 2 : 1;
  }

  /** Bytes of one element; 0 where it varies. */
  get size(): number {
    return this.arrayType === undefined ? 0 : this.arrayType.BYTES_PER_ELEMENT * this.lanes;
  }

  get isFloating(): boolean {
    return this.kind === 'float';
  }

  get isInteger(): boolean {
    return this.kind === 'int' && !this.isQuantized;
  }

  get isComplex(): boolean {
    return this.kind === 'complex';
  }

  get isBool(): boolean {
    return this.kind === 'bool';
  }

  get isQuantized(): boolean {
    return /^qu?int/.test(this.name);
  }

  /** True when the typed array holds the numbers themselves, not bit patterns of them. @internal */
  get isPlain(): boolean {
    return this.format === undefined || this.format === FLOAT32 || this.format === FLOAT64;
  }

  /** The number that a lane of the typed array stands for. @internal */
  decode(lane: number): number {
    return this.isPlain ? lane : decodeFloat(lane, this.format!);
  }

  /** The lane of the typed array that stands for `value`, rounded to nearest. @internal */
  encode(value: number): number {
    return this.isPlain ? value : encodeFloat(value, this.format!);
  }

  /** As Python's `str`: `<dtype: 'float32'>`. */
  toString(): string {
    return `<dtype: '${this.name}'>`;
  }

  toJSON(): string {
    return this.name;
  }
}

const int = (
  array: TypedArrayConstructor,
  low: number | bigint,
  high: number | bigint,
): DTypeRow => ({
  kind: 'int',
  array,
  range: [low, high],
});
const float = (array: TypedArrayConstructor, format: FloatFormat): DTypeRow => ({
  kind: 'float',
  array,
  format,
});

const INT8 = int(Int8Array, -128, 127);
const UINT8 = int(Uint8Array, 0, 255);
const INT16 = int(Int16Array, -32768, 32767);
const UINT16 = int(Uint16Array, 0, 65535);
const INT32 = int(Int32Array, -(2 ** 31), 2 ** 31 - 1);

export const float32: DType = new DType('float32', 1, float(Float32Array, FLOAT32));
export const float64: DType = new DType('float64', 2, float(Float64Array, FLOAT64));
export const int32: DType = new DType('int32', 3, INT32);
export const uint8: DType = new DType('uint8', 4, UINT8);
export const int16: DType = new DType('int16', 5, INT16);
export const int8: DType = new DType('int8', 6, INT8);
export const string: DType = new DType('string', 7, { kind: 'string' });
export const complex64: DType = new DType('complex64', 8, {
  kind: 'complex',
  array: Float32Array,
  format: FLOAT32,
});
export const int64: DType = new DType('int64', 9, int(BigInt64Array, -(2n ** 63n), 2n ** 63n - 1n));
export const bool: DType = new DType('bool', 10, { kind: 'bool', array: Uint8Array });
export const qint8: DType = new DType('qint8', 11, INT8);
export const quint8: DType = new DType('quint8', 12, UINT8);
export const qint32: DType = new DType('qint32', 13, INT32);
export const bfloat16: DType = new DType('bfloat16', 14, float(Uint16Array, BFLOAT16));
export const qint16: DType = new DType('qint16', 15, INT16);
export const quint16: DType = new DType('quint16', 16, UINT16);
export const uint16: DType = new DType('uint16', 17, UINT16);
export const complex128: DType = new DType('complex128', 18, {
  kind: 'complex',
  array: Float64Array,
  format: FLOAT64,
});
export const float16: DType = new DType('float16', 19, float(Uint16Array, HALF));
export const resource: DType = new DType('resource', 20, { kind: 'opaque' });
export const variant: DType = new DType('variant', 21, { kind: 'opaque' });
export const uint32: DType = new DType('uint32', 22, int(Uint32Array, 0, 2 ** 32 - 1));
export const uint64: DType = new DType('uint64', 23, int(BigUint64Array, 0n, 2n ** 64n - 1n));

// Later than 1.x: known when met in files, not part of the names of `tf`.
const NEWER: readonly (readonly [string, DTypeRow])[] = [
  ['float8_e5m2', float(Uint8Array, FLOAT8_E5M2)],
  ['float8_e4m3fn', float(Uint8Array, FLOAT8_E4M3FN)],
  ['float8_e4m3fnuz', float(Uint8Array, FLOAT8_E4M3FNUZ)],
  ['float8_e4m3b11fnuz', float(Uint8Array, FLOAT8_E4M3B11FNUZ)],
  ['float8_e5m2fnuz', float(Uint8Array, FLOAT8_E5M2FNUZ)],
  ['int4', int(Int8Array, -8, 7)],
  ['uint4', int(Uint8Array, 0, 15)],
  ['int2', int(Int8Array, -2, 1)],
  ['uint2', int(Uint8Array, 0, 3)],
  ['float4_e2m1fn', float(Uint8Array, FLOAT4_E2M1FN)],
];

const ALL: readonly DType[] = [
  float32,
  float64,
  int32,
  uint8,
  int16,
  int8,
  string,
  complex64,
  int64,
  bool,
  qint8,
  quint8,
  qint32,
  bfloat16,
  qint16,
  quint16,
  uint16,
  complex128,
  float16,
  resource,
  variant,
  uint32,
  uint64,
  ...NEWER.map(([name, row], i) => new DType(name, 24 + i, row)),
];

// The other names TensorFlow has for some types.
const ALIASES: Readonly<Record<string, DType>> = { float: float32, double: float64, half: float16 };

/** A DType, its name, or its number. */
export type DTypeLike = DType | string | number;

/**
 * The DType for a DType, a name or a number: `tf.as_dtype`.
 * @throws {TypeError} `Cannot convert value 'flot32' to a TensorFlow DType.`
 */
export function asDType(value: DTypeLike): DType {
  if (value instanceof DType) return value;
  const found = typeof value === 'number' ? dtypeOfNumber(value) : dtypeOfName(value);
  if (found === undefined) {
    const text = typeof value === 'string' ? `'${value}'` : String(value);
    throw new TypeError(`Cannot convert value ${text} to a TensorFlow DType.`);
  }
  return found;
}

/** The DType with TensorFlow's number `number`, if there is one. */
export function dtypeOfNumber(number: number): DType | undefined {
  return ALL[number - 1];
}

/**
 * The DType for a number out of a file. One that nobody knows gets a DType of its own, without elements, so that
 * listings can name it.
 */
export function dtypeFromFile(number: number): DType {
  return (
    dtypeOfNumber(number) ?? new DType(`unknown dtype enum (${number})`, number, { kind: 'opaque' })
  );
}

function dtypeOfName(name: string): DType | undefined {
  const plain = name.startsWith('DT_') ? name.slice(3).toLowerCase() : name;
  return Object.hasOwn(ALIASES, plain) ? ALIASES[plain] : ALL.find((dtype) => dtype.name === plain);
}
