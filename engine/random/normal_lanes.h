// Box-Muller on four pairs of words at a time, with BoxMuller()'s bits.
//
// Nothing here approximates: Log() is the algorithm of the C library's logf,
// SinCos() that of libm.cc, each operation in the same order and precision,
// so the lanes give the same bits as the scalar forms for all 2^23 arguments
// there are. For engine/random/*__simd128.cc alone.
#ifndef TB_RANDOM_NORMAL_LANES_H_
#define TB_RANDOM_NORMAL_LANES_H_

#include "engine/random/distributions.h"
#include "engine/random/libm.h"
#include "engine/util/simd128.h"

namespace tensorbundle::random::lanes {

using simd::F32x4;
using simd::F64x2;
using simd::I32x4;
using simd::Splat;
using simd::U32x4;
using simd::U64x2;

inline F32x4 UniformFloat(U32x4 words) {
  return reinterpret_cast<F32x4>((words & 0x7fffffu) | 0x3f800000u) - 1.0f;
}

// Two of the four lanes of Log().
inline F64x2 LogHalf(F64x2 z, F64x2 inverse, F64x2 log_c, F64x2 k) {
  const F64x2 r = z * inverse - 1.0;
  const F64x2 y0 = log_c + k * libm::kLn2;
  const F64x2 r2 = r * r;
  F64x2 y = libm::kLog1 * r + libm::kLog2;
  y = libm::kLog0 * r2 + y;
  return y * r2 + (y0 + r);
}

// x = 2^k z with z near c, the middle of one of 16 intervals:
// log x = k log 2 + log c + log1p(z / c - 1).
// REQUIRES: 0 < x < 1, not subnormal.
inline F32x4 Log(F32x4 x) {
  const U32x4 bits = reinterpret_cast<U32x4>(x);
  const U32x4 offset = bits - 0x3f330000u;
  const U32x4 index = (offset >> 19) & 15u;
  const I32x4 k = reinterpret_cast<I32x4>(offset) >> 23;
  const F32x4 z = reinterpret_cast<F32x4>(bits - (offset & 0xff800000u));
  const libm::LogInterval& t0 = libm::kLogIntervals[index[0]];
  const libm::LogInterval& t1 = libm::kLogIntervals[index[1]];
  const libm::LogInterval& t2 = libm::kLogIntervals[index[2]];
  const libm::LogInterval& t3 = libm::kLogIntervals[index[3]];
  const F32x4 k_real = simd::ToFloat(k);  // exact
  return simd::Narrow(
      LogHalf(simd::WidenLow(z), F64x2{t0.inverse, t1.inverse},
              F64x2{t0.log_c, t1.log_c}, simd::WidenLow(k_real)),
      LogHalf(simd::WidenHigh(z), F64x2{t2.inverse, t3.inverse},
              F64x2{t2.log_c, t3.log_c}, simd::WidenHigh(k_real)));
}

struct SinCosHalf {
  F64x2 odd;
  F64x2 even;
  U64x2 quadrant;
};

// The two polynomials for two of the four lanes; the quadrant's signs and its
// choice are exact, and so can come after the rounding to float.
inline SinCosHalf SinCosPolynomials(F64x2 y) {
  // Adding it rounds to an integer, whose low bits are then the sum's. No
  // angle lies where this and libm.cc's rounding differ.
  const F64x2 round = Splat(0x1.8p52);
  const F64x2 shifted = y * libm::kTwoOverPi + round;
  const F64x2 x = y - (shifted - round) * libm::kHalfPi;
  const F64x2 x2 = x * x;
  const F64x2 x3 = x * x2;
  const F64x2 x4 = x2 * x2;
  const F64x2 x5 = x2 * x3;
  const F64x2 x6 = x2 * x4;
  const F64x2 odd = (x + x3 * libm::kS1) + x5 * (libm::kS2 + x2 * libm::kS3);
  const F64x2 even = ((1.0 + x2 * libm::kC1) + x4 * libm::kC2) +
                     x6 * (libm::kC3 + x2 * libm::kC4);
  return {odd, even, reinterpret_cast<U64x2>(shifted)};
}

struct Pair {
  F32x4 first;
  F32x4 second;
};

// Sine and cosine of angles in [0, 8).
inline Pair SinCos(F32x4 y) {
  const SinCosHalf low = SinCosPolynomials(simd::WidenLow(y));
  const SinCosHalf high = SinCosPolynomials(simd::WidenHigh(y));
  const I32x4 q =
      reinterpret_cast<I32x4>(simd::LowWords({low.quadrant, high.quadrant}));
  const I32x4 sin_sign = ((q + 1) & 2) << 30;
  const I32x4 cos_sign = (q & 2) << 30;
  const F32x4 sin_part =
      simd::FromBits(simd::Bits(simd::Narrow(low.odd, high.odd)) ^ sin_sign);
  const F32x4 cos_part =
      simd::FromBits(simd::Bits(simd::Narrow(low.even, high.even)) ^ cos_sign);
  const I32x4 swap = -(q & 1);
  return {simd::Select(swap, cos_part, sin_part),
          simd::Select(swap, sin_part, cos_part)};
}

inline Pair BoxMuller(U32x4 word0, U32x4 word1) {
  const F32x4 u1 = simd::Max(UniformFloat(word0), Splat(1.0e-7f));
  const F32x4 u2 = UniformFloat(word1);
  const F32x4 angle =
      simd::Narrow(simd::WidenLow(u2) * kTwoPi, simd::WidenHigh(u2) * kTwoPi);
  const F32x4 radius = simd::Sqrt(Log(u1) * -2.0f);
  const Pair point = SinCos(angle);
  return {point.first * radius, point.second * radius};
}

}  // namespace tensorbundle::random::lanes

#endif  // TB_RANDOM_NORMAL_LANES_H_
