// A checksum that is off by one bit of the message says which bit.
#include "engine/salvage/flipped_bit.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/salvage/polynomial.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::salvage {
namespace {

TEST(Polynomial, XAndItsInverseCancel) {
  uint32_t a = 0x12345678;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(OverX(TimesX(a)), a);
    EXPECT_EQ(TimesX(OverX(a)), a);
    EXPECT_EQ(OverX8(TimesX8(a)), a);
    a = a * 1664525 + 1013904223;
  }
  EXPECT_EQ(Times(kOne, 0xdeadbeef), 0xdeadbeefu);
  EXPECT_EQ(Times(TimesX(kOne), 0xdeadbeef), TimesX(0xdeadbeef));
}

TEST(FlippedBit, EveryBitIsFound) {
  std::string message = "The quick brown fox jumps over the lazy dog";
  const uint32_t right = crc32c::Value(AsBytes(message));
  for (size_t bit = 0; bit < message.size() * 8; ++bit) {
    std::string wrong = message;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(
        FindFlippedBit(right, crc32c::Value(AsBytes(wrong)), wrong.size()),
        bit);
  }
}

TEST(FlippedBit, TwoBitsAreNotTakenForOne) {
  const std::string message(64, 'm');
  const uint32_t right = crc32c::Value(AsBytes(message));
  for (size_t a = 0; a < 512; a += 7) {
    for (size_t b = a + 1; b < 512; b += 5) {
      std::string wrong = message;
      wrong[a / 8] = static_cast<char>(wrong[a / 8] ^ 1 << a % 8);
      wrong[b / 8] = static_cast<char>(wrong[b / 8] ^ 1 << b % 8);
      EXPECT_EQ(FindFlippedBit(right, crc32c::Value(AsBytes(wrong)), 64),
                std::nullopt);
    }
  }
}

TEST(FlippedBit, NothingIsNotABit) {
  EXPECT_EQ(FindFlippedBit(1, 2, 0), std::nullopt);
  EXPECT_EQ(FindFlippedBit(7, 7, 100), std::nullopt);
}

}  // namespace
}  // namespace tensorbundle::salvage
