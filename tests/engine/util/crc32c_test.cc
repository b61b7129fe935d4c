// CRC-32C: reflected polynomial 0x82f63b78, initial value and final xor
// 0xffffffff; files store it rotated and offset (engine/docs/table-format.md,
// "Checksums").
#include "engine/util/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/engine/support/hex.h"

namespace tensorbundle::crc32c {
namespace {

// Bit by bit, as the definition reads.
uint32_t Reference(uint32_t crc, Bytes bytes) {
  uint32_t state = ~crc;
  for (uint8_t byte : bytes) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      state = state >> 1 ^ (state & 1 ? 0x82f63b78u : 0);
    }
  }
  return ~state;
}

std::vector<uint8_t> RandomBytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

using Kernel = uint32_t (*)(uint32_t, Bytes);

// One body for both kernels.
class Crc32c : public ::testing::TestWithParam<Kernel> {
 protected:
  uint32_t Extend(uint32_t crc, Bytes bytes) { return GetParam()(crc, bytes); }
};

INSTANTIATE_TEST_SUITE_P(Kernels, Crc32c,
                         ::testing::Values(&ExtendPortable, &ExtendFolding),
                         [](const auto& info) {
                           return info.index == 0 ? "Portable" : "Folding";
                         });

TEST_P(Crc32c, KnownValues) {
  EXPECT_EQ(Extend(0, AsBytes("")), 0u);
  EXPECT_EQ(Extend(0, AsBytes("123456789")), 0xe3069283u);
  // RFC 3720, B.4.
  EXPECT_EQ(Extend(0, AsBytes(std::string(32, '\0'))), 0x8a9136aau);
  EXPECT_EQ(Extend(0, AsBytes(std::string(32, '\xff'))), 0x62a8ab43u);
  const std::string tensor =
      testing::FromHex("0000803f 00000040 00004040 00008040 0000a040 0000c040");
  EXPECT_EQ(Extend(0, AsBytes(tensor)), 0x805104b9u);
}

TEST_P(Crc32c, EveryShortLength) {
  const std::vector<uint8_t> bytes = RandomBytes(700, 1);
  for (size_t n = 0; n <= bytes.size(); ++n) {
    const Bytes part = Bytes(bytes).first(n);
    ASSERT_EQ(Extend(0, part), Reference(0, part)) << n;
  }
}

TEST_P(Crc32c, LengthsAroundTheKernelsThresholds) {
  const std::vector<uint8_t> bytes = RandomBytes((2 << 20) + 200, 2);
  const size_t thresholds[] = {
      5376,   8192, 16384, 16384 + 5376, 2 * 16384, 1 << 20, (1 << 20) + 16384,
      2 << 20};
  for (size_t threshold : thresholds) {
    for (size_t n : {threshold - 64, threshold - 1, threshold, threshold + 1,
                     threshold + 63, threshold + 65}) {
      const Bytes part = Bytes(bytes).first(n);
      ASSERT_EQ(Extend(7, part), Reference(7, part)) << n;
    }
  }
}

TEST_P(Crc32c, EveryAlignmentAndEveryLengthModuloAStep) {
  const std::vector<uint8_t> bytes = RandomBytes(40000, 3);
  for (size_t begin = 0; begin < 64; ++begin) {
    const size_t n = 30000 + 67 * begin;
    const Bytes part = Bytes(bytes).subspan(begin, n);
    ASSERT_EQ(Extend(0, part), Reference(0, part)) << begin;
  }
}

TEST_P(Crc32c, ChunksGiveTheChecksumOfTheWhole) {
  const std::vector<uint8_t> bytes = RandomBytes(300000, 4);
  const uint32_t whole = Reference(0, bytes);
  std::mt19937 random(5);
  for (int round = 0; round < 20; ++round) {
    uint32_t crc = 0;
    for (size_t at = 0; at < bytes.size();) {
      const size_t limit = round % 2 == 0 ? 100 : 60000;
      const size_t n = std::min<size_t>(random() % limit, bytes.size() - at);
      crc = Extend(crc, Bytes(bytes).subspan(at, n));
      at += n;
    }
    ASSERT_EQ(crc, whole) << round;
  }
}

TEST_P(Crc32c, EveryByteOfALongMessageCounts) {
  std::vector<uint8_t> bytes(50000, 0);
  const uint32_t zeros = Extend(0, bytes);
  std::mt19937 random(6);
  for (size_t at = 0; at < bytes.size(); at += 1 + random() % 50) {
    bytes[at] = static_cast<uint8_t>(1 << random() % 8);
    ASSERT_NE(Extend(0, bytes), zeros) << at;
    bytes[at] = 0;
  }
}

// The folding kernel stands on this: Q = x^5321 + x^3574 + x^2491 + 1 is a
// multiple of the polynomial.
TEST(Crc32cFolding, TheSparsePolynomialIsAMultiple) {
  const auto power = [](int exponent) {
    uint64_t value = 1;
    for (int i = 0; i < exponent; ++i) {
      value <<= 1;
      if (value >> 32) value ^= 0x11edc6f41;
    }
    return value;
  };
  EXPECT_EQ(power(5321) ^ power(3574) ^ power(2491) ^ power(0), 0u);
  EXPECT_EQ(5321 - 3574, 1747);
  EXPECT_EQ(5321 - 2491, 2830);
}

TEST(Crc32cMask, KnownValues) {
  EXPECT_EQ(Mask(0), 0xa282ead8u);
  EXPECT_EQ(Mask(0xe3069283), 0xc78ab0e5u);
  EXPECT_EQ(Mask(0x805104b9), 0xabf5eb7au);
}

TEST(Crc32cMask, UnmaskUndoesMask) {
  std::mt19937 random(7);
  for (int i = 0; i < 1000; ++i) {
    const uint32_t crc = static_cast<uint32_t>(random());
    ASSERT_EQ(Unmask(Mask(crc)), crc);
    ASSERT_NE(Mask(crc), crc);
  }
}

}  // namespace
}  // namespace tensorbundle::crc32c
