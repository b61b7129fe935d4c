// sin and cos of a float in double arithmetic, after ARM's optimized routines:
//
//   q = round(y / (pi/2)), x = y - q * pi/2, |x| <= pi/4
//   odd and even polynomials in x; q picks which one, and its sign
//
// There is no table, and no branch but the reduction, so vector lanes compute
// the same bits. Sums are grouped as they are on purpose, and nothing may be
// contracted into a fused multiply-add (-ffp-contract=off).
#include "engine/random/libm.h"

#include <cstdint>

namespace tensorbundle::random {

namespace {

using namespace libm;  // the constants

constexpr double kTwoOverPiScaled = kTwoOverPi * 0x1p24;
constexpr float kQuarterPi = 0x1.921FB6p-1f;

}  // namespace

SinCosResult SinCos(float y) {
  double x = y;
  int32_t q = 0;
  if (y >= kQuarterPi) {
    q = (static_cast<int32_t>(x * kTwoOverPiScaled) + 0x800000) >> 24;
    x -= q * kHalfPi;
  }
  // Quadrants 1 and 2 negate x, 2 and 3 negate the cosine's polynomial.
  if (((q + 1) & 2) != 0) x = -x;
  const double m = (q & 2) != 0 ? -1.0 : 1.0;

  const double x2 = x * x;
  const double x3 = x * x2;
  const double x4 = x2 * x2;
  const double x5 = x2 * x3;
  const double x6 = x2 * x4;
  const double odd = (x + x3 * kS1) + x5 * (kS2 + x2 * kS3);
  const double even =
      ((m + x2 * (m * kC1)) + x4 * (m * kC2)) + x6 * (m * kC3 + x2 * (m * kC4));
  const float sin_part = static_cast<float>(odd);
  const float cos_part = static_cast<float>(even);
  if ((q & 1) != 0) return {cos_part, sin_part};
  return {sin_part, cos_part};
}

}  // namespace tensorbundle::random
