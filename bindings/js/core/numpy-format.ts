/// Arrays as numpy's `str` prints them, with its default print options (precision 8, threshold 1000, 3 edge items,
/// line width 75). The two passes follow numpy's arrayprint: look at every element that will be shown to find the
/// common form, then print each in it.

import { shortestDecimal } from './dragon4.js';
import type { DType } from './dtype.js';
import { decodeFloat, encodeFloat, FLOAT32, FLOAT64, type FloatFormat } from './float-formats.js';
import {
  bytesRepr,
  complexRepr,
  floatRepr,
  positional,
  scientific,
  trimZeros,
} from './python-repr.js';

/** What the printer needs of an array. `lanes(i)` are the numbers of element `i` in row-major order. */
export interface Printable {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly size: number;
  number(lane: number): number;
  integer(index: number): number | bigint;
  bytes(index: number): Uint8Array;
}

const PRECISION = 8;
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;
const LINE_WIDTH = 75;

type ElementPrinter = (index: number) => string;

/** `str(array)`. */
export function formatArray(array: Printable): string {
  if (array.shape.length === 0) return formatScalar(array);
  if (array.size === 0) return '[]';
  const summarize = array.size > THRESHOLD;
  const print = elementPrinter(array, shownIndices(array.shape, summarize));
  return nest(array.shape, print, summarize);
}

function formatScalar(array: Printable): string {
  const { dtype } = array;
  switch (dtype.kind) {
    case 'float':
      return floatRepr(array.number(0), dtype.format);
    case 'complex':
      return complexRepr(array.number(0), array.number(1), dtype.format!);
    case 'bool':
      return array.number(0) === 0 ? 'False' : 'True';
    case 'int':
      return String(array.integer(0));
    default:
      return bytesRepr(array.bytes(0));
  }
}

function elementPrinter(array: Printable, shown: readonly number[]): ElementPrinter {
  const { dtype } = array;
  switch (dtype.kind) {
    case 'float': {
      const print = floatPrinter(
        shown.map((i) => array.number(i)),
        dtype.format!,
        false,
      );
      return (i) => print(array.number(i));
    }
    case 'complex': {
      const re = floatPrinter(
        shown.map((i) => array.number(2 * i)),
        dtype.format!,
        false,
      );
      const im = floatPrinter(
        shown.map((i) => array.number(2 * i + 1)),
        dtype.format!,
        true,
      );
      return (i) => {
        const imaginary = im(array.number(2 * i + 1));
        const end = imaginary.trimEnd();
        return `${re(array.number(2 * i))}${end}j${imaginary.slice(end.length)}`;
      };
    }
    case 'bool':
      return (i) => (array.number(i) === 0 ? 'False' : ' True');
    case 'int': {
      const width = Math.max(...shown.map((i) => String(array.integer(i)).length));
      return (i) => String(array.integer(i)).padStart(width);
    }
    default:
      return (i) => bytesRepr(array.bytes(i));
  }
}

