// Cast: floats to integers truncate, bool to float is 0 or 1, what does not
// fit is what x86 makes of it.
#include "engine/kernels/cast.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace tensorbundle::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <typename To, typename From>
std::vector<To> CastTo(DType to, DType from, const std::vector<From>& x) {
  std::vector<To> y(x.size());
  Cast(x.size(), from, x.data(), to, y.data());
  return y;
}

const std::vector<double> kReals = {0,    -0.0,  1.9,  -1.9,     127.5, -128.9,
                                    300,  -1e6,  3e9,  -3e9,     1e10,  1.5e19,
                                    1e30, -1e30, kNan, kInfinity};

TEST(Cast, RealsTruncateTowardsZero) {
  constexpr int32_t kMin32 = std::numeric_limits<int32_t>::min();
  constexpr int64_t kMin64 = std::numeric_limits<int64_t>::min();
  EXPECT_EQ((CastTo<int32_t>(DType::kInt32, DType::kDouble, kReals)),
            (std::vector<int32_t>{0, 0, 1, -1, 127, -128, 300, -1000000, kMin32,
                                  kMin32, kMin32, kMin32, kMin32, kMin32,
                                  kMin32, kMin32}));
  EXPECT_EQ((CastTo<int64_t>(DType::kInt64, DType::kDouble, kReals)),
            (std::vector<int64_t>{0, 0, 1, -1, 127, -128, 300, -1000000,
                                  3000000000, -3000000000, 10000000000, kMin64,
                                  kMin64, kMin64, kMin64, kMin64}));
  EXPECT_EQ((CastTo<int8_t>(DType::kInt8, DType::kDouble, kReals)),
            (std::vector<int8_t>{0, 0, 1, -1, 127, -128, 44, -64, 0, 0, 0, 0, 0,
                                 0, 0, 0}));
  const std::vector<uint64_t> wide =
      CastTo<uint64_t>(DType::kUint64, DType::kDouble, kReals);
  EXPECT_EQ(wide[11], 15000000000000000000u);
  EXPECT_EQ(wide[5], static_cast<uint64_t>(-128));
}

TEST(Cast, TheLastValuesThatFit) {
  const std::vector<double> x = {2147483647.9, -2147483648.9, 2147483648.0,
                                 -2147483649.0};
  EXPECT_EQ((CastTo<int32_t>(DType::kInt32, DType::kDouble, x)),
            (std::vector<int32_t>{2147483647, -2147483647 - 1, -2147483647 - 1,
                                  -2147483647 - 1}));
}

TEST(Cast, IntegersKeepTheirLowBits) {
  const std::vector<int64_t> x = {-1, 255, 256, int64_t{1} << 40, 65535};
  EXPECT_EQ((CastTo<uint8_t>(DType::kUint8, DType::kInt64, x)),
            (std::vector<uint8_t>{255, 255, 0, 0, 255}));
  EXPECT_EQ((CastTo<int16_t>(DType::kInt16, DType::kInt64, x)),
            (std::vector<int16_t>{-1, 255, 256, 0, -1}));
  EXPECT_EQ((CastTo<uint64_t>(DType::kUint64, DType::kInt64, x))[0],
            std::numeric_limits<uint64_t>::max());
}

TEST(Cast, IntegersRoundOnceToFloats) {
  // 2^24 + 1 is a tie; 2^54 + 2^30 + 1 would be one after rounding to double.
  const std::vector<int64_t> x = {16777217,
                                  (int64_t{1} << 54) + (int64_t{1} << 30) + 1};
  EXPECT_EQ((CastTo<float>(DType::kFloat, DType::kInt64, x)),
            (std::vector<float>{16777216.f, 0x1.000002p54f}));
  const std::vector<uint64_t> large = {std::numeric_limits<uint64_t>::max()};
  EXPECT_EQ((CastTo<float>(DType::kFloat, DType::kUint64, large))[0], 0x1p64f);
}

TEST(Cast, Bools) {
  const std::vector<uint8_t> bools = {0, 1};
  EXPECT_EQ((CastTo<float>(DType::kFloat, DType::kBool, bools)),
            (std::vector<float>{0, 1}));
  const std::vector<float> x = {0, -0.f, 0.25f, -3,
                                std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ((CastTo<uint8_t>(DType::kBool, DType::kFloat, x)),
            (std::vector<uint8_t>{0, 0, 1, 1, 1}));
  const std::vector<int32_t> integers = {0, 256, -1};
  EXPECT_EQ((CastTo<uint8_t>(DType::kBool, DType::kInt32, integers)),
            (std::vector<uint8_t>{0, 1, 1}));
}

TEST(Cast, HalvesAndBfloats) {
  const std::vector<float> x = {1.5f, -65504.f, 1e6f, 0x1p-24f};
  const std::vector<uint16_t> half =
      CastTo<uint16_t>(DType::kHalf, DType::kFloat, x);
  EXPECT_EQ(half, (std::vector<uint16_t>{0x3E00, 0xFBFF, 0x7C00, 0x0001}));
  EXPECT_EQ((CastTo<float>(DType::kFloat, DType::kHalf, half))[3], 0x1p-24f);
  EXPECT_EQ((CastTo<int32_t>(DType::kInt32, DType::kHalf, half))[1], -65504);
  const std::vector<uint16_t> bfloat =
      CastTo<uint16_t>(DType::kBfloat16, DType::kFloat, x);
  EXPECT_EQ(bfloat[0], 0x3FC0);
  EXPECT_EQ((CastTo<float>(DType::kFloat, DType::kBfloat16, bfloat))[0], 1.5f);
}

TEST(Cast, ComplexNumbers) {
  const std::vector<float> pairs = {1.5f, 2.5f, -3.5f, 4.5f};
  std::vector<double> wide(4);
  Cast(2, DType::kComplex64, pairs.data(), DType::kComplex128, wide.data());
  EXPECT_EQ(wide, (std::vector<double>{1.5, 2.5, -3.5, 4.5}));
  std::vector<int32_t> real(2);
  Cast(2, DType::kComplex64, pairs.data(), DType::kInt32, real.data());
  EXPECT_EQ(real, (std::vector<int32_t>{1, -3}));
  Cast(2, DType::kInt32, real.data(), DType::kComplex128, wide.data());
  EXPECT_EQ(wide, (std::vector<double>{1, 0, -3, 0}));
}

TEST(Cast, EveryPairConvertsASmallNumber) {
  std::vector<DType> dtypes;
  for (int i = 1; i < kNumDTypes; ++i) {
    if (CanCast(static_cast<DType>(i))) dtypes.push_back(static_cast<DType>(i));
  }
  EXPECT_EQ(dtypes.size(), 15u);
  // More elements than one chunk takes.
  constexpr size_t kCount = 300;
  std::vector<int32_t> ones(kCount);
  for (size_t i = 0; i < kCount; ++i) ones[i] = static_cast<int32_t>(i % 2);
  for (const DType from : dtypes) {
    for (const DType to : dtypes) {
      std::vector<uint8_t> x(kCount * 16), y(kCount * 16);
      std::vector<int32_t> back(kCount);
      Cast(kCount, DType::kInt32, ones.data(), from, x.data());
      Cast(kCount, from, x.data(), to, y.data());
      Cast(kCount, to, y.data(), DType::kInt32, back.data());
      EXPECT_EQ(back, ones) << DTypeString(from) << " " << DTypeString(to);
    }
  }
  EXPECT_FALSE(CanCast(DType::kString));
}

}  // namespace
}  // namespace tensorbundle::kernels
