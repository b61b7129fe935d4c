/// Decimal digits of binary floating-point numbers as numpy's dragon4 gives them: the fewest digits that no other
/// number of the same format shares, or the value rounded at a given place, whichever comes first.

import { exponentOf, type FloatFormat, minExponent } from './float-formats.js';

/** The decimal number 0.d1d2d3... times 10 to the power `point`. */
export interface Decimal {
  /** Never empty; no leading zero but for the number 0. */
  readonly digits: string;
  /** How many of the digits stand before the decimal point; may be zero or less. */
  readonly point: number;
}

/** Where to stop early. */
export interface Cutoff {
  /** No digit further right of the decimal point than this. */
  readonly fraction?: number | undefined;
  /** No more digits than this. */
  readonly total?: number | undefined;
  /** At least so many digits, even if fewer are unique. */
  readonly minTotal?: number | undefined;
  /** At least so many digits right of the decimal point, even if fewer are unique. */
  readonly minFraction?: number | undefined;
}

/** Digits of a finite number >= 0 that `format` represents exactly. */
export function shortestDecimal(
  magnitude: number,
  format: FloatFormat,
  cutoff: Cutoff = {},
): Decimal {
  if (magnitude === 0) return { digits: '0', point: 1 };
  const lowest = minExponent(format);
  const exponent = Math.max(exponentOf(magnitude) - format.mantissaBits, lowest);
  const mantissa = BigInt(scaled(magnitude, -exponent));
  // Just below a power of two the neighbours are twice as dense.
  const unequal = mantissa === 1n << BigInt(format.mantissaBits) && exponent > lowest;
  const even = mantissa % 2n === 0n;

  // value / scale is the number, low / scale and high / scale half the distances to its neighbours.
  let value = mantissa * (unequal ? 4n : 2n);
  let scale = unequal ? 4n : 2n;
  let low = 1n;
  if (exponent >= 0) {
    value <<= BigInt(exponent);
    low <<= BigInt(exponent);
  } else {
    scale <<= BigInt(-exponent);
  }
  let high = unequal ? 2n * low : low;

  // Scale by a power of ten until 0.1 <= value / scale < 1.
  let point = Math.floor(Math.log10(magnitude)) + 1;
  if (point > 0) {
    scale *= 10n ** BigInt(point);
  } else {
    const up = 10n ** BigInt(-point);
    value *= up;
    low *= up;
    high *= up;
  }
  for (; value >= scale; ++point) scale *= 10n;
  for (; value * 10n < scale; --point) {
    value *= 10n;
    low *= 10n;
    high *= 10n;
  }

  const last = Math.min(
    cutoff.fraction === undefined ? Infinity : point + cutoff.fraction,
    cutoff.total ?? Infinity,
  );
  const least =
    cutoff.minFraction === undefined ? (cutoff.minTotal ?? 0) : point + cutoff.minFraction;
  const digits: number[] = [];
  for (;;) {
    value *= 10n;
    low *= 10n;
    high *= 10n;
    const digit = Number(value / scale);
    value %= scale;
    const below = even ? value <= low : value < low;
    const above = even ? value + high >= scale : value + high > scale;
    const count = digits.length + 1;
    if (((below || above) && count >= least) || count >= last) {
      return finish(digits, digit, roundsDown(below, above, value * 2n, scale, digit), point);
    }
    digits.push(digit);
  }
}

function roundsDown(
  below: boolean,
  above: boolean,
  twice: bigint,
  scale: bigint,
  digit: number,
): boolean {
  if (below !== above) return below;
  return twice < scale || (twice === scale && digit % 2 === 0);
}

function finish(digits: number[], digit: number, down: boolean, point: number): Decimal {
  digits.push(down ? digit : digit + 1);
  while (digits.at(-1) === 10) {
    digits.pop();
    if (digits.length === 0) return { digits: '1', point: point + 1 };
    digits[digits.length - 1]! += 1;
  }
  return { digits: digits.join(''), point };
}

// magnitude * 2 ** power, which is an integer below 2 ** 53; in two steps, for 2 ** 1074 is no double.
function scaled(magnitude: number, power: number): number {
  const half = Math.trunc(power / 2);
  return magnitude * 2 ** half * 2 ** (power - half);
}