// numpy's FloatingFormat: one form and one alignment for all of `values`.
function floatPrinter(
  values: readonly number[],
  format: FloatFormat,
  plus: boolean,
): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const exponential = needsExponent(finite, format);
  const signOf = (value: number) => (value < 0 || Object.is(value, -0) ? '-' : plus ? '+' : '');

  let left = 0;
  let right = 0;
  let print: (value: number) => string = () => '';
  if (exponential) {
    const parts = finite.map((value) => {
      const { mantissa, exponent } = scientific(
        shortestDecimal(Math.abs(value), format, { total: PRECISION + 1 }),
        2,
      );
      return {
        fraction: trimZeros(mantissa).length - 2,
        exponent: exponent.length,
        sign: signOf(value),
      };
    });
    const precision = Math.max(...parts.map((part) => part.fraction));
    const exponentSize = Math.max(...parts.map((part) => part.exponent)) - 2;
    left = Math.max(...parts.map((part) => part.sign.length)) + 1;
    right = exponentSize + 2 + precision;
    // As numpy since 1.21: places beyond the unique digits show the value itself, not zeros.
    const cutoff = { total: precision + 1, minTotal: precision + 1 };
    print = (value) => {
      const { mantissa, exponent } = scientific(
        shortestDecimal(Math.abs(value), format, cutoff),
        exponentSize,
      );
      const [whole = '', fraction = ''] = mantissa.split('.');
      return `${(signOf(value) + whole).padStart(left)}.${fraction.padEnd(precision, '0')}${exponent}`;
    };
  } else if (finite.length > 0) {
    const text = (value: number) => {
      const decimal = shortestDecimal(Math.abs(value), format, {
        fraction: PRECISION,
        minFraction: 0,
      });
      return signOf(value) + trimZeros(positional(decimal));
    };
    const texts = finite.map(text);
    left = Math.max(...texts.map((t) => t.indexOf('.')));
    right = Math.max(...texts.map((t) => t.length - t.indexOf('.') - 1));
    print = (value) => {
      const t = text(value);
      const point = t.indexOf('.');
      return ' '.repeat(left - point) + t.padEnd(point + 1 + right);
    };
  }

  if (finite.length < values.length) {
    const signedInfinity = plus || values.includes(-Infinity);
    left = Math.max(left, 3 - (right + 1), (signedInfinity ? 4 : 3) - (right + 1));
  }
  const width = left + right + 1;
  return (value) => {
    if (Number.isFinite(value)) return print(value);
    const text = Number.isNaN(value)
      ? plus
        ? '+nan'
        : 'nan'
      : value < 0
        ? '-inf'
        : plus
          ? '+inf'
          : 'inf';
    return text.padStart(width);
  };
}

function needsExponent(finite: readonly number[], format: FloatFormat): boolean {
  let max = 0;
  let min = Infinity;
  for (const value of finite) {
    const magnitude = Math.abs(value);
    if (magnitude === 0) continue;
    max = Math.max(max, magnitude);
    min = Math.min(min, magnitude);
  }
  if (max === 0) return false;
  return max >= 1e8 || min < 0.0001 || quotient(max, min, format) > 1000;
}

// max / min as the element type itself divides.
function quotient(max: number, min: number, format: FloatFormat): number {
  if (format === FLOAT64) return max / min;
  if (format === FLOAT32) return Math.fround(max / min);
  return decodeFloat(encodeFloat(max / min, format), format);
}

// The flat indices that will be printed: all, or the corners when summarised.
function shownIndices(shape: readonly number[], summarize: boolean): number[] {
  let indices = [0];
  for (const dim of shape) {
    const along = summarize && dim > 2 * EDGE_ITEMS ? edges(dim) : range(0, dim);
    indices = indices.flatMap((base) => along.map((i) => base * dim + i));
  }
  return indices;
}

function edges(dim: number): number[] {
  return [...range(0, EDGE_ITEMS), ...range(dim - EDGE_ITEMS, dim)];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

// numpy's _formatArray: brackets, line breaks and the dots of a summary.
function nest(shape: readonly number[], print: ElementPrinter, summarize: boolean): string {
  const recurse = (axis: number, base: number, indent: string, width: number): string => {
    const dim = shape[axis]!;
    const axesLeft = shape.length - axis;
    const short = summarize && dim > 2 * EDGE_ITEMS;
    const along: (number | '...')[] = short
      ? [...range(0, EDGE_ITEMS), '...', ...range(dim - EDGE_ITEMS, dim)]
      : range(0, dim);
    if (axesLeft > 1) {
      const items = along.map((i) =>
        i === '...' ? i : recurse(axis + 1, base * dim + i, `${indent} `, width - 1),
      );
      return `[${items.join('\n'.repeat(axesLeft - 1) + indent)}]`;
    }
    const lines: string[] = [];
    let line = indent;
    for (const i of along) {
      const word = i === '...' ? i : print(base * dim + i);
      // A break does not help a line that is still empty.
      if (line.length + word.length > width - 1 && line.length > indent.length) {
        lines.push(line.trimEnd());
        line = indent;
      }
      line += `${word} `;
    }
    lines.push(line.slice(0, -1));
    return `[${lines.join('\n').slice(indent.length)}]`;
  };
  return recurse(0, 0, ' ', LINE_WIDTH);
}
