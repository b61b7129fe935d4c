// Numbers and strings as bytes that sort as their values do
// (engine/docs/slices.md, "Slice keys").
#include "engine/util/ordered_code.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace tensorbundle {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

std::string Num(uint64_t value) {
  std::string out;
  AppendOrderedNum(&out, value);
  return out;
}

std::string Signed(int64_t value) {
  std::string out;
  AppendOrderedSigned(&out, value);
  return out;
}

std::string Str(std::string_view value) {
  std::string out;
  AppendOrderedString(&out, value);
  return out;
}

template <size_t n>
std::string Raw(const char (&literal)[n]) {
  return std::string(literal, n - 1);
}

// Values around every power of two, where lengths change.
std::vector<int64_t> Interesting() {
  std::vector<int64_t> values = {0, kMin, kMax};
  for (int bit = 0; bit < 63; ++bit) {
    const int64_t power = int64_t{1} << bit;
    for (const int64_t v : {power - 1, power, power + 1}) {
      values.push_back(v);
      values.push_back(-v);
    }
  }
  return values;
}

TEST(OrderedCode, SignedNumbersHaveTheDocumentedBytes) {
  EXPECT_EQ(Signed(0), "\x80");
  EXPECT_EQ(Signed(1), "\x81");
  EXPECT_EQ(Signed(-1), "\x7f");
  EXPECT_EQ(Signed(63), "\xbf");
  EXPECT_EQ(Signed(64), Raw("\xc0\x40"));
  EXPECT_EQ(Signed(-64), "\x40");
  EXPECT_EQ(Signed(-65), Raw("\x3f\xbf"));
  EXPECT_EQ(Signed(8191), Raw("\xdf\xff"));
  EXPECT_EQ(Signed(8192), Raw("\xe0\x20\x00"));
  EXPECT_EQ(Signed(-8192), Raw("\x20\x00"));
  EXPECT_EQ(Signed(-8193), Raw("\x1f\xdf\xff"));
  EXPECT_EQ(Signed(100000), Raw("\xe1\x86\xa0"));
  EXPECT_EQ(Signed(0x424242), Raw("\xf0\x42\x42\x42"));
  EXPECT_EQ(Signed(int64_t{1} << 31), Raw("\xf8\x80\x00\x00\x00"));
  EXPECT_EQ(Signed(int64_t{1} << 62),
            Raw("\xff\xc0\x40\x00\x00\x00\x00\x00\x00\x00"));
  EXPECT_EQ(Signed(kMin), Raw("\x00\x3f\x80\x00\x00\x00\x00\x00\x00\x00"));
}

TEST(OrderedCode, NumbersAndStringsHaveTheDocumentedBytes) {
  EXPECT_EQ(Num(0), Raw("\x00"));
  EXPECT_EQ(Num(1), Raw("\x01\x01"));
  EXPECT_EQ(Num(256), Raw("\x02\x01\x00"));
  EXPECT_EQ(Num(std::numeric_limits<uint64_t>::max()),
            Raw("\x08\xff\xff\xff\xff\xff\xff\xff\xff"));
  EXPECT_EQ(Str(""), Raw("\x00\x01"));
  EXPECT_EQ(Str("w"), Raw("w\x00\x01"));
  EXPECT_EQ(Str(Raw("a\x00\xff")), Raw("a\x00\xff\xff\x00\x00\x01"));
}

TEST(OrderedCode, EveryValueReadsBackAndLeavesWhatFollows) {
  for (const int64_t v : Interesting()) {
    std::string bytes =
        Signed(v) + Num(static_cast<uint64_t>(v)) + Str(Signed(v)) + "rest";
    std::string_view in = bytes;
    int64_t number = 0;
    uint64_t count = 0;
    std::string text;
    ASSERT_TRUE(ReadOrderedSigned(&in, &number)) << v;
    ASSERT_TRUE(ReadOrderedNum(&in, &count)) << v;
    ASSERT_TRUE(ReadOrderedString(&in, &text)) << v;
    EXPECT_EQ(number, v);
    EXPECT_EQ(count, static_cast<uint64_t>(v));
    EXPECT_EQ(text, Signed(v));
    EXPECT_EQ(in, "rest");
  }
}

