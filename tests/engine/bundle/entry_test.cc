// Fields that are zero are not written; the shape always is
// (engine/docs/bundle-format.md, "Entries").
#include "engine/bundle/entry.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/bundle/messages.h"
#include "engine/proto/tensor_bundle.pb.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::ToHex;

Status Parse(const std::string& hex, Entry* entry) {
  const std::string value = FromHex(hex);
  return ParseEntry("k", AsBytes(value), entry);
}

Status RangeError(const Entry& entry) { return DataRange("k", entry).status(); }

TEST(Header, KnownBytes) {
  Header header;
  header.producer = 1;
  EXPECT_EQ(ToHex(SerializeHeader(header)), "08011a020801");
  header.num_shards = 2;
  EXPECT_EQ(ToHex(SerializeHeader(header)), "08021a020801");
  header.big_endian = true;
  EXPECT_EQ(ToHex(SerializeHeader(header)), "080210011a020801");
}

TEST(Header, ReadsEveryField) {
  // bad_consumers packed and not.
  for (const char* hex : {"08031001 1a08 0801 1002 1a020304",
                          "08031001 1a08 0801 1002 1803 1804"}) {
    const std::string value = FromHex(hex);
    const Result<Header> header = ParseHeader(AsBytes(value));
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header->num_shards, 3);
    EXPECT_TRUE(header->big_endian);
    EXPECT_EQ(header->producer, 1);
    EXPECT_EQ(header->min_consumer, 2);
    EXPECT_EQ(header->bad_consumers, (std::vector<int32_t>{3, 4}));
  }
}

TEST(Header, MayBeEmptyOrHaveUnknownFields) {
  EXPECT_EQ(ParseHeader(Bytes())->num_shards, 0);
  const std::string value = FromHex("0801 7a03616263 1a020801");
  EXPECT_EQ(ParseHeader(AsBytes(value))->producer, 1);
  const std::string bad = FromHex("0801 1a7f");
  EXPECT_EQ(ParseHeader(AsBytes(bad)).status().message(),
            "Entry for key  not parseable.");
}

TEST(Entry, KnownBytes) {
  Entry scalar;
  scalar.dtype = DType::kFloat;
  scalar.offset = 4;
  scalar.size = 4;
  scalar.crc32c = 0xa282ead8;
  EXPECT_EQ(ToHex(SerializeEntry(scalar)),
            ToHex(FromHex("08 01 12 00 20 04 28 04 35 d8ea82a2")));
  Entry matrix;
  matrix.dtype = DType::kFloat;
  matrix.shape = Shape::Of({3, 2});
  matrix.size = 24;
  EXPECT_EQ(ToHex(SerializeEntry(matrix)),
            ToHex(FromHex("08 01 12 08 12 02 08 03 12 02 08 02 28 18")));
  Entry empty;
  empty.dtype = DType::kFloat;
  empty.shape = Shape::Of({0});
  empty.crc32c = 0xa282ead8;
  EXPECT_EQ(ToHex(SerializeEntry(empty)),
            ToHex(FromHex("08 01 12 02 12 00 35 d8 ea 82 a2")));
  Entry partitioned;
  partitioned.dtype = DType::kFloat;
  partitioned.shape = Shape::Of({4, 2});
  partitioned.slices = {{{{0, 2}, {0, 2}}}, {{{2, 2}, {0, -1}}}};
  EXPECT_EQ(ToHex(SerializeEntry(partitioned)),
            ToHex(FromHex("08 01 12 08 12 02 08 04 12 02 08 02"
                          "3a 08 0a 02 10 02 0a 02 10 02"
                          "3a 08 0a 04 08 02 10 02 0a 00")));
}

TEST(Entry, ReadsWhatItWrites) {
  Entry entry;
  entry.dtype = DType::kComplex128;
  entry.shape = Shape::Of({7, 0, int64_t{1} << 40});
  entry.shard_id = 123456;
  entry.offset = int64_t{1} << 62;
  entry.size = int64_t{1} << 35;
  entry.crc32c = 0xffffffff;
  entry.slices = {{{{0, 2}, {5, -1}}}, {{{2, 0}, {0, -1}}}};
  const std::string value = SerializeEntry(entry);
  Entry read;
  ASSERT_TRUE(ParseEntry("k", AsBytes(value), &read).ok());
  EXPECT_EQ(read.dtype, entry.dtype);
  EXPECT_EQ(read.shape, entry.shape);
  EXPECT_EQ(read.shard_id, entry.shard_id);
  EXPECT_EQ(read.offset, entry.offset);
  EXPECT_EQ(read.size, entry.size);
  EXPECT_EQ(read.crc32c, entry.crc32c);
  EXPECT_EQ(SerializeEntry(read), value);
}

TEST(Entry, ToleratesAnyOrderUnknownFieldsAndNoShape) {
  Entry entry;
  ASSERT_TRUE(Parse("35 01020304 28 08 f2 01 02 6162 08 09", &entry).ok());
  EXPECT_EQ(entry.dtype, DType::kInt64);
  EXPECT_EQ(entry.shape, Shape());
  EXPECT_EQ(entry.size, 8);
  EXPECT_EQ(entry.crc32c, 0x04030201u);
  ASSERT_TRUE(Parse("08 c801", &entry).ok());
  EXPECT_EQ(static_cast<int32_t>(entry.dtype), 200);
}

