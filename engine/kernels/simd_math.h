// exp, log, tanh and the logistic function on four floats at a time.
//
// Error bounds, in units in the last place of the correctly rounded result,
// are those of unary.h. No lane affects another, and no rounding mode, table
// or fused operation is involved: every host gives the same bits.
//
// The polynomials are interpolations at Chebyshev nodes of the functions
// named beside them, with coefficients rounded to float.
#ifndef TB_KERNELS_SIMD_MATH_H_
#define TB_KERNELS_SIMD_MATH_H_

#include <limits>

#include "engine/util/simd128.h"

namespace tensorbundle::simd {

// ln 2 in two parts: the first has 9 significant bits, so that its product
// with an exponent is exact.
inline constexpr float kLn2High = 0x1.63p-1f;
inline constexpr float kLn2Low = -0x1.bd0106p-13f;

inline F32x4 CopySign(F32x4 magnitude, F32x4 sign) {
  const I32x4 mask = Splat(int32_t{0x7FFFFFFF});
  return FromBits((Bits(magnitude) & mask) | (Bits(sign) & ~mask));
}

// 2^n for n in [-126, 127].
inline F32x4 PowerOfTwo(I32x4 n) { return FromBits((n + 127) << 23); }

// x = n ln 2 + r with |r| <= ln 2 / 2; e^x = 2^n e^r. 2^n is applied in two
// steps, so that subnormal results are rounded once.
inline F32x4 Exp(F32x4 x) {
  // Beyond these the result is 0 or infinity; NaN becomes the lower one.
  const F32x4 in_range = Min(Max(x, Splat(-104.f)), Splat(89.f));
  const F32x4 round = Splat(0x1.8p23f);  // adding it drops the fraction
  const F32x4 shifted = in_range * 0x1.715476p0f + round;  // 1 / ln 2
  const F32x4 n = shifted - round;
  const I32x4 exponent = Bits(shifted) - Bits(round);
  const F32x4 r = (in_range - n * kLn2High) - n * kLn2Low;
  // (e^r - 1 - r) / r^2
  F32x4 p = r * 0x1.a12a42p-13f + 0x1.6d492p-10f;
  p = p * r + 0x1.1110e0p-7f;
  p = p * r + 0x1.5554e4p-5f;
  p = p * r + 0x1.555556p-3f;
  p = p * r + 0.5f;
  const F32x4 power = (r * r * p + r) + 1.f;
  const I32x4 half = exponent >> 1;
  const F32x4 y = power * PowerOfTwo(half) * PowerOfTwo(exponent - half);
  return Select(x == x, y, x);
}

// x = 2^n m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f):
// log m = f - f^2/2 + s (f^2/2 + R(s^2)).
inline F32x4 Log(F32x4 x) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const I32x4 subnormal = x < Splat(std::numeric_limits<float>::min());
  const U32x4 bits = reinterpret_cast<U32x4>(Select(subnormal, x * 0x1p23f, x));
  const U32x4 from_root = bits - 0x3F3504F3u;  // sqrt(1/2)
  const I32x4 exponent = reinterpret_cast<I32x4>(from_root) >> 23;
  const F32x4 m =
      reinterpret_cast<F32x4>(bits - (reinterpret_cast<U32x4>(exponent) << 23));
  const F32x4 n = ToFloat(exponent - (subnormal & 23));
  const F32x4 f = m - 1.f;
  const F32x4 s = f / (f + 2.f);
  const F32x4 z = s * s;
  // (log((1 + s) / (1 - s)) - 2 s) / s^3
  F32x4 r = z * 0x1.de0b02p-3f + 0x1.245b28p-2f;
  r = r * z + 0x1.9999eep-2f;
  r = r * z + 0x1.555556p-1f;
  r = r * z;
  const F32x4 half_square = f * f * 0.5f;
  const F32x4 low = s * (half_square + r) + n * kLn2Low;
  F32x4 y = n * kLn2High - ((half_square - low) - f);
  y = Select(x == Splat(kInfinity), x, y);
  y = Select(x == Splat(0.f), Splat(-kInfinity), y);
  return Select(x >= Splat(0.f), y,
                Splat(std::numeric_limits<float>::quiet_NaN()));
}

// x + x^3 P(x^2) near zero, 1 - 2 / (e^2|x| + 1) elsewhere.
inline F32x4 Tanh(F32x4 x) {
  const F32x4 magnitude = Abs(x);
  const F32x4 z = x * x;
  // (tanh(x) / x - 1) / x^2
  F32x4 p = z * 0x1.2c83c0p-9f - 0x1.116a16p-7f;
  p = p * z + 0x1.64a976p-6f;
  p = p * z - 0x1.ba08c4p-5f;
  p = p * z + 0x1.1110eap-3f;
  p = p * z - 0x1.555556p-2f;
  const F32x4 near = p * z * x + x;
  const F32x4 e = Exp(Min(magnitude, Splat(10.f)) * 2.f);
  const F32x4 far = 1.f - 2.f / (e + 1.f);
  // The sign comes last: x^3 P is +0 for -0.
  const F32x4 y = CopySign(Select(magnitude < Splat(0.625f), near, far), x);
  return Select(x == x, y, x);
}

// 1 / (1 + e^-x), through e^-|x|, which cannot overflow.
inline F32x4 Sigmoid(F32x4 x) {
  const F32x4 e = Exp(-Abs(x));
  return Select(x >= Splat(0.f), Splat(1.f), e) / (e + 1.f);
}

inline F32x4 Rsqrt(F32x4 x) { return 1.f / Sqrt(x); }

}  // namespace tensorbundle::simd

#endif  // TB_KERNELS_SIMD_MATH_H_
