// From random words to random reals: one function for each step, so that the
// fills, whatever their loops look like, cannot disagree.
#ifndef TB_RANDOM_DISTRIBUTIONS_H_
#define TB_RANDOM_DISTRIBUTIONS_H_

#include <cmath>
#include <cstdint>

#include "engine/random/libm.h"
#include "engine/util/bytes.h"
#include "engine/util/float16.h"

namespace tensorbundle::random {

// Each gives a number in [0, 1): mantissa bits under the exponent of 1, less 1.
inline float UniformFloat(uint32_t word) {
  return BitCast<float>(0x3f800000u | (word & 0x7fffffu)) - 1.0f;
}
inline double UniformDouble(uint32_t high, uint32_t low) {
  const uint64_t mantissa = static_cast<uint64_t>(high & 0xfffffu) << 32 | low;
  return BitCast<double>(uint64_t{0x3ff} << 52 | mantissa) - 1.0;
}
inline uint16_t UniformHalf(uint32_t word) {
  return FloatToHalf(
      HalfToFloat(static_cast<uint16_t>(0x3c00 | (word & 0x3ff))) - 1.0f);
}
inline uint16_t UniformBfloat16(uint32_t word) {
  return FloatToBfloat16(
      Bfloat16ToFloat(static_cast<uint16_t>(0x3f80 | (word & 0x7f))) - 1.0f);
}

template <typename T>
struct NormalPair {
  T first;   // of the sine
  T second;  // of the cosine
};

inline constexpr double kTwoPi = 6.283185307179586;  // 2.0f * M_PI

// random_distributions.h: BoxMullerFloat. The angle is a product of doubles
// that is rounded to float once.
inline NormalPair<float> BoxMuller(uint32_t word0, uint32_t word1) {
  constexpr float kEpsilon = 1.0e-7f;
  float u1 = UniformFloat(word0);
  if (u1 < kEpsilon) u1 = kEpsilon;
  const float angle =
      static_cast<float>(kTwoPi * static_cast<double>(UniformFloat(word1)));
  const float radius = std::sqrt(-2.0f * Log(u1));
  const SinCosResult point = SinCos(angle);
  return {point.sin * radius, point.cos * radius};
}

// BoxMullerDouble. Its last bits are the C library's.
inline NormalPair<double> BoxMuller(const uint32_t word[4]) {
  constexpr double kEpsilon = 1.0e-7;
  double u1 = UniformDouble(word[0], word[1]);
  if (u1 < kEpsilon) u1 = kEpsilon;
  const double angle = kTwoPi * UniformDouble(word[2], word[3]);
  const double radius = std::sqrt(-2.0 * std::log(u1));
  return {std::sin(angle) * radius, std::cos(angle) * radius};
}

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_DISTRIBUTIONS_H_
