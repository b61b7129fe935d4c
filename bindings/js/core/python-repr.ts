/// Single values as Python and numpy print them.

import { type Decimal, shortestDecimal } from './dragon4.js';
import { FLOAT64, type FloatFormat } from './float-formats.js';

/** A complex number; prints as Python's. */
export class Complex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }

  toString(): string {
    return complexRepr(this.re, this.im, FLOAT64);
  }
}

/** `repr` of a Python float: `0.1`, `1.0`, `1e-05`, `1e+16`, `nan`. Also what numpy's scalars print. */
export function floatRepr(value: number, format: FloatFormat = FLOAT64): string {
  return scalarRepr(value, format, '.0');
}

/** `repr` of a Python complex number: `(1+2j)`, `2j`. */
export function complexRepr(re: number, im: number, format: FloatFormat): string {
  const imaginary = `${scalarRepr(im, format, '')}j`;
  if (Object.is(re, 0)) return imaginary;
  const sign = imaginary.startsWith('-') ? '' : '+';
  return `(${scalarRepr(re, format, '')}${sign}${imaginary})`;
}

/** `repr` of Python bytes: `b'abc\x00'`. */
export function bytesRepr(bytes: Uint8Array): string {
  const single = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  let text = '';
  for (const byte of bytes) text += byteRepr(byte, single);
  return `b${single}${text}${single}`;
}

function byteRepr(byte: number, quote: string): string {
  if (byte === 0x5c) return '\\\\';
  if (byte === 0x0a) return '\\n';
  if (byte === 0x0d) return '\\r';
  if (byte === 0x09) return '\\t';
  if (byte < 0x20 || byte >= 0x7f) return `\\x${byte.toString(16).padStart(2, '0')}`;
  const character = String.fromCharCode(byte);
  return character === quote ? `\\${character}` : character;
}

/** `1.5e-07` from digits; at least `expDigits` digits in the exponent. */
export function scientific(
  decimal: Decimal,
  expDigits: number,
): { mantissa: string; exponent: string } {
  const isZero = decimal.digits === '0';
  const power = isZero ? 0 : decimal.point - 1;
  const digits = decimal.digits.padEnd(1, '0');
  return {
    mantissa: `${digits[0]}.${digits.slice(1)}`,
    exponent: `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(expDigits, '0')}`,
  };
}

/** `12.5` from digits; ends with the point when there is no fraction. */
export function positional(decimal: Decimal): string {
  const { digits, point } = decimal;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return `${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`;
}

/** `text` without the zeros after its last other digit; the point stays. */
export function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '') : text;
}

function scalarRepr(value: number, format: FloatFormat, whole: string): string {
  if (Number.isNaN(value)) return 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return `${sign}inf`;
  const decimal = shortestDecimal(magnitude, format);
  if (magnitude === 0 || (magnitude >= 1e-4 && magnitude < 1e16)) {
    return sign + trimZeros(positional(decimal)).replace(/\.$/, whole);
  }
  const { mantissa, exponent } = scientific(decimal, 2);
  return sign + trimZeros(mantissa).replace(/\.$/, '') + exponent;
}

/** `repr` of a value that a user wrote: `'a'`, `3.5`, `True`, `None`, `[1, 2]`; of other objects their text. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatRepr(value);
  if (typeof value === 'string') {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    return quote + value.replace(/[\\\n\r\t]/g, escaped).replaceAll(quote, `\\${quote}`) + quote;
  }
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  return String(value);
}

/** The name of the Python class that `value` would be of. */
export function pythonTypeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'function') return 'function';
  return value.constructor === Object ? 'dict' : (value.constructor?.name ?? 'object');
}

function escaped(character: string): string {
  return { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]!;
}
