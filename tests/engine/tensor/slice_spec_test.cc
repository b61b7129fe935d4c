// Slices as text and as boxes (engine/docs/slices.md), with TensorFlow's
// sentences for what cannot be one.
#include "engine/tensor/slice_spec.h"

#include <gtest/gtest.h>

#include <limits>

namespace tensorbundle {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

std::string ParseError(std::string_view text) {
  const Result<Slice> slice = ParseSlice(text);
  return slice.ok() ? "ok: " + slice->ToString() : slice.status().ToString();
}

std::string SpecError(std::string_view text) {
  const Result<ShapeAndSlice> spec = ParseShapeAndSlice(text);
  return spec.ok() ? "ok: " + spec->slice.ToString() : spec.status().ToString();
}

Slice Parsed(std::string_view text) {
  Result<Slice> slice = ParseSlice(text);
  EXPECT_TRUE(slice.ok()) << text;
  return slice.ok() ? *slice : Slice();
}

TEST(SliceSpec, TextReadsBackAsItIsPrinted) {
  for (const std::string_view text : {"", "-", "0,2:-", "-:-:-", "3,4:0,1:-"}) {
    EXPECT_EQ(Parsed(text).ToString(), text);
  }
  const Slice slice = Parsed("0,2:-");
  ASSERT_EQ(slice.rank(), 2);
  EXPECT_EQ(slice.extents[0], (SliceExtent{0, 2}));
  EXPECT_TRUE(slice.extents[1].is_full());
  EXPECT_FALSE(slice.is_full());
  EXPECT_TRUE(Parsed("-:-").is_full());
  EXPECT_EQ(Parsed("-:-"), Slice::Full(2));
  EXPECT_TRUE(Slice().is_full());
}

TEST(SliceSpec, EmptyItemsAndBlanksDoNotCount) {
  EXPECT_EQ(Parsed(":0,2::-:").ToString(), "0,2:-");
  EXPECT_EQ(Parsed(" 1 ,,\t2 ").ToString(), "1,2");
}

TEST(SliceSpec, WrongTextsHaveTensorFlowsSentences) {
  EXPECT_EQ(ParseError("0,2:x"),
            "Invalid argument: Expected a pair of numbers or '-' but got 'x': "
            "string = 0,2:x");
  EXPECT_EQ(ParseError("1"),
            "Invalid argument: Expected a pair of numbers or '-' but got '1': "
            "string = 1");
  for (const std::string item :
       {"1,2,3", "1,", "+1,2", "0x1,2", "1,2.0", "--1,2", "-1", "1 1,2",
        "9223372036854775808,1", "--"}) {
    EXPECT_EQ(ParseError(item),
              "Invalid argument: Expected a pair of numbers or '-' but got '" +
                  item + "': string = " + item);
  }
  EXPECT_EQ(ParseError("-:-1,2"),
            "Invalid argument: Expected non-negative start and positive length "
            "but got start = -1, length = 2: string = -:-1,2");
  EXPECT_EQ(ParseError("0,0"),
            "Invalid argument: Expected non-negative start and positive length "
            "but got start = 0, length = 0: string = 0,0");
}

TEST(SliceSpec, ShapeOfTheBoxThatIsCut) {
  const Shape shape = Shape::Of({4, 3});
  EXPECT_EQ(*SliceShape(Parsed("0,2:-"), shape), Shape::Of({2, 3}));
  EXPECT_EQ(*SliceShape(Parsed("3,1:2,1"), shape), Shape::Of({1, 1}));
  EXPECT_EQ(*SliceShape(Slice(), Shape()), Shape());
  EXPECT_EQ(*SliceShape(Slice{{{4, 0}, {}}}, shape), Shape::Of({0, 3}));
  EXPECT_EQ(SliceShape(Parsed("0,2"), shape).status().ToString(),
            "Internal: Mismatching ranks: shape = [4,3], slice = 0,2");
  EXPECT_EQ(SliceShape(Parsed("-:1,3"), shape).status().ToString(),
            "Internal: Extent in dimension 1 out of bounds: shape = [4,3], "
            "slice = -:1,3");
  // What a file may say and no text can.
  for (const SliceExtent extent :
       {SliceExtent{kMax, kMax}, SliceExtent{-1, 2}, SliceExtent{0, -2},
        SliceExtent{1, -1}, SliceExtent{5, 0},
        SliceExtent{std::numeric_limits<int64_t>::min(), kMax}}) {
    EXPECT_EQ(SliceShape(Slice{{extent, {}}}, shape).status().code(),
              Code::kInternal);
  }
}

TEST(SliceSpec, IntersectionsKeepWhatIsWhole) {
  const auto intersection = [](std::string_view a, std::string_view b) {
    const auto both = Intersect(Parsed(a), Parsed(b));
    EXPECT_EQ(both, Intersect(Parsed(b), Parsed(a)));
    return both ? both->ToString() : "nothing";
  };
  EXPECT_EQ(intersection("0,4:-", "3,3:-"), "3,1:-");
  EXPECT_EQ(intersection("0,4:-", "-:1,2"), "0,4:1,2");
  EXPECT_EQ(intersection("-:-", "-:-"), "-:-");
  EXPECT_EQ(intersection("0,4", "4,3"), "nothing");
  EXPECT_EQ(intersection("0,4:0,1", "0,4:1,1"), "nothing");
  EXPECT_EQ(intersection("0,4", "0,4:-"), "nothing");
  EXPECT_EQ(Intersect(Slice(), Slice()), Slice());
}

TEST(SliceSpec, ShapeAndSliceAsTheSaverWritesThem) {
  const Result<ShapeAndSlice> spec = ParseShapeAndSlice("4 2 0,2:0,2");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->shape, Shape::Of({4, 2}));
  EXPECT_EQ(spec->slice.ToString(), "0,2:0,2");
  EXPECT_EQ(spec->slice_shape, Shape::Of({2, 2}));
  EXPECT_EQ(ParseShapeAndSlice("10 4 -:1,2")->slice_shape, Shape::Of({10, 2}));
}

TEST(SliceSpec, WrongSpecificationsHaveTensorFlowsSentences) {
  EXPECT_EQ(SpecError("0,2"),
            "Invalid argument: Need least two elements in shape_and_slice "
            "specification: 0,2");
  EXPECT_EQ(SpecError("4 x 0,2:-"),
            "Invalid argument: Non numerical dimension in shape_and_slice: 4 x "
            "0,2:-");
  EXPECT_EQ(SpecError("4  2 0,2:-"),
            "Invalid argument: Non numerical dimension in shape_and_slice: 4  "
            "2 0,2:-");
  // The slice is looked at before the shape.
  EXPECT_EQ(SpecError("x y"),
            "Invalid argument: Expected a pair of numbers or '-' but got 'y': "
            "string = y");
  EXPECT_EQ(SpecError("4 2 0,2"),
            "Internal: Mismatching ranks: shape = [4,2], slice = 0,2");
  EXPECT_EQ(SpecError("4 2 3,2:-"),
            "Internal: Extent in dimension 0 out of bounds: shape = [4,2], "
            "slice = 3,2:-");
  EXPECT_EQ(ParseShapeAndSlice("-4 0,2").status().code(),
            Code::kInvalidArgument);
}

}  // namespace
}  // namespace tensorbundle
