// Data in the order of Add(), the index in the order of the keys, every byte
// as TensorFlow 1.15 writes it (engine/docs/bundle-format.md).
#include "engine/bundle/bundle_writer.h"

#include <gtest/gtest.h>

#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"
#include "tests/engine/support/sha256.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::NamedTensor;
using testing::Sha256;
using testing::ToHex;

std::vector<NamedTensor> TutorialTensors() {
  const std::string data = TutorialBundle().data;
  return {
      {"Variable", DType::kFloat, Shape::Of({2, 3}), data.substr(0, 24), {}},
      {"Variable_1", DType::kFloat, Shape::Of({3}), data.substr(24), {}}};
}

TEST(BundleWriter, TheTutorialsFiles) {
  const BundleFiles files = WriteBundle(TutorialTensors());
  EXPECT_EQ(ToHex(files.index), ToHex(TutorialBundle().index));
  EXPECT_EQ(files.index.size(), 154u);
  EXPECT_EQ(files.data, TutorialBundle().data);
}

TEST(BundleWriter, TheIndexIsSortedWhateverTheOrder) {
  std::vector<NamedTensor> tensors = TutorialTensors();
  std::swap(tensors[0], tensors[1]);
  const BundleFiles files = WriteBundle(tensors);
  EXPECT_EQ(files.data, tensors[0].bytes + tensors[1].bytes);
  std::map<std::string, NamedTensor> read;
  ASSERT_TRUE(ReadBundle(files.index, {files.data}, &read).ok());
  EXPECT_EQ(read["Variable"].bytes, tensors[1].bytes);
  EXPECT_EQ(read["Variable_1"].bytes, tensors[0].bytes);
}

// Digests of files that TensorFlow 1.15 wrote.
TEST(BundleWriter, AFileOfEveryDType) {
  const BundleFiles files = WriteBundle(
      testing::TensorsOfAllDTypes(testing::PackedFileDTypes(), 100));
  EXPECT_EQ(files.index.size(), 2913u);
  EXPECT_EQ(Sha256(files.index),
            "394778c8a7ae7e63c56477545b4088089c8443b2b7fece66d5778e81f46f8223");
  EXPECT_EQ(Sha256(files.data),
            "ece194477f8fae893d881636eb03db8bc5b8f778895346a052da425b87494cde");
}

TEST(BundleWriter, AnAlignedFileOfEveryDType) {
  const BundleFiles files = WriteBundle(
      testing::TensorsOfAllDTypes(testing::AlignedFileDTypes(), 300),
      {.data_alignment = 64});
  EXPECT_EQ(files.index.size(), 2925u);
  EXPECT_EQ(Sha256(files.index),
            "95dd936c27e966188f05a1821c6eea94bc5fcf791069b3299bceea6a24a4f5cd");
  EXPECT_EQ(Sha256(files.data),
            "5ccc02a130669bfc3594d2581d9e80efba5573cbae9f49df20b4d360b09fb391");
}

TEST(BundleWriter, ABundleWithoutTensors) {
  const BundleFiles files = WriteBundle({});
  EXPECT_EQ(files.data, "");
  EXPECT_EQ(ToHex(files.index.substr(0, 22)),
            ToHex(FromHex("00 00 06 08 01 1a 02 08 01"
                          "00 00 00 00 01 00 00 00 00")) +
                ToHex(files.index.substr(18, 4)));
  std::map<std::string, NamedTensor> read;
  EXPECT_TRUE(ReadBundle(files.index, {""}, &read).ok());
  EXPECT_TRUE(read.empty());
}

TEST(BundleWriter, SaysWhereTheBytesGo) {
  BundleWriter writer({.data_alignment = 16});
  EXPECT_EQ(writer.Add("a", DType::kInt8, Shape::Of({3})).value(),
            (io::Extent{0, 3}));
  EXPECT_TRUE(writer.Append(AsBytes("ab")).ok());
  EXPECT_TRUE(writer.Append(AsBytes("c")).ok());
  EXPECT_EQ(writer.EndTensor().value(), 13u);
  // An empty tensor neither moves the position nor is padded.
  EXPECT_EQ(writer.Add("b", DType::kFloat, Shape::Of({0})).value(),
            (io::Extent{16, 0}));
  EXPECT_EQ(writer.EndTensor().value(), 0u);
  EXPECT_EQ(writer.Add("c", DType::kDouble, Shape::Of({2})).value(),
            (io::Extent{16, 16}));
  EXPECT_EQ(writer.num_tensors(), 2u);
}

