// Whatever happens to the bytes of a V1 checkpoint, reading it gives an error
// or the values that were written.
#include <gtest/gtest.h>

#include "engine/bundle/v1_reader.h"
#include "engine/bundle/v1_writer.h"
#include "engine/io/memory_source.h"
#include "tests/engine/support/goldens.h"

namespace tensorbundle::bundle {
namespace {

using testing::Iota;

const std::vector<std::string> kWords = {"one", "", "three"};

// "n" int16 [4] in two parts, "s" string [3], "z" a float.
std::string SmallFile() {
  V1Writer writer;
  for (const int64_t start : {0, 2}) {
    EXPECT_TRUE(writer
                    .Add("n", Shape::Of({4}), Slice{{{start, 2}}},
                         DType::kInt16,
                         AsBytes(Iota(DType::kInt16, 2, double(start) - 1)))
                    .ok());
  }
  EXPECT_TRUE(
      writer.AddStrings("s", Shape::Of({3}), Slice::Full(1), kWords).ok());
  EXPECT_TRUE(writer
                  .Add("z", Shape(), Slice(), DType::kFloat,
                       AsBytes(Iota(DType::kFloat, 1, 0.5)))
                  .ok());
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  return sink.contents();
}

Result<Tensor> Read(V1Reader* reader, const std::string& name) {
  TB_ASSIGN_OR_RETURN(V1Lookup lookup, reader->Lookup(name));
  TB_RETURN_IF_ERROR(lookup.Continue());
  return lookup.TakeResult();
}

// Ok when everything could be read, and was what was written.
Status ReadAll(const std::string& file) {
  io::MemorySource source("m", AsBytes(file));
  TB_ASSIGN_OR_RETURN(V1Reader reader, V1Reader::Open("m", {&source}));
  EXPECT_EQ(reader.num_tensors(), 3u);
  TB_ASSIGN_OR_RETURN(const Tensor n, Read(&reader, "n"));
  EXPECT_EQ(AsString(n.bytes()), Iota(DType::kInt16, 4, -1));
  TB_ASSIGN_OR_RETURN(const Tensor s, Read(&reader, "s"));
  EXPECT_EQ(std::vector<std::string>(s.strings().begin(), s.strings().end()),
            kWords);
  TB_ASSIGN_OR_RETURN(const Tensor z, Read(&reader, "z"));
  EXPECT_EQ(AsString(z.bytes()), Iota(DType::kFloat, 1, 0.5));
  return OkStatus();
}

TEST(V1Damage, WithoutAnyTheValuesAreThoseWritten) {
  EXPECT_TRUE(ReadAll(SmallFile()).ok());
}

TEST(V1Damage, EveryTruncation) {
  const std::string file = SmallFile();
  for (size_t size = 0; size < file.size(); ++size) {
    ASSERT_EQ(ReadAll(file.substr(0, size)).code(), Code::kDataLoss) << size;
  }
}

// Only the metaindex, and zeros between the footer's handles and its magic
// number, are read by nobody.
TEST(V1Damage, EveryFlippedBit) {
  const std::string file = SmallFile();
  size_t unnoticed = 0;
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string damaged = file;
    char& byte = damaged[bit / 8];
    byte = static_cast<char>(byte ^ 1 << bit % 8);
    if (ReadAll(damaged).ok()) ++unnoticed;
    ASSERT_FALSE(HasFailure()) << bit;
  }
  EXPECT_LE(unnoticed, 8u * (13 + 40));
}

}  // namespace
}  // namespace tensorbundle::bundle
