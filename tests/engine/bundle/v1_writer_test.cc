// V1 files are TensorFlow's, byte for byte (engine/docs/v1-format.md).
#include "engine/bundle/v1_writer.h"

#include <gtest/gtest.h>

#include "tests/engine/support/goldens.h"
#include "tests/engine/support/hex.h"
#include "tests/engine/support/sha256.h"

namespace tensorbundle::bundle {
namespace {

using testing::Element;
using testing::FromHex;
using testing::Iota;
using testing::Sha256;
using testing::ToHex;

Status Add(V1Writer* writer, std::string_view name, DType dtype,
           const Shape& shape, const std::string& elements) {
  return writer->Add(name, shape, Slice::Full(shape.rank()), dtype,
                     AsBytes(elements));
}

std::string Finish(V1Writer* writer) {
  io::MemorySink sink;
  EXPECT_TRUE(writer->Finish(&sink).ok());
  return sink.contents();
}

TEST(V1Writer, TwoVariablesAreTheseBytes) {
  V1Writer writer;
  ASSERT_TRUE(Add(&writer, "Variable", DType::kFloat, Shape::Of({2, 3}),
                  Iota(DType::kFloat, 6, 1))
                  .ok());
  ASSERT_TRUE(Add(&writer, "Variable_1", DType::kFloat, Shape::Of({3}),
                  FromHex("0000003f 0000c0bf 00001040"))
                  .ok());
  EXPECT_EQ(ToHex(Finish(&writer)),
            ToHex(FromHex("00003e0a3c0a1c0a085661726961626c"
                          "6512081202080212020803180122040a"
                          "000a000a180a0a5661726961626c655f"
                          "311204120208031801 22020a00120208"
                          "0100112e005661726961626c65000101"
                          "02807f807f122c0a085661726961626c"
                          "6512040a000a001a1a2a180000803f00"
                          "000040000040400000804000 00a04000"
                          "00c0400908225f31000101 01807f1220"
                          "0a0a5661726961626c655f3112020a00"
                          "1a0e2a0c0000003f0000c0bf00001040"
                          "000000000100000000d70f216d000000"
                          "000100000000c0f2a1b00001030100b8"
                          "01000000000100000000385aa4c3bd01"
                          "08ca010f") +
                  std::string(34, '\0') + FromHex("57fb808b247547db")));
}

// The elements of a file that TensorFlow 1.15 wrote with every dtype.
TEST(V1Writer, EveryDTypeGivesTensorFlowsFile) {
  V1Writer writer;
  double scalar = 1;
  int64_t count = 4;
  for (const DType dtype :
       {DType::kFloat, DType::kDouble, DType::kInt32, DType::kInt64,
        DType::kUint8, DType::kInt16, DType::kInt8, DType::kUint16,
        DType::kBool, DType::kComplex64, DType::kComplex128, DType::kQint8,
        DType::kQuint8, DType::kQuint16, DType::kQint32, DType::kHalf}) {
    const std::string name = DTypeString(dtype);
    ASSERT_TRUE(
        Add(&writer, "s/" + name, dtype, Shape(), Element(dtype, scalar)).ok());
    ASSERT_TRUE(Add(&writer, "v/" + name, dtype, Shape::Of({count}),
                    Iota(dtype, count, -2))
                    .ok());
    ASSERT_TRUE(Add(&writer, "e/" + name, dtype, Shape::Of({0}), "").ok());
    ++scalar;
    count = 9 - count;
  }
  const std::vector<std::string> strings = {"", std::string("a\0b", 3),
                                            "\xc3\xa9"};
  ASSERT_TRUE(
      writer.AddStrings("str", Shape::Of({3}), Slice::Full(1), strings).ok());
  ASSERT_TRUE(
      Add(&writer, "Variable", DType::kFloat, Shape::Of({2, 3}),
          FromHex("55db7abf 57dc833f cdbe3d3f af6853bf bdc296bd 77d55dbf"))
          .ok());
  ASSERT_TRUE(Add(&writer, "Variable_1", DType::kFloat, Shape::Of({3}),
                  FromHex("ac9cd03f 089ac1be 67b1253f"))
                  .ok());
  const std::string file = Finish(&writer);
  EXPECT_EQ(file.size(), 3221u);
  EXPECT_EQ(Sha256(file),
            "568133368ce5d8b7e527381f93fd46547c81ccea15769156b9b1114309ef2258");
}

// Each element is its index in the whole tensor, plus `first`.
std::string Cut(DType dtype, const Shape& shape, const Slice& slice,
                double first) {
  std::string elements;
  for (int64_t i = 0; i < shape.num_elements(); ++i) {
    int64_t rest = i;
    bool inside = true;
    for (int d = shape.rank() - 1; d >= 0; --d) {
      const int64_t at = rest % shape.dim(d);
      rest /= shape.dim(d);
      const SliceExtent& e = slice.extents[static_cast<size_t>(d)];
      inside &= e.is_full() || (at >= e.start && at < e.start + e.length);
    }
    if (inside) elements += Element(dtype, first + static_cast<double>(i));
  }
  return elements;
}

TEST(V1Writer, PartitionedTensorsGiveTensorFlowsFile) {
  V1Writer writer;
  const auto add = [&](std::string_view name, DType dtype, const Shape& shape,
                       std::string_view text, double first) {
    const Slice slice = *ParseSlice(text);
    return writer
        .Add(name, shape, slice, dtype,
             AsBytes(Cut(dtype, shape, slice, first)))
        .ok();
  };
  for (const char* slice : {"0,4:-", "4,3:-", "7,3:-"}) {
    ASSERT_TRUE(add("rows", DType::kFloat, Shape::Of({10, 4}), slice, 0));
  }
  for (const char* slice : {"-:0,3", "-:3,3", "-:6,3"}) {
    ASSERT_TRUE(add("cols", DType::kFloat, Shape::Of({3, 9}), slice, 0));
  }
  for (const char* slice : {"0,2:0,3", "2,2:3,3", "0,2:3,3", "2,2:0,3"}) {
    ASSERT_TRUE(add("grid", DType::kInt64, Shape::Of({4, 6}), slice, 1000));
  }
  for (const char* slice : {"0,3", "3,3"}) {
    ASSERT_TRUE(add("bf", DType::kFloat, Shape::Of({6}), slice, 0));
  }
  ASSERT_TRUE(add("whole", DType::kFloat, Shape::Of({2, 2}), "-:-", 0));
  EXPECT_EQ(writer.num_tensors(), 5u);
  EXPECT_EQ(Sha256(Finish(&writer)),
            "6920b56dfbb0ac16af0a167d91b7fc3bf80a0103d01d1db076363430af30ca19");
}

TEST(V1Writer, AnEntryLargerThanABlockGivesTensorFlowsFile) {
  V1Writer writer;
  const auto add = [&](std::string_view name, DType dtype,
                       const std::string& elements) {
    return Add(&writer, name, dtype,
               Shape::Of({static_cast<int64_t>(elements.size() / 4)}), elements)
        .ok();
  };
  std::string ones;
  for (int i = 0; i < 20000; ++i) ones += Element(DType::kFloat, 1);
  ASSERT_TRUE(add("a", DType::kFloat, Iota(DType::kFloat, 3, 0)));
  ASSERT_TRUE(add("b", DType::kFloat, std::string(size_t{4} * 131082, '\0')));
  ASSERT_TRUE(add("c", DType::kFloat, Iota(DType::kFloat, 5, 0)));
  ASSERT_TRUE(add("d", DType::kFloat, ones));
  ASSERT_TRUE(add("e", DType::kFloat, Iota(DType::kFloat, 7, 0)));
  ASSERT_TRUE(add("f", DType::kInt32, Iota(DType::kInt32, 150, 0)));
  const std::string file = Finish(&writer);
  EXPECT_EQ(file.size(), 604998u);
  EXPECT_EQ(Sha256(file),
            "4ed42334e1b54bb26b1f621b0e4aa734feb5d85fe7cdbde8820d87450c050f61");
}

TEST(V1Writer, WhatDoesNotGoTogetherIsRefusedInTensorFlowsWords) {
  V1Writer writer;
  const Shape shape = Shape::Of({4});
  const std::string two = Iota(DType::kFloat, 2, 0);
  ASSERT_TRUE(
      writer.Add("w", shape, *ParseSlice("0,2"), DType::kFloat, AsBytes(two))
          .ok());
  const auto refused = [&](const Shape& s, const char* slice, DType dtype) {
    return writer.Add("w", s, *ParseSlice(slice), dtype, AsBytes(two))
        .ToString();
  };
  EXPECT_EQ(refused(Shape::Of({5}), "2,2", DType::kFloat),
            "Internal: Mismatching shapes: existing tensor = [4], trying to "
            "add name w, shape = [5]");
  EXPECT_EQ(refused(shape, "2,2", DType::kInt32),
            "Internal: Mismatching types: existing type = float, trying to add "
            "name w, type = int32");
  EXPECT_EQ(refused(shape, "0,2:-", DType::kFloat),
            "Internal: Incompatible tensor shape and slice: shape = [4], slice "
            "= 0,2:-");
  EXPECT_EQ(refused(shape, "3,2", DType::kFloat),
            "Internal: Extent in dimension 0 out of bounds: shape = [4], slice "
            "= 3,2");
  EXPECT_EQ(refused(shape, "0,2", DType::kFloat),
            "Internal: Overlapping slices: existing slice = 0,2, new slice = "
            "0,2");
  EXPECT_EQ(refused(shape, "2,2", DType::kBfloat16),
            "Unimplemented: Saving data type bfloat16 not yet supported");
  EXPECT_EQ(refused(shape, "2,1", DType::kFloat),
            "Invalid argument: Tensor slice of w must have 1 elements");
  EXPECT_EQ(writer
                .AddStrings("s", Shape::Of({2}), Slice::Full(1),
                            std::vector<std::string>(1))
                .code(),
            Code::kInvalidArgument);
  EXPECT_EQ(writer.Add("s", Shape(), Slice(), DType::kString, {}).code(),
            Code::kInvalidArgument);
  // Nothing of all that is in the file.
  V1Writer other;
  ASSERT_TRUE(
      other.Add("w", shape, *ParseSlice("0,2"), DType::kFloat, AsBytes(two))
          .ok());
  EXPECT_EQ(Finish(&writer), Finish(&other));
  EXPECT_EQ(
      writer.Add("x", shape, *ParseSlice("0,2"), DType::kFloat, AsBytes(two))
          .code(),
      Code::kFailedPrecondition);
  io::MemorySink sink;
  EXPECT_EQ(writer.Finish(&sink).code(), Code::kFailedPrecondition);
}

TEST(V1Writer, SlicesThatOverlapMakeNoFile) {
  V1Writer writer;
  const std::string two = Iota(DType::kFloat, 2, 0);
  for (const char* slice : {"0,2", "1,2"}) {
    ASSERT_TRUE(writer
                    .Add("w", Shape::Of({4}), *ParseSlice(slice), DType::kFloat,
                         AsBytes(two))
                    .ok());
  }
  io::MemorySink sink;
  EXPECT_EQ(writer.Finish(&sink).ToString(),
            "Internal: Overlapping slices: existing slice = 0,2, new slice = "
            "1,2");
  EXPECT_EQ(sink.offset(), 0u);
}

// The work grows with the number of slices, not with its square.
TEST(V1Writer, TwentyThousandSlices) {
  V1Writer writer;
  constexpr int64_t kSlices = 20000;
  const std::string one(1, '\7');
  for (int64_t i = 0; i < kSlices; ++i) {
    ASSERT_TRUE(writer
                    .Add("w", Shape::Of({kSlices}), Slice{{{i, 1}}},
                         DType::kInt8, AsBytes(one))
                    .ok());
  }
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  EXPECT_GT(sink.offset(), uint64_t{kSlices} * 10);
}

}  // namespace
}  // namespace tensorbundle::bundle
