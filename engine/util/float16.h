// half and bfloat16 as bit patterns: to float exactly, from float rounded to
// the nearest, ties to even, as Eigen::half and TensorFlow's bfloat16 do.
#ifndef TB_UTIL_FLOAT16_H_
#define TB_UTIL_FLOAT16_H_

#include <cstdint>

#include "engine/util/bytes.h"

namespace tensorbundle {

inline float HalfToFloat(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
  const uint32_t magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) {  // infinities and NaNs keep their payload
    return BitCast<float>(sign | 0x7f800000u | (magnitude & 0x3ff) << 13);
  }
  // Scaling by 2^112 moves the exponent's bias from 15 to 127 and turns
  // subnormal halves into normal floats; the product is exact.
  const float scaled = BitCast<float>(magnitude << 13) * 0x1p112f;
  return BitCast<float>(BitCast<uint32_t>(scaled) | sign);
}

inline uint16_t FloatToHalf(float value) {
  const uint32_t bits = BitCast<uint32_t>(value);
  const uint16_t sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
  const uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;   // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00;  // 2^16 and above
  if (magnitude < 0x38800000) {  // below 2^-14: a subnormal half
    // The sum's unit in the last place is the half's, so the float addition
    // rounds at the right bit.
    const float sum = BitCast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(sign | (BitCast<uint32_t>(sum) - 0x3f000000));
  }
  const uint32_t odd = magnitude >> 13 & 1;
  const uint32_t rounded = magnitude - (112u << 23) + 0xfff + odd;
  return static_cast<uint16_t>(sign | rounded >> 13);
}

inline uint16_t DoubleToHalf(double value) {
  // Rounding to a float first could move a number onto the tie between two
  // halves. Rounding to odd cannot: the last bit remembers that there was more.
  float narrow = static_cast<float>(value);
  const double rounded = static_cast<double>(narrow);
  uint32_t bits = BitCast<uint32_t>(narrow);
  const bool finite = (bits & 0x7f800000) != 0x7f800000;
  if (rounded != value && finite && (bits & 1) == 0) {
    const bool away =
        (rounded < 0 ? -rounded : rounded) > (value < 0 ? -value : value);
    bits = away ? bits - 1 : bits + 1;
    narrow = BitCast<float>(bits);
  }
  return FloatToHalf(narrow);
}

inline float Bfloat16ToFloat(uint16_t bfloat16) {
  return BitCast<float>(static_cast<uint32_t>(bfloat16) << 16);
}

inline uint16_t FloatToBfloat16(float value) {
  const uint32_t bits = BitCast<uint32_t>(value);
  // tensorflow/core/lib/bfloat16/bfloat16.h: every NaN becomes 0x7fc0.
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

}  // namespace tensorbundle

#endif  // TB_UTIL_FLOAT16_H_
