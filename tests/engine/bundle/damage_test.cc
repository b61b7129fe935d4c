// Whatever happens to the bytes of a small bundle, reading it gives an error or
// the values that were written: never others, and never a crash.
#include <gtest/gtest.h>

#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::NamedTensor;
using Tensors = std::map<std::string, NamedTensor>;

std::vector<NamedTensor> SmallTensors() {
  return {{"b",
           DType::kFloat,
           Shape::Of({2, 3}),
           testing::Iota(DType::kFloat, 6, 1),
           {}},
          {"e", DType::kInt64, Shape::Of({0, 2}), "", {}},
          {"s", DType::kString, Shape::Of({3}), "", {"hello", "", "foo"}},
          {"z", DType::kBool, Shape(), std::string(1, '\1'), {}}};
}

void ExpectSameValues(const Tensors& read, const std::string& what) {
  for (const NamedTensor& written : SmallTensors()) {
    const auto found = read.find(written.key);
    ASSERT_NE(found, read.end()) << what;
    ASSERT_EQ(found->second.bytes, written.bytes) << what;
    ASSERT_EQ(found->second.strings, written.strings) << what;
    ASSERT_EQ(found->second.shape, written.shape) << what;
    ASSERT_EQ(found->second.dtype, written.dtype) << what;
  }
  ASSERT_EQ(read.size(), SmallTensors().size()) << what;
}

TEST(Damage, WithoutAnyTheValuesAreThoseWritten) {
  const BundleFiles files = WriteBundle(SmallTensors());
  Tensors read;
  ASSERT_TRUE(ReadBundle(files.index, {files.data}, &read).ok());
  ExpectSameValues(read, "intact");
}

TEST(Damage, EveryTruncationOfTheIndex) {
  const BundleFiles files = WriteBundle(SmallTensors());
  Tensors read;
  for (size_t size = 0; size < files.index.size(); ++size) {
    const Status status =
        ReadBundle(files.index.substr(0, size), {files.data}, &read);
    ASSERT_EQ(status.code(), Code::kDataLoss) << size;
  }
}

TEST(Damage, EveryTruncationOfTheData) {
  const BundleFiles files = WriteBundle(SmallTensors());
  Tensors read;
  for (size_t size = 0; size < files.data.size(); ++size) {
    const Status status =
        ReadBundle(files.index, {files.data.substr(0, size)}, &read);
    ASSERT_EQ(status.code(), Code::kOutOfRange) << size;
    ASSERT_EQ(status.message(), "Read less bytes than requested") << size;
  }
}

TEST(Damage, EveryFlippedBitOfTheIndex) {
  const BundleFiles files = WriteBundle(SmallTensors());
  for (size_t bit = 0; bit < files.index.size() * 8; ++bit) {
    std::string index = files.index;
    index[bit / 8] = static_cast<char>(index[bit / 8] ^ 1 << bit % 8);
    Tensors read;
    if (!ReadBundle(index, {files.data}, &read).ok()) continue;
    ExpectSameValues(read, "bit " + std::to_string(bit));
  }
}

TEST(Damage, EveryFlippedBitOfTheData) {
  const BundleFiles files = WriteBundle(SmallTensors());
  for (size_t bit = 0; bit < files.data.size() * 8; ++bit) {
    std::string data = files.data;
    data[bit / 8] = static_cast<char>(data[bit / 8] ^ 1 << bit % 8);
    Tensors read;
    ASSERT_EQ(ReadBundle(files.index, {data}, &read).code(), Code::kDataLoss)
        << bit;
  }
}

// Behind the block's checksum the entries themselves may be hostile.
TEST(Damage, EveryFlippedBitOfAnEntry) {
  Entry entry;
  entry.dtype = DType::kFloat;
  entry.shape = Shape::Of({2, 3});
  entry.offset = 4;
  entry.size = 24;
  entry.slices = {{{{0, 1}, {0, -1}}}};
  const std::string good = SerializeEntry(entry);
  const std::string data(64, 'd');
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string value = good;
    value[bit / 8] = static_cast<char>(value[bit / 8] ^ 1 << bit % 8);
    Entry read;
    if (!ParseEntry("k", AsBytes(value), &read).ok()) continue;
    // The checksum field is 0, which no data here has.
    ASSERT_FALSE(ReadEntryBytes("k", read, false, data).ok()) << bit;
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
