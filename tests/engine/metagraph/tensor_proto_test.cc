#include "engine/metagraph/tensor_proto.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/support/hex.h"

namespace tensorbundle::metagraph {
namespace {

using tensorbundle::testing::FromHex;
using tensorbundle::testing::ToHex;

struct Case {
  DType dtype;
  int64_t elements;
  const char* bytes;
  const char* proto;  // after dtype and shape
};

// One element in the field of its type, several as raw bytes or in the field.
constexpr Case kCases[] = {
    {DType::kFloat, 1, "0000803f", "2a040000803f"},
    {DType::kDouble, 1, "000000000000f03f", "3208000000000000f03f"},
    {DType::kInt32, 1, "ffffffff", "3a0affffffffffffffffff01"},
    {DType::kInt32, 2, "0200000003000000", "22080200000003000000"},
    {DType::kUint8, 1, "ff", "3a02ff01"},
    {DType::kInt8, 3, "0102ff", "22030102ff"},
    {DType::kInt64, 1, "0700000000000000", "520107"},
    {DType::kBool, 2, "0100", "5a020100"},
    {DType::kHalf, 2, "003c0040", "6a058078808001"},
    {DType::kUint16, 2, "01000200", "3a020102"},
    {DType::kComplex64, 1, "0000803f00000040", "4a080000803f00000040"},
    {DType::kUint32, 1, "ffffffff", "820105ffffffff0f"},
    {DType::kUint64, 1, "ffffffffffffffff", "8a010affffffffffffffffff01"},
    {DType::kInt32, 0, "", ""},
};

TEST(TensorProtoTest, EveryTypeHasItsField) {
  for (const Case& each : kCases) {
    const std::string what = DTypeString(each.dtype);
    const Shape shape =
        each.elements == 1 ? Shape::Of({}) : Shape::Of({each.elements});
    const std::string bytes = FromHex(each.bytes);
    const Tensor tensor =
        Tensor::FromBytes(each.dtype, shape, AsBytes(bytes)).value();
    std::string proto;
    AppendTensorProto(&proto, tensor);
    std::string head;
    AppendShapeProto(&head, shape);
    const std::string tail = FromHex(each.proto);
    ASSERT_GE(proto.size(), tail.size());
    EXPECT_EQ(ToHex(proto.substr(proto.size() - tail.size())), ToHex(tail))
        << what;
    EXPECT_EQ(proto.size(), 4 + head.size() + tail.size()) << what;
    uint64_t expansion = 0;
    const auto parsed = ParseTensorProto(AsBytes(proto), &expansion);
    ASSERT_TRUE(parsed.has_value()) << what;
    EXPECT_EQ(ToHex(parsed->bytes()), ToHex(bytes)) << what;
  }
}

TEST(TensorProtoTest, TheLastValueIsRepeatedAsFarAsItMayCost) {
  // float, [3], 1 and 2.
  const std::string proto =
      FromHex("0801 1204 1202 0803 2a08 0000803f 00000040");
  uint64_t expansion = 4;
  const auto tensor = ParseTensorProto(AsBytes(proto), &expansion);
  ASSERT_TRUE(tensor.has_value());
  EXPECT_EQ(ToHex(tensor->bytes()), "0000803f0000004000000040");
  EXPECT_EQ(expansion, 0u);
  EXPECT_FALSE(ParseTensorProto(AsBytes(proto), &expansion).has_value());
}

TEST(TensorProtoTest, WhatNoTensorIsIsNothing) {
  uint64_t expansion = 1 << 20;
  for (const char* hex : {
           "0801 1204 1202 0802 2204 0000803f",        // half the bytes
           "0814 1200",                                // a resource
           "0801 120d 120b 08 feffffffffffffffff01",   // a dimension of -2
           "0801 1204 1202 0803 2a07 0000803f000000",  // a float of 3 bytes
           "0863 1200",                                // a dtype of 99
           "08",
       }) {
    EXPECT_FALSE(
        ParseTensorProto(AsBytes(FromHex(hex)), &expansion).has_value())
        << hex;
  }
}

}  // namespace
}  // namespace tensorbundle::metagraph
