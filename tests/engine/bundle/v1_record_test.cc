// V1 records: TensorFlow's bytes for every dtype, whatever protobuf accepts on
// reading, nothing allocated on a claim (engine/docs/v1-format.md, "Values").
#include "engine/bundle/v1_record.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/bundle/messages.h"
#include "engine/proto/saved_tensor_slice.pb.h"
#include "engine/util/wire.h"
#include "tests/engine/support/goldens.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::Element;
using testing::FromHex;
using testing::ToHex;

constexpr DType kDTypes[] = {
    DType::kFloat,  DType::kDouble,     DType::kInt32,  DType::kUint8,
    DType::kInt16,  DType::kInt8,       DType::kQint8,  DType::kQuint8,
    DType::kQint32, DType::kQuint16,    DType::kUint16, DType::kComplex64,
    DType::kInt64,  DType::kComplex128, DType::kHalf,   DType::kBool};

// The record of a vector called "v", in hex.
std::string Hex(DType dtype, const std::string& elements) {
  Result<std::string> record =
      EncodeV1Record("v", Slice::Full(1), dtype, AsBytes(elements));
  return record.ok() ? ToHex(*record) : record.status().ToString();
}

// 12 size | 0a 01 76 | 12 02 0a 00 | 1a size, then the values.
std::string HexOf(std::string_view values) {
  const std::string bytes = FromHex(values);
  std::string slice = FromHex("0a 01 76  12 02 0a 00");
  AppendWireBytes(&slice, 3, bytes);
  std::string record;
  AppendWireBytes(&record, 2, slice);
  return ToHex(record);
}

TEST(V1Record, ATensorOfFloats) {
  const std::string elements =
      FromHex("0000003f 0000c0bf 00001040");  // .5, -1.5, 2.25
  EXPECT_EQ(*EncodeV1Record("Variable_1", Slice::Full(1), DType::kFloat,
                            AsBytes(elements)),
            FromHex("12 20 0a 0a 5661726961626c655f31 12 02 0a 00 1a 0e 2a 0c"
                    "0000003f 0000c0bf 00001040"));
}

TEST(V1Record, ATensorOfIntegers) {
  const std::string elements = Element(DType::kInt32, 1) +
                               Element(DType::kInt32, -1) +
                               Element(DType::kInt32, 300);
  EXPECT_EQ(
      *EncodeV1Record("w", Slice::Full(1), DType::kInt32, AsBytes(elements)),
      FromHex("12 18 0a 01 77 12 02 0a 00 1a 0f 3a 0d"
              "01 ffffffffffffffffff01 ac02"));
}

TEST(V1Record, EveryDTypeHasItsField) {
  EXPECT_EQ(Hex(DType::kDouble, Element(DType::kDouble, 1)),
            HexOf("32 08 000000000000f03f"));
  EXPECT_EQ(Hex(DType::kComplex64, Element(DType::kComplex64, 1, -2)),
            HexOf("4a 08 0000803f 000000c0"));
  EXPECT_EQ(Hex(DType::kComplex128, Element(DType::kComplex128, 1, -2)),
            HexOf("62 10 000000000000f03f 00000000000000c0"));
  // Signed numbers below 0 fill ten bytes, of whatever size they are.
  for (const DType dtype : {DType::kInt32, DType::kInt16, DType::kInt8,
                            DType::kQint8, DType::kQint32}) {
    EXPECT_EQ(Hex(dtype, Element(dtype, -1) + Element(dtype, 100)),
              HexOf("3a 0b ffffffffffffffffff01 64"));
  }
  for (const DType dtype : {DType::kUint8, DType::kQuint8}) {
    EXPECT_EQ(Hex(dtype, FromHex("ff 01")), HexOf("3a 03 ff01 01"));
  }
  for (const DType dtype : {DType::kUint16, DType::kQuint16}) {
    EXPECT_EQ(Hex(dtype, FromHex("ffff 0100")), HexOf("3a 04 ffff03 01"));
  }
  EXPECT_EQ(Hex(DType::kInt64, Element(DType::kInt64, -2)),
            HexOf("52 0a feffffffffffffffff01"));
  EXPECT_EQ(Hex(DType::kBool, FromHex("01 00 07")), HexOf("5a 03 010001"));
  // -2.0 is the bits c000.
  EXPECT_EQ(Hex(DType::kHalf, Element(DType::kHalf, -2)),
            HexOf("6a 03 808003"));
}

