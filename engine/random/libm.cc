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

constexpr double kTwoOverPiScaled = 0x1.45F306DC9C883p+23;  // 2/pi * 2^24
constexpr double kHalfPi = 0x1.921FB54442D18p0;
constexpr float kQuarterPi = 0x1.921FB6p-1f;

constexpr double kS1 = -0x1.555545995a603p-3;
constexpr double kS2 = 0x1.1107605230bc4p-7;
constexpr double kS3 = -0x1.994eb3774cf24p-13;
constexpr double kC1 = -0x1.ffffffd0c621cp-2;
constexpr double kC2 = 0x1.55553e1068f19p-5;
constexpr double kC3 = -0x1.6c087e89a359dp-10;
constexpr double kC4 = 0x1.99343027bf8c3p-16;

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