TEST(OrderedCode, BytesSortAsValues) {
  const std::vector<int64_t> values = Interesting();
  for (const int64_t a : values) {
    for (const int64_t b : values) {
      EXPECT_EQ(a < b, Signed(a) < Signed(b)) << a << ' ' << b;
      if (a >= 0 && b >= 0) {
        EXPECT_EQ(a < b, Num(static_cast<uint64_t>(a)) <
                             Num(static_cast<uint64_t>(b)));
      }
    }
  }
  EXPECT_LT(Str("a"), Str(Raw("a\x00")));
  EXPECT_LT(Str(Raw("a\x00")), Str("a\x01"));
  EXPECT_LT(Str("a\xfe"), Str("a\xff"));
}

TEST(OrderedCode, TruncatedItemsAreRefusedAndLeftInPlace) {
  for (const int64_t v : Interesting()) {
    for (const std::string& whole :
         {Signed(v), Num(static_cast<uint64_t>(v)), Str(Signed(v))}) {
      for (size_t n = 0; n < whole.size(); ++n) {
        std::string_view in = std::string_view(whole).substr(0, n);
        int64_t number = 0;
        uint64_t count = 0;
        std::string text;
        if (whole == Signed(v)) {
          EXPECT_FALSE(ReadOrderedSigned(&in, &number)) << v << ' ' << n;
        } else if (whole == Num(static_cast<uint64_t>(v))) {
          EXPECT_FALSE(ReadOrderedNum(&in, &count)) << v << ' ' << n;
        } else {
          EXPECT_FALSE(ReadOrderedString(&in, &text)) << v << ' ' << n;
        }
        EXPECT_EQ(in.size(), n);
      }
    }
  }
}

TEST(OrderedCode, OtherSpellingsAreRefused) {
  uint64_t count = 0;
  for (const std::string& bad :
       {Raw("\x09"), Raw("\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01"),
        Raw("\x02\x00\x01"), Raw("\xff")}) {
    std::string_view in = bad;
    EXPECT_FALSE(ReadOrderedNum(&in, &count)) << bad;
  }
  std::string text;
  for (const std::string& bad :
       {Raw("a\x00\x02"), Raw("\xff\xff\x00\x01"), Raw("a\xff\x01\x00\x01")}) {
    std::string_view in = bad;
    EXPECT_FALSE(ReadOrderedString(&in, &text)) << bad;
  }
  int64_t number = 0;
  for (const std::string& bad :
       {// 0 and -1 in two bytes
        Raw("\xc0\x00"), Raw("\x3f\xff"),
        // ten bytes whose value needs 64 bits and a sign
        Raw("\xff\xc0\x80\x00\x00\x00\x00\x00\x00\x00"),
        Raw("\xff\xc1\x40\x00\x00\x00\x00\x00\x00\x00"),
        Raw("\xff\xe0\x40\x00\x00\x00\x00\x00\x00\x00\x00"),
        Raw("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")}) {
    std::string_view in = bad;
    EXPECT_FALSE(ReadOrderedSigned(&in, &number)) << bad;
  }
}

TEST(OrderedCode, WhateverIsAcceptedIsWhatTheWriterMakes) {
  std::mt19937_64 random(1);
  int accepted = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string bytes;
    const uint64_t shape = random();
    for (int i = 0; i < 12; ++i) bytes += static_cast<char>(random());
    // All-ones and all-zeros starts lead to the long forms.
    if (shape % 4 == 0) bytes[0] = '\xff';
    if (shape % 4 == 1) bytes[0] = '\0';
    if (shape % 16 < 4) bytes[1] = shape % 4 == 0 ? '\xc0' : '\x3f';
    std::string_view in = bytes;
    int64_t number = 0;
    if (!ReadOrderedSigned(&in, &number)) continue;
    ++accepted;
    EXPECT_EQ(Signed(number), bytes.substr(0, bytes.size() - in.size()));
  }
  EXPECT_GT(accepted, 100000);
}

}  // namespace
}  // namespace tensorbundle