TEST(BundleWriter, RefusesAKeyTwiceAndTheEmptyOne) {
  BundleWriter writer;
  ASSERT_TRUE(writer.Add("w", DType::kFloat, Shape::Of({0})).ok());
  ASSERT_TRUE(writer.EndTensor().ok());
  Status status = writer.Add("w", DType::kFloat, Shape()).status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(), "Adding duplicate key: w");
  EXPECT_EQ(writer.Add("", DType::kFloat, Shape()).status().code(),
            Code::kInvalidArgument);
  // Neither took effect.
  EXPECT_TRUE(writer.Add("v", DType::kFloat, Shape::Of({0})).ok());
}

TEST(BundleWriter, RefusesWhatHasNoBytes) {
  BundleWriter writer;
  for (DType dtype : {DType::kResource, DType::kVariant, DType::kInvalid,
                      static_cast<DType>(200)}) {
    EXPECT_EQ(writer.Add("w", dtype, Shape()).status().code(),
              Code::kUnimplemented);
  }
  EXPECT_EQ(BundleWriter({.data_alignment = 0})
                .Add("w", DType::kFloat, Shape())
                .status()
                .code(),
            Code::kInvalidArgument);
}

TEST(BundleWriter, CountsTheBytes) {
  BundleWriter writer;
  EXPECT_EQ(writer.Append(AsBytes("a")).code(), Code::kFailedPrecondition);
  EXPECT_EQ(writer.EndTensor().status().code(), Code::kFailedPrecondition);
  ASSERT_TRUE(writer.Add("w", DType::kInt16, Shape::Of({2})).ok());
  EXPECT_EQ(writer.Add("v", DType::kInt16, Shape()).status().code(),
            Code::kFailedPrecondition);
  EXPECT_EQ(writer.Append(AsBytes("abcde")).code(), Code::kInvalidArgument);
  EXPECT_TRUE(writer.Append(AsBytes("abc")).ok());
  EXPECT_EQ(writer.EndTensor().status().code(), Code::kInvalidArgument);
  io::MemorySink sink;
  EXPECT_EQ(writer.Finish(&sink).code(), Code::kFailedPrecondition);
  EXPECT_TRUE(writer.Append(AsBytes("d")).ok());
  EXPECT_TRUE(writer.EndTensor().ok());
  EXPECT_TRUE(writer.Finish(&sink).ok());
  EXPECT_EQ(writer.Finish(&sink).code(), Code::kFailedPrecondition);
  EXPECT_EQ(writer.Add("v", DType::kInt16, Shape()).status().code(),
            Code::kFailedPrecondition);
}

TEST(BundleWriter, RefusesMoreBytesThanAFileHas) {
  BundleWriter writer;
  const Shape huge = Shape::Of({INT64_MAX});
  EXPECT_EQ(writer.Add("w", DType::kInt16, huge).status().code(),
            Code::kInvalidArgument);
  EXPECT_EQ(writer.Add("w", DType::kComplex128, huge).status().code(),
            Code::kInvalidArgument);
  EXPECT_EQ(writer.data_size(), 0u);
}

// w float [4,2] in two parts, values 1..4 and 5..8 (engine/docs/slices.md).
constexpr char kSlicedIndex[] =
    "0000060801"
    "1a020801"
    "000a1300770001"
    "0102808280820801120812020802120208"
    "022810354c28987406041582828082"
    "08011208120208021202080220102810"
    "35ebd5bc490001227708011208120208"
    "04120208023a080a0210020a0210023a"
    "0a0a04080210020a0210020000000001"
    "00000000906e9bd40000000001000000"
    "00c0f2a1b00001027800730000000001"
    "0000000028bd45a7780885010e";

