// Whatever happens to the bytes of a partitioned bundle, joining its slices
// gives an error or the values that were written.
#include <gtest/gtest.h>

#include "engine/bundle/slice_plan.h"
#include "engine/bundle/string_tensor.h"
#include "engine/io/memory_source.h"
#include "tests/engine/bundle/bundle_facts.h"

namespace tensorbundle::bundle {
namespace {

using testing::Iota;

const std::vector<std::string> kWords = {"one", "", "three"};

// "n" int16 [3,4] in three columns and one, "s" string [3] in one and two.
BundleFiles SlicedBundle() {
  BundleFiles files;
  BundleWriter writer;
  const std::string n = Iota(DType::kInt16, 12, 0);
  for (const auto& [start, length] : {std::pair(0, 3), std::pair(3, 1)}) {
    const Slice slice{{{0, SliceExtent::kFull}, {start, length}}};
    const std::string key =
        *writer.RegisterSlice("n", DType::kInt16, Shape::Of({3, 4}), slice);
    EXPECT_TRUE(writer.Add(key, DType::kInt16, Shape::Of({3, length})).ok());
    for (size_t row = 0; row < 3; ++row) {
      const std::string run =
          n.substr(2 * (4 * row + size_t(start)), 2 * size_t(length));
      EXPECT_TRUE(writer.Append(AsBytes(run)).ok());
      files.data += run;
    }
    EXPECT_TRUE(writer.EndTensor().ok());
  }
  for (const auto& [start, length] : {std::pair(0, 1), std::pair(1, 2)}) {
    const std::string key = *writer.RegisterSlice(
        "s", DType::kString, Shape::Of({3}), Slice{{{start, length}}});
    const std::vector<std::string> words(kWords.begin() + start,
                                         kWords.begin() + start + length);
    std::string data;
    EXPECT_TRUE(writer.AddStrings(key, Shape::Of({length}), words, &data).ok());
    EXPECT_TRUE(writer.EndTensor().ok());
    files.data += data;
  }
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  files.index = sink.contents();
  return files;
}

struct Values {
  std::string n;
  std::vector<std::string> s;
};

Status ReadValues(const BundleFiles& files, Values* values) {
  io::MemorySource index("m.index", AsBytes(files.index));
  TB_ASSIGN_OR_RETURN(BundleReader reader, BundleReader::Open("m", &index));
  for (const char* name : {"n", "s"}) {
    TB_ASSIGN_OR_RETURN(const Entry entry, reader.Find(name));
    TB_ASSIGN_OR_RETURN(
        const SlicePlan plan,
        PlanSlices(&reader, name, entry, Slice::Full(entry.shape.rank())));
    const size_t count = static_cast<size_t>(plan.shape.num_elements());
    values->n.resize(entry.dtype == DType::kInt16 ? 2 * count
                                                  : values->n.size());
    values->s.resize(entry.dtype == DType::kString ? count : values->s.size());
    for (const SlicePart& part : plan.parts) {
      testing::NamedTensor tensor;
      TB_RETURN_IF_ERROR(ReadEntry(part.key, part.entry,
                                   reader.header().big_endian, files.data,
                                   &tensor));
      if (entry.dtype == DType::kString) {
        CopyElements(part.copy, tensor.strings, values->s);
      } else {
        CopyElements(part.copy, 2, AsBytes(tensor.bytes),
                     MutableBytes(reinterpret_cast<uint8_t*>(values->n.data()),
                                  values->n.size()));
      }
    }
  }
  return OkStatus();
}

void ExpectErrorOrValues(const BundleFiles& files, size_t where) {
  Values values;
  if (!ReadValues(files, &values).ok()) return;
  ASSERT_EQ(values.n, Iota(DType::kInt16, 12, 0)) << where;
  ASSERT_EQ(values.s, kWords) << where;
}

TEST(SliceDamage, WithoutAnyTheValuesAreThoseWritten) {
  Values values;
  ASSERT_TRUE(ReadValues(SlicedBundle(), &values).ok());
  ExpectErrorOrValues(SlicedBundle(), 0);
}

TEST(SliceDamage, EveryTruncation) {
  const BundleFiles files = SlicedBundle();
  for (size_t size = 0; size < files.index.size(); ++size) {
    Values values;
    ASSERT_EQ(
        ReadValues({files.index.substr(0, size), files.data}, &values).code(),
        Code::kDataLoss)
        << size;
  }
  for (size_t size = 0; size < files.data.size(); ++size) {
    Values values;
    ASSERT_EQ(
        ReadValues({files.index, files.data.substr(0, size)}, &values).code(),
        Code::kOutOfRange)
        << size;
  }
}

TEST(SliceDamage, EveryFlippedBitOfTheIndex) {
  const BundleFiles files = SlicedBundle();
  for (size_t bit = 0; bit < files.index.size() * 8; ++bit) {
    BundleFiles damaged = files;
    char& byte = damaged.index[bit / 8];
    byte = static_cast<char>(byte ^ 1 << bit % 8);
    ExpectErrorOrValues(damaged, bit);
  }
}

TEST(SliceDamage, EveryFlippedBitOfTheData) {
  const BundleFiles files = SlicedBundle();
  for (size_t bit = 0; bit < files.data.size() * 8; ++bit) {
    BundleFiles damaged = files;
    char& byte = damaged.data[bit / 8];
    byte = static_cast<char>(byte ^ 1 << bit % 8);
    Values values;
    ASSERT_EQ(ReadValues(damaged, &values).code(), Code::kDataLoss) << bit;
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
