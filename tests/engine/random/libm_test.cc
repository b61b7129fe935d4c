// Box-Muller meets 2^23 arguments of log and of sin and cos: every result has
// glibc 2.36's bits (hashes over the results in ascending order of u).
#include "engine/random/libm.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "engine/random/distributions.h"
#include "engine/random/normal_lanes.h"
#include "engine/util/bytes.h"

namespace tensorbundle::random {
namespace {

// FNV-1a with the 32 bits of a float in place of a byte.
class Hash {
 public:
  void Add(float value) {
    hash_ = (hash_ ^ BitCast<uint32_t>(value)) * 1099511628211u;
  }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 1469598103934665603u;
};

constexpr uint32_t kCount = 1u << 23;

float U(uint32_t k) { return static_cast<float>(k) * 0x1p-23f; }

TEST(Libm, LogHasGlibcsBits) {
  Hash hash;
  for (uint32_t k = 0; k < kCount; ++k) {
    const float u = U(k);
    hash.Add(Log(u < 1e-7f ? 1e-7f : u));
  }
  EXPECT_EQ(hash.value(), 0x1a5b47449ecf5a53u);
}

TEST(Libm, SinAndCosHaveGlibcsBits) {
  Hash sines;
  Hash cosines;
  for (uint32_t k = 0; k < kCount; ++k) {
    const SinCosResult point =
        SinCos(static_cast<float>(kTwoPi * static_cast<double>(U(k))));
    sines.Add(point.sin);
    cosines.Add(point.cos);
  }
  EXPECT_EQ(sines.value(), 0x4d9ec677ee98eedcu);
  EXPECT_EQ(cosines.value(), 0x8a08c7c62f1bde9fu);
}

TEST(Libm, LanesHaveTheSameBits) {
  Hash logs;
  Hash sines;
  Hash cosines;
  for (uint32_t k = 0; k < kCount; k += 4) {
    const simd::F32x4 u = {U(k), U(k + 1), U(k + 2), U(k + 3)};
    const simd::F32x4 log = lanes::Log(simd::Max(u, simd::Splat(1e-7f)));
    const lanes::Pair point = lanes::SinCos(
        simd::Narrow(simd::WidenLow(u) * kTwoPi, simd::WidenHigh(u) * kTwoPi));
    for (int lane = 0; lane < 4; ++lane) {
      logs.Add(log[lane]);
      sines.Add(point.first[lane]);
      cosines.Add(point.second[lane]);
    }
  }
  EXPECT_EQ(logs.value(), 0x1a5b47449ecf5a53u);
  EXPECT_EQ(sines.value(), 0x4d9ec677ee98eedcu);
  EXPECT_EQ(cosines.value(), 0x8a08c7c62f1bde9fu);
}

TEST(Distributions, BitsBecomeReals) {
  EXPECT_EQ(UniformFloat(0x12345678), 0.408888817f);
  EXPECT_EQ(UniformDouble(0x12345678, 0x9abcdef0), 0.27111111111110731);
  EXPECT_EQ(UniformFloat(0xff800000), 0.0f);
  EXPECT_EQ(UniformFloat(0xffffffff), 1.0f - 0x1p-23f);
}

TEST(Distributions, BoxMullerGivesTheSineFirst) {
  const NormalPair<float> zero = BoxMuller(0, 0);
  EXPECT_EQ(zero.first, 0.0f);
  EXPECT_EQ(zero.second, 5.67769241f);
  const NormalPair<float> pair = BoxMuller(0x12345678, 0x9abcdef0);
  EXPECT_EQ(pair.first, 0.204619363f);
  EXPECT_EQ(pair.second, -1.3216486f);
}

}  // namespace
}  // namespace tensorbundle::random
