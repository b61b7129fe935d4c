// Variants are named and handed out as the bytes that they are
// (engine/docs/bundle-format.md, "Variant tensors").
#include "engine/bundle/variant_tensor.h"

#include <gtest/gtest.h>

#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::bundle {
namespace {

// Field 1, the name, and field 2, some metadata.
std::string Message(std::string_view type_name, std::string_view metadata) {
  std::string message;
  message += '\x0a';
  AppendVarint64(&message, type_name.size());
  message += type_name;
  message += '\x12';
  AppendVarint64(&message, metadata.size());
  message += metadata;
  return message;
}

struct Stored {
  Entry entry;
  std::string data;
};

Stored Store(const std::vector<std::string>& messages) {
  Stored stored;
  uint32_t crc = 0;
  for (const std::string& message : messages) {
    std::string covered;
    AppendFixed64(&covered, message.size());
    covered += message;
    crc = crc32c::Extend(crc, AsBytes(covered));
    std::string checksum;
    AppendFixed32(&checksum, crc32c::Mask(crc));
    crc = crc32c::Extend(crc, AsBytes(checksum));
    AppendVarint64(&stored.data, message.size());
    stored.data += message + checksum;
  }
  stored.entry.dtype = DType::kVariant;
  stored.entry.shape = Shape::Of({static_cast<int64_t>(messages.size())});
  stored.entry.offset = 100;
  stored.entry.size = static_cast<int64_t>(stored.data.size());
  stored.entry.crc32c = crc32c::Mask(crc);
  return stored;
}

Result<std::vector<VariantElement>> Decode(const Stored& stored,
                                           bool big_endian = false) {
  return DecodeVariants("v", stored.entry, AsBytes(stored.data), big_endian,
                        "m.data-00000-of-00001");
}

TEST(VariantTensor, OneElementHasTheseBytes) {
  const Stored stored = Store({"\x0a\x01T"});
  // crc32c(03 00*7 0a 01 54) stands behind the message.
  EXPECT_EQ(stored.data, std::string("\x03\x0a\x01T") + stored.data.substr(4));
  EXPECT_EQ(stored.data.size(), 8u);
  const auto elements = Decode(stored);
  ASSERT_TRUE(elements.ok()) << elements.status().ToString();
  EXPECT_EQ(elements->front().type_name, "T");
  EXPECT_EQ(AsString(elements->front().message), "\x0a\x01T");
}

TEST(VariantTensor, ElementsAreNamedAndKeptAsBytes) {
  const std::vector<std::string> messages = {
      Message("tensorflow::TensorList", "meta"), "",
      Message("\xff odd", std::string(70000, 'x'))};
  const Stored stored = Store(messages);
  const auto elements = Decode(stored);
  ASSERT_TRUE(elements.ok()) << elements.status().ToString();
  ASSERT_EQ(elements->size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(AsString((*elements)[i].message), messages[i]);
  }
  EXPECT_EQ((*elements)[0].type_name, "tensorflow::TensorList");
  EXPECT_EQ((*elements)[1].type_name, "");
  EXPECT_EQ((*elements)[2].type_name, "\xff odd");
}

TEST(VariantTensor, NoElementsTakeNoBytes) {
  const auto elements = Decode(Store({}));
  ASSERT_TRUE(elements.ok());
  EXPECT_TRUE(elements->empty());
}

TEST(VariantTensor, DamageHasTensorFlowsSentences) {
  Stored bad_message = Store({"\x0a\x05T"});
  EXPECT_EQ(Decode(bad_message).status().ToString(),
            "Data loss: Unable to parse VariantTensorDataProto from buffer of "
            "size 3. Bundle entry offset: 100 size: 8");
  Stored bad_checksum = Store({"\x0a\x01T"});
  const uint32_t actual =
      crc32c::Unmask(DecodeFixed32(AsBytes(bad_checksum.data).data() + 4));
  bad_checksum.data.replace(4, 4, "\xd8\xea\x82\xa2");  // masks 0
  EXPECT_EQ(Decode(bad_checksum).status().ToString(),
            "Data loss: The checksum after Variant 0 does not match. Expected: "
            "00000000 Actual: " +
                std::to_string(actual));
  Stored bad_entry = Store({"\x0a\x01T"});
  bad_entry.entry.crc32c = crc32c::Mask(7);
  EXPECT_EQ(Decode(bad_entry).status().message().substr(0, 55),
            "Checksum does not match: stored 00000007 vs. calculated");
  EXPECT_EQ(bad_entry.entry.offset,
            static_cast<int64_t>(Decode(bad_entry).status().location().offset));
}

TEST(VariantTensor, ClaimsAreCheckedBeforeAnythingIsAllocated) {
  Stored stored = Store({"\x0a\x01T"});
  stored.entry.shape = Shape::Of({int64_t{1} << 60});
  EXPECT_EQ(Decode(stored).status().code(), Code::kDataLoss);
  stored = Store({"\x0a\x01T"});
  stored.data[0] = '\x7f';
  EXPECT_EQ(Decode(stored).status().code(), Code::kDataLoss);
}

TEST(VariantTensor, BigEndianBundlesAreRefusedAsByTensorFlow) {
  const Status status = Decode(Store({"\x0a\x01T"}), true).status();
  EXPECT_EQ(status.code(), Code::kUnimplemented);
  EXPECT_EQ(status.message().substr(0, 51),
            "TensorBundle at mis of a different endianness than ");
}

TEST(VariantTensor, EveryTruncationAndEveryFlippedBitIsFound) {
  const Stored whole = Store({Message("a", "b"), Message("cc", "")});
  for (size_t n = 0; n < whole.data.size(); ++n) {
    Stored cut = whole;
    cut.data.resize(n);
    EXPECT_EQ(Decode(cut).status().code(), Code::kDataLoss) << n;
  }
  for (size_t bit = 0; bit < 8 * whole.data.size(); ++bit) {
    Stored flipped = whole;
    flipped.data[bit / 8] =
        static_cast<char>(flipped.data[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(Decode(flipped).status().code(), Code::kDataLoss) << bit;
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
