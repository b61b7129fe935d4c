/// The narrow floating-point formats that JavaScript has no typed array for. Their elements are bit patterns in a
/// Uint16Array or Uint8Array; the numbers they stand for are all doubles.

/** A binary floating-point format. */
export interface FloatFormat {
  /** Bits of the significand as stored, without the hidden one. */
  readonly mantissaBits: number;
  readonly exponentBits: number;
  readonly bias: number;
  /**
   * What the largest exponent means: `ieee`: infinities and NaNs; `fn`: only the all-ones pattern is a NaN;
   * `fnuz`: nothing special there, and the pattern of -0 is the one NaN; `finite`: nothing is special.
   */
  readonly special: 'ieee' | 'fn' | 'fnuz' | 'finite';
}

export const FLOAT64: FloatFormat = {
  mantissaBits: 52,
  exponentBits: 11,
  bias: 1023,
  special: 'ieee',
};
export const FLOAT32: FloatFormat = {
  mantissaBits: 23,
  exponentBits: 8,
  bias: 127,
  special: 'ieee',
};
export const HALF: FloatFormat = { mantissaBits: 10, exponentBits: 5, bias: 15, special: 'ieee' };
export const BFLOAT16: FloatFormat = {
  mantissaBits: 7,
  exponentBits: 8,
  bias: 127,
  special: 'ieee',
};
export const FLOAT8_E5M2: FloatFormat = {
  mantissaBits: 2,
  exponentBits: 5,
  bias: 15,
  special: 'ieee',
};
export const FLOAT8_E4M3FN: FloatFormat = {
  mantissaBits: 3,
  exponentBits: 4,
  bias: 7,
  special: 'fn',
};
export const FLOAT8_E4M3FNUZ: FloatFormat = {
  mantissaBits: 3,
  exponentBits: 4,
  bias: 8,
  special: 'fnuz',
};
export const FLOAT8_E4M3B11FNUZ: FloatFormat = {
  mantissaBits: 3,
  exponentBits: 4,
  bias: 11,
  special: 'fnuz',
};
export const FLOAT8_E5M2FNUZ: FloatFormat = {
  mantissaBits: 2,
  exponentBits: 5,
  bias: 16,
  special: 'fnuz',
};
export const FLOAT4_E2M1FN: FloatFormat = {
  mantissaBits: 1,
  exponentBits: 2,
  bias: 1,
  special: 'finite',
};

/** The exponent of the unit in the last place of the subnormals: all numbers are multiples of 2 to it. */
export function minExponent(format: FloatFormat): number {
  return 1 - format.bias - format.mantissaBits;
}

/** The number that the bit pattern `bits` (16 bits or fewer) stands for. */
export function decodeFloat(bits: number, format: FloatFormat): number {
  const { mantissaBits, exponentBits, bias, special } = format;
  const signBit = 1 << (mantissaBits + exponentBits);
  const negative = (bits & signBit) !== 0;
  const exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
  const mantissa = bits & ((1 << mantissaBits) - 1);
  const topExponent = exponent === (1 << exponentBits) - 1;
  if (special === 'ieee' && topExponent) {
    return mantissa !== 0 ? Number.NaN : negative ? -Infinity : Infinity;
  }
  if (special === 'fn' && topExponent && mantissa === (1 << mantissaBits) - 1) return Number.NaN;
  if (special === 'fnuz' && bits === signBit) return Number.NaN;
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** minExponent(format)
      : (mantissa + (1 << mantissaBits)) * 2 ** (exponent - bias - mantissaBits);
  return negative ? -magnitude : magnitude;
}

/**
 * The bit pattern nearest to `value`, ties to even. What is too large becomes infinity, or NaN in formats without
 * one (`finite`: the largest number).
 */
export function encodeFloat(value: number, format: FloatFormat): number {
  const { mantissaBits, exponentBits, special } = format;
  const signBit = 1 << (mantissaBits + exponentBits);
  const topExponent = ((1 << exponentBits) - 1) << mantissaBits;
  const allOnes = topExponent | ((1 << mantissaBits) - 1);
  const nan =
    special === 'ieee'
      ? topExponent | (1 << (mantissaBits - 1))
      : special === 'fn'
        ? allOnes
        : signBit;
  const largest = special === 'ieee' ? topExponent - 1 : special === 'fn' ? allOnes - 1 : allOnes;
  if (Number.isNaN(value)) return special === 'finite' ? 0 : nan;

  const sign = value < 0 || Object.is(value, -0) ? signBit : 0;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return special === 'fnuz' ? 0 : sign;
  let pattern = largest + 1;
  if (magnitude !== Infinity) {
    const unit = Math.max(exponentOf(magnitude) - mantissaBits, minExponent(format));
    const steps = roundTiesToEven(magnitude * 2 ** -unit);
    // A carry out of the mantissa runs into the exponent, as it should.
    pattern = steps + ((unit - minExponent(format)) << mantissaBits);
  }
  if (pattern === 0 && special === 'fnuz') return 0;
  if (pattern <= largest) return sign | pattern;
  if (special === 'ieee') return sign | topExponent;
  return special === 'finite' ? sign | largest : special === 'fn' ? sign | nan : nan;
}

/** The exponent of the leading bit of a positive finite number. */
export function exponentOf(magnitude: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  const exponent = view.getUint32(0) >>> 20;
  return exponent === 0 ? exponentOf(magnitude * 2 ** 52) - 52 : exponent - 1023;
}

function roundTiesToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}
