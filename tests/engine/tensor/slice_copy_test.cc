// The intersection of two boxes of a tensor is copied from the one's memory to
// the other's (engine/docs/slices.md).
#include "engine/tensor/slice_copy.h"

#include <gtest/gtest.h>

#include <random>

namespace tensorbundle {
namespace {

SliceCopy Plan(const Shape& shape, std::string_view from, std::string_view to) {
  Result<SliceCopy> copy =
      PlanSliceCopy(shape, *ParseSlice(from), *ParseSlice(to));
  EXPECT_TRUE(copy.ok()) << copy.status().ToString();
  return copy.ok() ? *copy : SliceCopy();
}

TEST(SliceCopy, EqualBoxesAreOneRun) {
  const SliceCopy copy = Plan(Shape::Of({4, 6, 5}), "1,2:-:-", "1,2:0,6:0,5");
  EXPECT_EQ(copy.run, 60u);
  EXPECT_TRUE(copy.loops.empty());
}

TEST(SliceCopy, WholeRowsAreOneRun) {
  const SliceCopy copy = Plan(Shape::Of({10, 4}), "4,3:-", "-:-");
  EXPECT_EQ(copy.from, 0u);
  EXPECT_EQ(copy.to, 16u);
  EXPECT_EQ(copy.run, 12u);
  EXPECT_TRUE(copy.loops.empty());
}

TEST(SliceCopy, ColumnsAreALoop) {
  const SliceCopy copy = Plan(Shape::Of({3, 9}), "-:3,3", "1,2:2,5");
  EXPECT_EQ(copy.from, 3u);
  EXPECT_EQ(copy.to, 1u);
  EXPECT_EQ(copy.run, 3u);
  EXPECT_EQ(copy.loops, (std::vector<SliceCopy::Loop>{{2, 3, 5}}));
}

TEST(SliceCopy, ScalarsAndNothing) {
  EXPECT_EQ(PlanSliceCopy(Shape(), Slice(), Slice())->run, 1u);
  EXPECT_EQ(Plan(Shape::Of({4}), "0,2", "2,2").run, 0u);
  EXPECT_EQ(Plan(Shape::Of({3, 0}), "-:-", "1,1:-").run, 0u);
  EXPECT_EQ(PlanSliceCopy(Shape::Of({4}), Slice::Full(1), *ParseSlice("3,2"))
                .status()
                .code(),
            Code::kInternal);
  int runs = 0;
  ForEachRun(SliceCopy(), [&](uint64_t, uint64_t) { ++runs; });
  EXPECT_EQ(runs, 0);
}

// Every element of the whole tensor is its flat index; a box of it is cut out
// element by element and what CopyElements() makes of it is compared.
class Model {
 public:
  explicit Model(Shape shape) : shape_(std::move(shape)) {}

  std::vector<uint64_t> Cut(const Slice& slice) const {
    std::vector<uint64_t> values;
    for (int64_t i = 0; i < shape_.num_elements(); ++i) {
      if (Has(slice, i)) values.push_back(static_cast<uint64_t>(i));
    }
    return values;
  }

  bool Has(const Slice& slice, int64_t flat) const {
    for (int d = shape_.rank() - 1; d >= 0; --d) {
      const int64_t i = flat % shape_.dim(d);
      flat /= shape_.dim(d);
      const SliceExtent& e = slice.extents[static_cast<size_t>(d)];
      if (!e.is_full() && (i < e.start || i >= e.start + e.length)) {
        return false;
      }
    }
    return true;
  }

 private:
  Shape shape_;
};

Slice RandomSlice(const Shape& shape, std::mt19937* random) {
  Slice slice;
  for (const int64_t dim : shape.dims()) {
    const int64_t start = static_cast<int64_t>((*random)()) % dim;
    const int64_t length =
        1 + static_cast<int64_t>((*random)()) % (dim - start);
    slice.extents.push_back((*random)() % 3 == 0 ? SliceExtent()
                                                 : SliceExtent{start, length});
  }
  return slice;
}

TEST(SliceCopy, AgreesWithCopyingElementByElement) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::vector<int64_t> dims(random() % 6);
    for (int64_t& dim : dims) dim = 1 + static_cast<int64_t>(random()) % 5;
    const Shape shape = *Shape::Create(dims);
    const Model model(shape);
    const Slice from = RandomSlice(shape, &random);
    const Slice to = RandomSlice(shape, &random);
    const std::vector<uint64_t> source = model.Cut(from);
    constexpr uint64_t kUntouched = ~uint64_t{0};

    std::vector<uint64_t> expected = model.Cut(to);
    for (uint64_t& value : expected) {
      if (!model.Has(from, static_cast<int64_t>(value))) value = kUntouched;
    }

    const Result<SliceCopy> copy = PlanSliceCopy(shape, from, to);
    ASSERT_TRUE(copy.ok());
    std::vector<uint64_t> target(expected.size(), kUntouched);
    CopyElements(*copy, 8,
                 Bytes(reinterpret_cast<const uint8_t*>(source.data()),
                       8 * source.size()),
                 MutableBytes(reinterpret_cast<uint8_t*>(target.data()),
                              8 * target.size()));
    ASSERT_EQ(target, expected);

    std::vector<std::string> source_texts;
    for (const uint64_t v : source) source_texts.push_back(std::to_string(v));
    std::vector<std::string> target_texts(expected.size(),
                                          std::to_string(kUntouched));
    CopyElements(*copy, source_texts, target_texts);
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(target_texts[i], std::to_string(expected[i]));
    }
  }
}

TEST(SliceCopy, AnyElementSize) {
  const SliceCopy copy = Plan(Shape::Of({2, 3}), "-:1,2", "-:-");
  for (const size_t size : {1u, 2u, 3u, 16u}) {
    const std::vector<uint8_t> from(4 * size, 7);
    std::vector<uint8_t> to(6 * size, 0);
    CopyElements(copy, size, from, to);
    for (size_t i = 0; i < to.size(); ++i) {
      EXPECT_EQ(to[i], i / size % 3 == 0 ? 0 : 7) << size << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace tensorbundle
