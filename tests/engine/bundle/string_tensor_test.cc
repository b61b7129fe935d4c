// Lengths, their checksum, the strings (engine/docs/bundle-format.md,
// "Strings").
#include "engine/bundle/string_tensor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/util/coding.h"
#include "engine/util/crc32c.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::ToHex;
using Strings = std::vector<std::string>;

Entry EntryFor(const Shape& shape, const std::string& data, uint32_t crc) {
  Entry entry;
  entry.dtype = DType::kString;
  entry.shape = shape;
  entry.offset = 7;
  entry.size = static_cast<int64_t>(data.size());
  entry.crc32c = crc32c::Mask(crc);
  return entry;
}

Result<Strings> Decode(const Entry& entry, const std::string& data,
                       bool big_endian = false) {
  return DecodeStrings("k", entry, AsBytes(data), big_endian, "file");
}

TEST(StringTensor, KnownBytes) {
  const Strings strings = {"hello", "", "foo"};
  std::string data;
  const uint32_t crc = EncodeStrings(strings, &data);
  EXPECT_EQ(ToHex(data),
            ToHex(FromHex("05 00 03 c1 66 ac 13 68 65 6c 6c 6f 66 6f 6f")));
  EXPECT_EQ(crc32c::Mask(crc), 0x7d695c30u);
  EXPECT_EQ(Decode(EntryFor(Shape::Of({3}), data, crc), data).value(), strings);
}

TEST(StringTensor, NoElementsStillHaveAChecksum) {
  std::string data;
  const uint32_t crc = EncodeStrings({}, &data);
  EXPECT_EQ(ToHex(data), "d8ea82a2");
  EXPECT_EQ(crc32c::Mask(crc), 0x640cc1f6u);
  EXPECT_EQ(Decode(EntryFor(Shape::Of({0}), data, crc), data).value(),
            Strings());
}

TEST(StringTensor, LengthsAroundTheVarintsSteps) {
  Strings strings;
  for (size_t n : {0, 1, 127, 128, 129, 16383, 16384, 70000}) {
    strings.push_back(std::string(n, static_cast<char>(n)));
  }
  std::string data;
  const uint32_t crc = EncodeStrings(strings, &data);
  EXPECT_EQ(Decode(EntryFor(Shape::Of({8}), data, crc), data).value(), strings);
}

TEST(StringTensor, BigEndianWordsInTheChecksums) {
  // As above, with the lengths' words and their checksum turned around.
  std::string data = FromHex("02 01");
  const uint32_t lengths = crc32c::Value(AsBytes(FromHex("00000002 00000001")));
  std::string checksum;
  AppendFixed32(&checksum, crc32c::Mask(lengths));
  std::reverse(checksum.begin(), checksum.end());
  uint32_t crc = crc32c::Extend(lengths, AsBytes(checksum));
  crc = crc32c::Extend(crc, AsBytes("abc"));
  data += checksum + "abc";
  const Entry entry = EntryFor(Shape::Of({2}), data, crc);
  EXPECT_EQ(Decode(entry, data, true).value(), (Strings{"ab", "c"}));
  EXPECT_FALSE(Decode(entry, data, false).ok());
}

TEST(StringTensor, FewerBytesThanElements) {
  const Entry entry = EntryFor(Shape::Of({int64_t{1} << 60}), "abcd", 0);
  const Status status = Decode(entry, "abcd").status();
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(),
            "Invalid size in bundle entry: key k; stored size 4; expected size "
            "is at least 1152921504606846976");
}

TEST(StringTensor, LengthsThatRunPastTheEnd) {
  for (const char* hex : {"01 80", "80 80", "01 01 d8 ea 82"}) {
    const std::string data = FromHex(hex);
    const Status status =
        Decode(EntryFor(Shape::Of({2}), data, 0), data).status();
    EXPECT_EQ(status.code(), Code::kDataLoss);
    EXPECT_EQ(status.message(), "String lengths longer than expected offset " +
                                    std::to_string(7 + data.size()));
  }
  // Honest checksums, and a string that is not there.
  std::string data = FromHex("ffffffffffffffffff01");
  const uint32_t lengths = crc32c::Value(AsBytes(FromHex("ffffffffffffffff")));
  AppendFixed32(&data, crc32c::Mask(lengths));
  EXPECT_EQ(Decode(EntryFor(Shape::Of({1}), data, 0), data).status().message(),
            "String lengths longer than expected offset 21");
}

TEST(StringTensor, EitherChecksumIsCompared) {
  std::string data;
  const uint32_t crc = EncodeStrings(Strings{"hello", "", "foo"}, &data);
  const Entry entry = EntryFor(Shape::Of({3}), data, crc);
  std::string bad = data;
  bad[0] ^= 1;
  Status status = Decode(entry, bad).status();
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(
      status.message().substr(0, 66),
      "The length checksum does not match: expected 3186931860 but actual");
  bad = data;
  bad.back() ^= 1;
  status = Decode(entry, bad).status();
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message().substr(0, 31), "Checksum does not match: stored");
  EXPECT_EQ(status.location().offset, 7u);
}

}  // namespace
}  // namespace tensorbundle::bundle