TEST(V1Record, StringsScalarsAndNothing) {
  const std::vector<std::string> strings = {"", "ab", std::string(1, '\0')};
  EXPECT_EQ(ToHex(*EncodeV1Record("v", Slice::Full(1), strings)),
            HexOf("42 00  42 02 6162  42 01 00"));
  EXPECT_EQ(Hex(DType::kFloat, ""), HexOf(""));
  EXPECT_EQ(*EncodeV1Record("", Slice(), DType::kUint8, AsBytes("\x05")),
            FromHex("12 07 12 00 1a 03 3a 01 05"));
  EXPECT_EQ(*EncodeV1Record("w", *ParseSlice("2,2:-"), DType::kUint8, {}),
            FromHex("12 0f 0a 01 77 12 08 0a 04 0802 1002 0a 00 1a 00"));
}

// All bit patterns of small types, random ones of the large.
std::string SomeElements(DType dtype, std::mt19937* random) {
  const size_t size = DTypeSize(dtype);
  std::string elements;
  for (size_t i = 0; i < 1000 * size; ++i) {
    elements += static_cast<char>((*random)() >> 7);
  }
  if (dtype == DType::kBool) {
    for (char& c : elements) c = static_cast<char>(c & 1);
  }
  return elements;
}

TEST(V1Record, ProtobufAgreesAndElementsComeBack) {
  std::mt19937 random(11);
  for (const DType dtype : kDTypes) {
    ASSERT_TRUE(IsV1DType(dtype));
    const std::string elements = SomeElements(dtype, &random);
    const int64_t count =
        static_cast<int64_t>(elements.size() / DTypeSize(dtype));
    const Slice slice = {{{5, count}, {}}};
    const Result<std::string> record =
        EncodeV1Record("a/b\xff", slice, dtype, AsBytes(elements));
    ASSERT_TRUE(record.ok());
    proto::SavedTensorSlices message;
    ASSERT_TRUE(message.ParseFromString(*record));
    EXPECT_FALSE(message.has_meta());
    EXPECT_EQ(message.data().name(), "a/b\xff");
    EXPECT_EQ(SliceFrom(message.data().slice()), slice);
    // Canonical: protobuf writes the same bytes.
    EXPECT_EQ(message.SerializeAsString(), *record);
    EXPECT_EQ(CountV1Values(AsBytes(*record), dtype),
              static_cast<uint64_t>(count));

    const Result<Tensor> tensor =
        DecodeV1Record(AsBytes(*record), dtype, Shape::Of({count, 1}));
    ASSERT_TRUE(tensor.ok()) << tensor.status().ToString();
    EXPECT_EQ(AsString(tensor->bytes()), elements) << DTypeString(dtype);
  }
}

TEST(V1Record, DTypesWithoutAField) {
  for (const DType dtype :
       {DType::kBfloat16, DType::kUint32, DType::kUint64, DType::kQint16,
        DType::kVariant, DType::kResource, DType::kInvalid, DType::kInt4,
        static_cast<DType>(200), static_cast<DType>(-1)}) {
    EXPECT_FALSE(IsV1DType(dtype));
    EXPECT_EQ(
        DecodeV1Record({}, dtype, Shape::Of({0})).status().message(),
        "Restoring data type " + DTypeString(dtype) + " not yet supported");
  }
}

std::string Floats(const Result<Tensor>& tensor) {
  return tensor.ok() ? ToHex(tensor->bytes()) : tensor.status().ToString();
}

// What a writer never makes and protobuf reads all the same.
TEST(V1Record, AnyFormOfTheMessageIsRead) {
  const auto decode = [](std::string_view hex, DType dtype, int64_t count) {
    const std::string record = FromHex(hex);
    return Floats(DecodeV1Record(AsBytes(record), dtype, Shape::Of({count})));
  };
  // A value a field.
  EXPECT_EQ(decode("12 0c 1a 0a 2d 0000803f 2d 00000040", DType::kFloat, 2),
            "0000803f00000040");
  EXPECT_EQ(decode("12 06 1a 04 38 01 38 02", DType::kUint8, 2), "0102");
  // In two pieces at every level, with unknown fields and a group between.
  EXPECT_EQ(decode("12 0b 1a 09 3a 01 01 08 01 3b 3c 38 02"
                   "0a 00 12 05 1a 03 3a 01 03 78 01",
                   DType::kUint8, 3),
            "010203");
  // Values of other fields do not count; more than enough do no harm.
  EXPECT_EQ(decode("12 09 1a 07 50 09 3a 03 01 02 03", DType::kUint8, 2),
            "0102");
  // A number that is too large keeps its low bits; any other bool is true.
  EXPECT_EQ(decode("12 06 1a 04 3a 02 81 02", DType::kUint8, 1), "01");
  EXPECT_EQ(decode("12 06 1a 04 5a 02 80 02", DType::kBool, 1), "01");
}