Slice Rows(int64_t start) { return Slice{{{start, 2}, {0, 2}}}; }

void AddPart(BundleWriter* writer, const Slice& slice, const char* hex) {
  const std::string key =
      writer->RegisterSlice("w", DType::kFloat, Shape::Of({4, 2}), slice)
          .value();
  ASSERT_TRUE(writer->Add(key, DType::kFloat, Shape::Of({2, 2})).ok());
  ASSERT_TRUE(writer->Append(AsBytes(FromHex(hex))).ok());
  ASSERT_TRUE(writer->EndTensor().ok());
}
constexpr char kFirstRows[] = "0000803f000000400000404000008040";
constexpr char kLastRows[] = "0000a0400000c0400000e04000000041";

TEST(BundleWriter, SlicesOfATensor) {
  BundleWriter writer;
  AddPart(&writer, Rows(0), kFirstRows);
  AddPart(&writer, Rows(2), kLastRows);
  io::MemorySink sink;
  ASSERT_TRUE(writer.Finish(&sink).ok());
  const std::string index = sink.TakeContents();
  EXPECT_EQ(index.size(), 200u);
  EXPECT_EQ(ToHex(index.substr(0, 0x9d)), kSlicedIndex);
}

TEST(BundleWriter, ASliceThatIsAllOfItIsNone) {
  BundleWriter writer;
  for (const Slice& slice : {Slice::Full(2), Slice{{{0, 4}, {0, 2}}}}) {
    EXPECT_EQ(writer.RegisterSlice("w", DType::kFloat, Shape::Of({4, 2}), slice)
                  .value(),
              "w");
  }
}

TEST(BundleWriter, RefusesSlicesThatDoNotGoTogether) {
  const Shape shape = Shape::Of({4, 2});
  BundleWriter writer;
  AddPart(&writer, Rows(0), kFirstRows);
  const auto refused = [&](const char* key, DType dtype, const Shape& whole,
                           const Slice& slice) {
    return writer.RegisterSlice(key, dtype, whole, slice).status().code();
  };
  EXPECT_EQ(refused("w", DType::kFloat, shape, Rows(0)),
            Code::kInvalidArgument);
  EXPECT_EQ(refused("w", DType::kInt32, shape, Rows(2)),
            Code::kInvalidArgument);
  EXPECT_EQ(refused("w", DType::kFloat, Shape::Of({6, 2}), Rows(2)),
            Code::kInvalidArgument);
  EXPECT_EQ(refused("", DType::kFloat, shape, Rows(2)), Code::kInvalidArgument);
  EXPECT_EQ(refused("w", DType::kFloat, shape, Rows(3)), Code::kInternal);
  EXPECT_EQ(writer.Add("w", DType::kFloat, shape).status().message(),
            "Adding duplicate key: w");
  AddPart(&writer, Rows(1), kLastRows);
  io::MemorySink sink;
  EXPECT_EQ(writer.Finish(&sink).code(), Code::kInternal);
}

TEST(BundleWriter, SeveralShards) {
  const auto add = [](BundleWriter* writer, const char* key,
                      const std::string& bytes) {
    ASSERT_TRUE(writer->Add(key, DType::kInt8, Shape::Of({2})).ok());
    ASSERT_TRUE(writer->Append(AsBytes(bytes)).ok());
    ASSERT_TRUE(writer->EndTensor().ok());
  };
  BundleWriter writer;
  add(&writer, "b", "bb");
  add(&writer, "d", "dd");
  ASSERT_TRUE(writer.NextShard().ok());
  EXPECT_EQ(writer.data_size(), 0u);
  add(&writer, "a", "aa");
  add(&writer, "c", "cc");
  EXPECT_EQ(writer.num_shards(), 2);
  io::MemorySink sink;
  ASSERT_TRUE(writer.Finish(&sink).ok());
  std::map<std::string, NamedTensor> read;
  ASSERT_TRUE(ReadBundle(sink.TakeContents(), {"bbdd", "aacc"}, &read).ok());
  for (const char* key : {"a", "b", "c", "d"}) {
    EXPECT_EQ(read[key].bytes, std::string(2, *key));
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
