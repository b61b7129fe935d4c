// Protobuf's wire format: fields of any type, groups as a whole.
#include "engine/util/wire.h"

#include <gtest/gtest.h>

#include "tests/engine/support/hex.h"

namespace tensorbundle {
namespace {

using testing::FromHex;

bool Reads(std::string_view hex) {
  const std::string bytes = FromHex(hex);
  Cursor cursor(AsBytes(bytes));
  WireField field;
  return ReadWireField(&cursor, &field) && cursor.empty();
}

TEST(Wire, FieldsOfEveryType) {
  const std::string bytes = FromHex(
      "08 ac02  11 0807060504030201  1a 03 616263  25 78563412"
      "28 ffffffffffffffffff01");
  Cursor cursor(AsBytes(bytes));
  WireField field;
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.number, 1u);
  EXPECT_EQ(field.type, WireType::kVarint);
  EXPECT_EQ(field.value, 300u);
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.type, WireType::kFixed64);
  EXPECT_EQ(field.value, 0x0102030405060708u);
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.type, WireType::kBytes);
  EXPECT_EQ(AsString(field.bytes), "abc");
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.type, WireType::kFixed32);
  EXPECT_EQ(field.value, 0x12345678u);
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(static_cast<int64_t>(field.value), -1);
  EXPECT_TRUE(cursor.empty());
}

TEST(Wire, AGroupIsOneField) {
  const std::string bytes =
      FromHex("0b 0801 13 1a0161 14 2500000000 0c  08 05");
  Cursor cursor(AsBytes(bytes));
  WireField field;
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.number, 1u);
  EXPECT_EQ(field.type, WireType::kStartGroup);
  ASSERT_TRUE(ReadWireField(&cursor, &field));
  EXPECT_EQ(field.value, 5u);
}

TEST(Wire, WhatProtobufRefusesIsRefused) {
  EXPECT_TRUE(Reads("0b 0c"));
  EXPECT_FALSE(Reads("00 01"));                    // field 0
  EXPECT_FALSE(Reads("0e"));                       // type 6
  EXPECT_FALSE(Reads("0f"));                       // type 7
  EXPECT_FALSE(Reads("0c"));                       // an end without a group
  EXPECT_FALSE(Reads("0b 14"));                    // the end of another
  EXPECT_FALSE(Reads("0b 08 01"));                 // no end
  EXPECT_FALSE(Reads("80"));                       // half a tag
  EXPECT_FALSE(Reads("ff ff ff ff 7f 00"));        // type 7 and more
  EXPECT_FALSE(Reads("88 80 80 80 80 00 01"));     // a tag of six bytes
  EXPECT_FALSE(Reads("0a 81 80 80 80 80 00 61"));  // a length of six bytes
  EXPECT_FALSE(Reads("0a f0 ff ff ff 07"));        // a length beyond an int
  EXPECT_FALSE(Reads("08"));                       // no value
  EXPECT_FALSE(Reads("08 80"));                    // half a value
  EXPECT_FALSE(Reads("0a 02 61"));                 // bytes missing
  EXPECT_FALSE(Reads("0a ffffffffffffffffff01"));  // all bytes missing
  EXPECT_FALSE(Reads("0d 000000"));
  EXPECT_FALSE(Reads("09 00000000000000"));
}

// A fuzzer's find, beside protobuf: the fifth byte's upper bits are dropped.
TEST(Wire, TagsWithMoreBitsThanTheyHaveAreTaken) {
  EXPECT_TRUE(Reads("a5 f6 f6 f6 18 f6 f6 a5 a5"));
  EXPECT_TRUE(Reads("88 80 80 80 70 05"));
  EXPECT_TRUE(Reads("0a 81 80 80 80 00 61"));
}

TEST(Wire, GroupsAreNestedOnlySoDeep) {
  const auto nested = [](size_t depth) {
    const std::string bytes =
        std::string(depth, '\x0b') + std::string(depth, '\x0c');
    Cursor cursor(AsBytes(bytes));
    WireField field;
    return ReadWireField(&cursor, &field);
  };
  EXPECT_TRUE(nested(100));
  EXPECT_FALSE(nested(101));
  EXPECT_FALSE(nested(1000000));
}

TEST(Wire, WrittenFieldsReadBack) {
  std::string bytes;
  AppendWireTag(&bytes, 2, WireType::kFixed32);
  AppendFixed32(&bytes, 7);
  AppendWireBytes(&bytes, 1000, "abc");
  AppendWireLength(&bytes, 3, 2);
  bytes += "xy";
  EXPECT_EQ(testing::ToHex(bytes), "1507000000c23e036162631a027879");
}

}  // namespace
}  // namespace tensorbundle