TEST(Entry, WhatIsNoMessageIsDataLoss) {
  Entry entry;
  for (const char* hex : {"ff", "08", "12 05 12", "35 0102", "00"}) {
    const Status status = Parse(hex, &entry);
    EXPECT_EQ(status.code(), Code::kDataLoss) << hex;
    EXPECT_EQ(status.message(), "Entry for key k not parseable.") << hex;
  }
}

TEST(Entry, RefusesImpossibleShapes) {
  Entry entry;
  Status status = Parse("08 01 12 0d 12 0b 08 fbffffffffffffffff01", &entry);
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(), "Invalid tensor shape: k dim { size: -5 }");
  EXPECT_EQ(entry.dtype, DType::kFloat);
  // 2^40 twice, and an empty dimension with a name.
  status = Parse(
      "12 19 12 07 08 808080808020 12 07 08 808080808020"
      "12 05 12 03 616263",
      &entry);
  EXPECT_EQ(status.message(),
            "Invalid tensor shape: k dim { size: 1099511627776 } dim { size: "
            "1099511627776 } dim { name: \"abc\" }");
  std::string many;
  for (int i = 0; i < 255; ++i) many += "12020801";
  EXPECT_EQ(Parse("12fc07" + many, &entry).code(), Code::kDataLoss);
}

// Entries are decoded by hand; protobuf says what that has to give.
TEST(Entry, IsReadAsProtobufReadsIt) {
  Entry entry;
  entry.dtype = DType::kInt64;
  entry.shape = Shape::Of({2, 0, 300});
  entry.shard_id = 2;
  entry.offset = 1000;
  entry.size = 8;
  entry.crc32c = 0x12345678;
  entry.slices = {{{{0, 2}, {5, 1}, {0, -1}}}, {}};
  const std::string good =
      SerializeEntry(entry) + FromHex("7a026162 1203 1a01");
  std::mt19937 random(1);
  size_t accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string value = good.substr(0, random() % (good.size() + 1));
    for (size_t n = random() % 4; n > 0 && !value.empty(); --n) {
      value[random() % value.size()] ^= static_cast<char>(1 << random() % 8);
    }
    proto::BundleEntryProto proto;
    const bool parses =
        proto.ParseFromArray(value.data(), static_cast<int>(value.size()));
    Entry read;
    const Status status = ParseEntry("k", AsBytes(value), &read);
    ASSERT_EQ(parses, status.message() != "Entry for key k not parseable.")
        << ToHex(value);
    if (!parses) continue;
    ++accepted;
    ASSERT_EQ(static_cast<int32_t>(read.dtype), proto.dtype());
    ASSERT_EQ(read.shard_id, proto.shard_id());
    ASSERT_EQ(read.offset, proto.offset());
    ASSERT_EQ(read.size, proto.size());
    ASSERT_EQ(read.crc32c, proto.crc32c());
    ASSERT_EQ(status.ok(), ShapeFrom(proto.shape()).ok());
    if (status.ok()) {
      ASSERT_EQ(read.shape, *ShapeFrom(proto.shape()));
    }
    ASSERT_EQ(read.slices.size(), static_cast<size_t>(proto.slices_size()));
    for (size_t i = 0; i < read.slices.size(); ++i) {
      ASSERT_EQ(read.slices[i], SliceFrom(proto.slices(static_cast<int>(i))));
    }
  }
  EXPECT_GT(accepted, 1000u);
}

TEST(DataRange, IsWhereTheBytesAre) {
  Entry entry;
  entry.dtype = DType::kDouble;
  entry.shape = Shape::Of({3});
  entry.offset = 5;
  entry.size = 24;
  EXPECT_EQ(DataRange("k", entry).value(), (io::Extent{5, 24}));
  entry.slices = {{{{0, 2}}}};
  EXPECT_EQ(DataRange("k", entry).value(), io::Extent{});
}

TEST(DataRange, TheSizeIsThatOfTheElements) {
  Entry entry;
  entry.dtype = DType::kFloat;
  entry.shape = Shape::Of({2, 3});
  entry.size = 23;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
  EXPECT_EQ(RangeError(entry).message(),
            "Invalid size in bundle entry: key k; stored size 23; expected "
            "size 24");
  entry.size = -24;
  EXPECT_EQ(RangeError(entry).message(),
            "Invalid size in bundle entry: key k; stored size -24; expected "
            "size 24");
  entry.shape = Shape::Of({INT64_MAX});
  entry.dtype = DType::kComplex128;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
}

TEST(DataRange, RefusesNumbersThatNoFileHas) {
  Entry entry;
  entry.dtype = DType::kString;
  entry.size = -1;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
  entry.size = 2;
  entry.offset = -1;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
  entry.offset = INT64_MAX - 1;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
  entry.offset = INT64_MAX - 2;
  EXPECT_TRUE(RangeError(entry).ok());
  entry.shard_id = -1;
  EXPECT_EQ(RangeError(entry).code(), Code::kDataLoss);
  entry.shard_id = 0;
  entry.dtype = static_cast<DType>(200);
  EXPECT_EQ(RangeError(entry).code(), Code::kInvalidArgument);
  entry.dtype = DType::kInvalid;
  EXPECT_EQ(RangeError(entry).code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace tensorbundle::bundle
