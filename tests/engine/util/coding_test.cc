// Fixed-width numbers are little endian, varints hold 7 bits a byte with the
// low group first (engine/docs/table-format.md, "Numbers").
#include "engine/util/coding.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/support/hex.h"

namespace tensorbundle {
namespace {

using testing::FromHex;
using testing::ToHex;

std::string Varint(uint64_t value) {
  std::string bytes;
  AppendVarint64(&bytes, value);
  return bytes;
}

TEST(Coding, FixedWidthIsLittleEndian) {
  std::string bytes;
  AppendFixed32(&bytes, 0x8b80fb57);
  AppendFixed64(&bytes, 0xdb4775248b80fb57);
  EXPECT_EQ(ToHex(bytes), "57fb808b57fb808b247547db");
  Cursor cursor(AsBytes(bytes));
  uint32_t small = 0;
  uint64_t large = 0;
  EXPECT_TRUE(cursor.ReadFixed32(&small));
  EXPECT_TRUE(cursor.ReadFixed64(&large));
  EXPECT_EQ(small, 0x8b80fb57u);
  EXPECT_EQ(large, 0xdb4775248b80fb57u);
  EXPECT_TRUE(cursor.empty());
}

TEST(Coding, VarintsOfKnownNumbers) {
  EXPECT_EQ(ToHex(Varint(0)), "00");
  EXPECT_EQ(ToHex(Varint(127)), "7f");
  EXPECT_EQ(ToHex(Varint(128)), "8001");
  EXPECT_EQ(ToHex(Varint(300)), "ac02");
  EXPECT_EQ(ToHex(Varint(UINT32_MAX)), "ffffffff0f");
  EXPECT_EQ(ToHex(Varint(UINT64_MAX)), "ffffffffffffffffff01");
}

TEST(Coding, VarintsReadBackAroundEveryPowerOfTwo) {
  for (int bit = 0; bit < 64; ++bit) {
    for (int delta = -1; delta <= 1; ++delta) {
      const uint64_t value =
          (uint64_t{1} << bit) + static_cast<uint64_t>(int64_t{delta});
      const std::string bytes = Varint(value);
      EXPECT_EQ(bytes.size(), VarintSize(value));
      Cursor cursor(AsBytes(bytes));
      uint64_t read = 0;
      ASSERT_TRUE(cursor.ReadVarint64(&read));
      EXPECT_EQ(read, value);
      EXPECT_TRUE(cursor.empty());
    }
  }
}

TEST(Coding, NoReadPassesTheEndOrMovesOnFailure) {
  const std::string bytes = Varint(UINT64_MAX);
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    Cursor cursor(AsBytes(bytes).first(cut));
    uint64_t value = 0;
    EXPECT_FALSE(cursor.ReadVarint64(&value));
    EXPECT_EQ(cursor.position(), 0u);
  }
  Cursor cursor(AsBytes(bytes));
  Bytes taken;
  EXPECT_FALSE(cursor.ReadBytes(bytes.size() + 1, &taken));
  EXPECT_FALSE(cursor.Skip(UINT64_MAX));
  EXPECT_TRUE(cursor.ReadBytes(bytes.size(), &taken));
  EXPECT_TRUE(cursor.empty());
  uint32_t fixed = 0;
  EXPECT_FALSE(cursor.ReadFixed32(&fixed));
}

TEST(Coding, VarintsHaveALongestForm) {
  uint64_t wide = 0;
  uint32_t narrow = 0;
  const std::string ten = FromHex("8080808080808080808001");
  Cursor too_long(AsBytes(ten));
  EXPECT_FALSE(too_long.ReadVarint64(&wide));
  const std::string six = FromHex("808080808001");
  Cursor too_long_32(AsBytes(six));
  EXPECT_FALSE(too_long_32.ReadVarint32(&narrow));
  // Not the shortest form, and accepted.
  const std::string padded = FromHex("8500");
  Cursor cursor(AsBytes(padded));
  EXPECT_TRUE(cursor.ReadVarint32(&narrow));
  EXPECT_EQ(narrow, 5u);
}

}  // namespace
}  // namespace tensorbundle
