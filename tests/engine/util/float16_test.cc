// half: 5 exponent and 10 fraction bits; bfloat16: the upper half of a float.
// Conversions from float round to nearest, ties to even.
#include "engine/util/float16.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tensorbundle {
namespace {

bool IsNanPattern(uint16_t half) { return (half & 0x7fff) > 0x7c00; }

TEST(Half, KnownValues) {
  EXPECT_EQ(HalfToFloat(0x3c00), 1.0f);
  EXPECT_EQ(HalfToFloat(0x7bff), 65504.0f);
  EXPECT_EQ(HalfToFloat(0x0001), 0x1p-24f);
  EXPECT_EQ(HalfToFloat(0x0400), 0x1p-14f);
  EXPECT_EQ(HalfToFloat(0xfc00), -INFINITY);
  EXPECT_TRUE(std::signbit(HalfToFloat(0x8000)));
  EXPECT_EQ(FloatToHalf(0.1f), 0x2e66);
  EXPECT_EQ(FloatToHalf(65519.0f), 0x7bff);
  EXPECT_EQ(FloatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(FloatToHalf(1e30f), 0x7c00);
  EXPECT_EQ(FloatToHalf(-0.0f), 0x8000);
  EXPECT_TRUE(IsNanPattern(FloatToHalf(NAN)));
}

TEST(Half, EveryPatternSurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const uint16_t half = static_cast<uint16_t>(bits);
    if (IsNanPattern(half)) {
      ASSERT_TRUE(std::isnan(HalfToFloat(half))) << bits;
      ASSERT_TRUE(IsNanPattern(FloatToHalf(HalfToFloat(half)))) << bits;
    } else {
      ASSERT_EQ(FloatToHalf(HalfToFloat(half)), half) << bits;
    }
  }
}

// Between each half and the next: just below, at and just above the middle.
TEST(Half, TiesGoToTheEvenNeighbour) {
  for (uint16_t half = 0; half < 0x7bff; ++half) {
    const float low = HalfToFloat(half);
    const float high = HalfToFloat(static_cast<uint16_t>(half + 1));
    const float middle = low + (high - low) / 2;
    const uint16_t even = half % 2 == 0 ? half : half + 1;
    ASSERT_EQ(FloatToHalf(middle), even) << half;
    ASSERT_EQ(FloatToHalf(std::nextafter(middle, 0.0f)), half) << half;
    ASSERT_EQ(FloatToHalf(std::nextafter(middle, 1e9f)), half + 1) << half;
    ASSERT_EQ(FloatToHalf(-middle), 0x8000 | even) << half;
  }
}

TEST(Bfloat16, KnownValues) {
  EXPECT_EQ(Bfloat16ToFloat(0x3f80), 1.0f);
  EXPECT_EQ(FloatToBfloat16(0.1f), 0x3dcd);
  EXPECT_EQ(FloatToBfloat16(3.4028235e38f), 0x7f80);
  EXPECT_EQ(FloatToBfloat16(INFINITY), 0x7f80);
  EXPECT_EQ(FloatToBfloat16(NAN), 0x7fc0);
}

TEST(Bfloat16, RoundsToNearestWithTiesToEven) {
  EXPECT_EQ(FloatToBfloat16(BitCast<float>(0x3f808000u)), 0x3f80);
  EXPECT_EQ(FloatToBfloat16(BitCast<float>(0x3f818000u)), 0x3f82);
  EXPECT_EQ(FloatToBfloat16(BitCast<float>(0x3f808001u)), 0x3f81);
  EXPECT_EQ(FloatToBfloat16(BitCast<float>(0x3f807fffu)), 0x3f80);
}

TEST(Bfloat16, EveryPatternSurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const uint16_t value = static_cast<uint16_t>(bits);
    if (std::isnan(Bfloat16ToFloat(value))) continue;
    ASSERT_EQ(FloatToBfloat16(Bfloat16ToFloat(value)), value) << bits;
  }
}

}  // namespace
}  // namespace tensorbundle