TEST(V1Record, WrongFormsAreRefused) {
  const auto code = [](std::string_view hex, DType dtype, int64_t count) {
    const std::string record = FromHex(hex);
    return DecodeV1Record(AsBytes(record), dtype, Shape::Of({count}))
        .status()
        .code();
  };
  EXPECT_EQ(code("", DType::kUint8, 0), Code::kOk);
  EXPECT_EQ(code("", DType::kUint8, 1), Code::kDataLoss);
  // Floats of three bytes; varints that do not end; a slice that is cut off.
  EXPECT_EQ(code("12 07 1a 05 2a 03 000000", DType::kFloat, 0),
            Code::kDataLoss);
  EXPECT_EQ(code("12 05 1a 03 3a 01 80", DType::kUint8, 0), Code::kDataLoss);
  EXPECT_EQ(code("12 05 1a 03 3a 01", DType::kUint8, 0), Code::kDataLoss);
  // A field of the wrong type is unknown, and its value missing.
  EXPECT_EQ(code("12 04 1a 02 28 01", DType::kFloat, 0), Code::kOk);
  EXPECT_EQ(code("12 06 1a 04 28 01 28 01", DType::kFloat, 1), Code::kDataLoss);
  EXPECT_EQ(code("12 07 1a 05 3d 00000000", DType::kUint8, 1), Code::kDataLoss);
  EXPECT_EQ(code("12 04 1a 02 40 00", DType::kString, 1), Code::kDataLoss);
  EXPECT_EQ(code("10 01", DType::kUint8, 1), Code::kDataLoss);
  EXPECT_EQ(code("12 02 18 01", DType::kUint8, 1), Code::kDataLoss);
}

TEST(V1Record, ClaimsAreCheckedBeforeAnythingIsAllocated) {
  const std::string record =
      *EncodeV1Record("v", Slice(), DType::kUint8, AsBytes("\x05"));
  for (const DType dtype : kDTypes) {
    const Status status =
        DecodeV1Record(AsBytes(record), dtype, Shape::Of({int64_t{1} << 55}))
            .status();
    EXPECT_EQ(status.code(), Code::kDataLoss);
  }
  EXPECT_EQ(DecodeV1Record(AsBytes(record), DType::kString,
                           Shape::Of({int64_t{1} << 55}))
                .status()
                .code(),
            Code::kDataLoss);
}

TEST(V1Record, TensorsThatTensorFlowWouldNotWriteAreRefused) {
  if constexpr (sizeof(size_t) > 4) {
    // Refused by their number alone; the bytes are not looked at.
    const char byte = 0;
    const size_t just_too_many = ((uint64_t{1} << 31) - 1024 - 7) / 4 * 4 + 4;
    const Bytes bytes(reinterpret_cast<const uint8_t*>(&byte), just_too_many);
    EXPECT_EQ(EncodeV1Record("v", Slice::Full(1), DType::kFloat, bytes)
                  .status()
                  .ToString(),
              "Invalid argument: Tensor slice is too large to serialize "
              "(conservative estimate: 2147483651 bytes)");
  }
}

TEST(V1Record, TruncationsAndFlippedBitsDoNoHarm) {
  const std::vector<std::string> strings = {"alpha", "", "gamma"};
  const std::string text = *EncodeV1Record("s", Slice::Full(1), strings);
  const std::string ints = *EncodeV1Record("i", Slice::Full(1), DType::kInt16,
                                           AsBytes(FromHex("ffff 0100 0080")));
  for (const auto& [record, dtype] :
       {std::pair(text, DType::kString), std::pair(ints, DType::kInt16)}) {
    for (size_t n = 0; n < record.size(); ++n) {
      const std::vector<uint8_t> cut(record.begin(),
                                     record.begin() + static_cast<long>(n));
      EXPECT_EQ(DecodeV1Record(cut, dtype, Shape::Of({3})).status().code(),
                Code::kDataLoss);
    }
    for (size_t bit = 0; bit < 8 * record.size(); ++bit) {
      std::vector<uint8_t> flipped(record.begin(), record.end());
      flipped[bit / 8] = static_cast<uint8_t>(flipped[bit / 8] ^ 1 << bit % 8);
      const Result<Tensor> tensor =
          DecodeV1Record(flipped, dtype, Shape::Of({3}));
      if (tensor.ok()) {
        EXPECT_EQ(tensor->num_elements(), 3);
      } else {
        EXPECT_EQ(tensor.status().code(), Code::kDataLoss);
      }
    }
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
