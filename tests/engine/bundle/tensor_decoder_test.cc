// The checksum is that of the bytes in the file; big-endian numbers are turned
// around behind it (engine/docs/bundle-format.md, "Data").
#include "engine/bundle/tensor_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/util/crc32c.h"
#include "tests/engine/support/goldens.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::ToHex;

Entry EntryFor(DType dtype, const Shape& shape, const std::string& bytes) {
  Entry entry;
  entry.dtype = dtype;
  entry.shape = shape;
  entry.offset = 100;
  entry.size = static_cast<int64_t>(bytes.size());
  entry.crc32c = crc32c::Mask(crc32c::Value(AsBytes(bytes)));
  return entry;
}

// Passes `bytes` through in chunks.
Status Decode(const Entry& entry, bool big_endian, size_t chunk,
              std::string* bytes) {
  TB_ASSIGN_OR_RETURN(TensorDecoder decoder,
                      TensorDecoder::Create("k", entry, big_endian, "file"));
  for (size_t at = 0; at < bytes->size(); at += chunk) {
    const size_t n = std::min(chunk, bytes->size() - at);
    TB_RETURN_IF_ERROR(
        decoder.Update({reinterpret_cast<uint8_t*>(bytes->data()) + at, n}));
  }
  return decoder.Finish();
}

TEST(TensorDecoder, PassesTheBytesThatWereWritten) {
  const std::string bytes = testing::PhiloxBytes(DType::kDouble, 100, 1);
  const Entry entry = EntryFor(DType::kDouble, Shape::Of({4, 25}), bytes);
  for (size_t chunk : {1, 7, 8, 800}) {
    std::string copy = bytes;
    EXPECT_TRUE(Decode(entry, false, chunk, &copy).ok());
    EXPECT_EQ(copy, bytes);
  }
}

TEST(TensorDecoder, TellsAFlippedBitInTensorFlowsWords) {
  std::string bytes = FromHex("0000003f 0000c0bf 00001040");
  Entry entry = EntryFor(DType::kFloat, Shape::Of({3}), bytes);
  EXPECT_EQ(entry.crc32c, 0x15fb4ca0u);
  bytes[0] = 1;
  const Status status = Decode(entry, false, 12, &bytes);
  EXPECT_EQ(status.code(), Code::kDataLoss);
  const uint32_t actual = crc32c::Value(AsBytes(bytes));
  EXPECT_EQ(status.message(),
            "Checksum does not match: stored 820263356 vs. calculated on the "
            "restored bytes " +
                std::to_string(actual));
  EXPECT_EQ(status.location().file, "file");
  EXPECT_EQ(status.location().tensor, "k");
  EXPECT_EQ(status.location().offset, 100u);
  EXPECT_EQ(status.location().length, 12u);
  // A small number is padded to eight digits.
  entry.crc32c = crc32c::Mask(42);
  EXPECT_NE(Decode(entry, false, 12, &bytes).message().find("stored 00000042"),
            std::string::npos);
}

TEST(TensorDecoder, AnEmptyTensorHasAChecksumToo) {
  Entry entry = EntryFor(DType::kFloat, Shape::Of({0}), "");
  std::string none;
  EXPECT_TRUE(Decode(entry, false, 1, &none).ok());
  entry.crc32c = 0;
  EXPECT_EQ(Decode(entry, false, 1, &none).code(), Code::kDataLoss);
}

TEST(TensorDecoder, CountsTheBytes) {
  const std::string bytes(12, 'b');
  const Entry entry = EntryFor(DType::kFloat, Shape::Of({3}), bytes);
  TensorDecoder decoder =
      TensorDecoder::Create("k", entry, false, "file").value();
  EXPECT_EQ(decoder.size(), 12u);
  EXPECT_TRUE(decoder.Check(AsBytes(bytes).first(5)).ok());
  EXPECT_EQ(decoder.position(), 5u);
  EXPECT_EQ(decoder.Finish().code(), Code::kOutOfRange);
  EXPECT_EQ(decoder.Check(AsBytes(bytes)).code(), Code::kOutOfRange);
  EXPECT_TRUE(decoder.Check(AsBytes(bytes).first(7)).ok());
  EXPECT_TRUE(decoder.Finish().ok());
}

TEST(TensorDecoder, TurnsBigEndianNumbersAround) {
  struct Case {
    DType dtype;
    const char* file;
    const char* memory;
  };
  const Case cases[] = {
      {DType::kInt8, "0102", "0102"},
      {DType::kHalf, "3c00 4000", "003c 0040"},
      {DType::kFloat, "3f800000 40000000", "0000803f 00000040"},
      {DType::kInt64, "0102030405060708 0000000000000001",
       "0807060504030201 0100000000000000"},
      {DType::kComplex64, "3f800000 40000000 00000001 00000002",
       "0000803f 00000040 01000000 02000000"},
      {DType::kComplex128,
       "3ff0000000000000 4000000000000000 0000000000000001 0000000000000002",
       "000000000000f03f 0000000000000040 0100000000000000 "
       "0200000000000000"},
  };
  for (const Case& c : cases) {
    std::string bytes = FromHex(c.file);
    const Entry entry = EntryFor(c.dtype, Shape::Of({2}), bytes);
    EXPECT_TRUE(Decode(entry, true, 8, &bytes).ok());
    EXPECT_EQ(ToHex(bytes), ToHex(FromHex(c.memory))) << DTypeString(c.dtype);
  }
}

TEST(TensorDecoder, KnowsEveryDTypeOfFixedSize) {
  for (int n = 1; n < kNumDTypes; ++n) {
    const DType dtype = static_cast<DType>(n);
    const Shape shape = Shape::Of({3});
    std::string bytes(3 * DTypeSize(dtype), 'b');
    const Status status =
        Decode(EntryFor(dtype, shape, bytes), false, 8, &bytes);
    EXPECT_EQ(status.code(),
              DTypeSize(dtype) > 0 ? Code::kOk : Code::kUnimplemented)
        << DTypeString(dtype);
  }
}

TEST(TensorDecoder, RefusesWhatDataRangeRefuses) {
  Entry entry = EntryFor(DType::kFloat, Shape::Of({3}), std::string(11, 'b'));
  const Status status =
      TensorDecoder::Create("k", entry, false, "file").status();
  EXPECT_EQ(status.message(),
            "Invalid size in bundle entry: key k; stored size 11; expected "
            "size 12");
  EXPECT_EQ(status.location().tensor, "k");
  entry.slices = {{{{0, 3}}}};
  EXPECT_EQ(TensorDecoder::Create("k", entry, false, "file").status().code(),
            Code::kUnimplemented);
}

}  // namespace
}  // namespace tensorbundle::bundle
