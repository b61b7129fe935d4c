// Slices of one tensor must not overlap, and a query is answered by those that
// hold all its elements (engine/docs/slices.md).
#include "engine/tensor/slice_cover.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace tensorbundle {
namespace {

std::vector<Slice> Slices(const std::vector<std::string>& texts) {
  std::vector<Slice> slices;
  for (const std::string& text : texts) slices.push_back(*ParseSlice(text));
  return slices;
}

using Cover = std::optional<std::vector<size_t>>;

TEST(SliceCover, RowsColumnsAndTilesDoNotOverlap) {
  EXPECT_TRUE(
      CheckSlices(Shape::Of({10, 4}), Slices({"0,4:-", "4,3:-", "7,3:0,4"}))
          .ok());
  EXPECT_TRUE(CheckSlices(Shape::Of({4, 6}),
                          Slices({"0,2:0,3", "2,2:3,3", "0,2:3,3", "2,2:0,3"}))
                  .ok());
  EXPECT_TRUE(CheckSlices(Shape(), std::vector<Slice>(1)).ok());
  EXPECT_TRUE(CheckSlices(Shape::Of({3}), {}).ok());
  // Boxes without elements are in nobody's way.
  EXPECT_TRUE(CheckSlices(Shape::Of({0, 3}), Slices({"-:-", "-:0,2"})).ok());
}

TEST(SliceCover, TheFirstOverlapIsNamed) {
  EXPECT_EQ(CheckSlices(Shape::Of({10, 4}),
                        Slices({"5,5:-", "0,3:-", "2,2:1,1", "2,4:0,1"}))
                .ToString(),
            "Internal: Overlapping slices: existing slice = 0,3:-, new slice = "
            "2,2:1,1");
  EXPECT_EQ(
      CheckSlices(Shape::Of({4}), Slices({"0,2", "2,2", "0,2"})).ToString(),
      "Internal: Overlapping slices: existing slice = 0,2, new slice = "
      "0,2");
  EXPECT_EQ(CheckSlices(Shape(), std::vector<Slice>(2)).code(),
            Code::kInternal);
  EXPECT_EQ(CheckSlices(Shape::Of({4}), Slices({"0,2", "2,3"})).ToString(),
            "Internal: Extent in dimension 0 out of bounds: shape = [4], slice "
            "= 2,3");
}

TEST(SliceCover, AGridOfManySlicesIsQuicklyChecked) {
  std::vector<Slice> slices;
  for (int64_t row = 0; row < 200; ++row) {
    for (int64_t column = 0; column < 200; ++column) {
      slices.push_back(Slice{{{row * 5, 5}, {column * 7, 7}}});
    }
  }
  EXPECT_TRUE(CheckSlices(Shape::Of({1000, 1400}), slices).ok());
  slices.push_back(Slice{{{999, 1}, {1399, 1}}});
  EXPECT_EQ(CheckSlices(Shape::Of({1000, 1400}), slices).code(),
            Code::kInternal);
}

TEST(SliceCover, NoArrangementKeepsTheCheckBusyForLong) {
  // Half the slices share all rows, the others all columns.
  constexpr int64_t kHalf = 30000;
  std::vector<Slice> slices;
  for (int64_t i = 0; i < kHalf; ++i) {
    slices.push_back(Slice{{{0, kHalf}, {i, 1}}});
    slices.push_back(Slice{{{i, 1}, {kHalf, kHalf}}});
  }
  EXPECT_EQ(CheckSlices(Shape::Of({kHalf, 2 * kHalf}), slices).code(),
            Code::kResourceExhausted);
}

TEST(SliceCover, AnEqualSliceAnswersAlone) {
  const std::vector<Slice> stored = Slices({"0,4:-", "4,3:-", "7,3:-"});
  const Shape shape = Shape::Of({10, 4});
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("4,3:-")), Cover({1}));
  // The same box in other words is put together from one slice as well.
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("4,3:0,4")), Cover({1}));
}

TEST(SliceCover, AQueryIsPutTogetherFromThoseItMeets) {
  const std::vector<Slice> stored = Slices({"7,3:-", "0,4:-", "4,3:-"});
  const Shape shape = Shape::Of({10, 4});
  EXPECT_EQ(FindCover(shape, stored, Slice::Full(2)), Cover({0, 1, 2}));
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("3,3:1,2")), Cover({1, 2}));
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("9,1:-")), Cover({0}));
}

TEST(SliceCover, MissingElementsGiveNothing) {
  const Shape shape = Shape::Of({10, 4});
  const std::vector<Slice> stored = Slices({"0,4:-", "7,3:0,3"});
  EXPECT_EQ(FindCover(shape, stored, Slice::Full(2)), std::nullopt);
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("3,2:-")), std::nullopt);
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("8,1:-")), std::nullopt);
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("8,1:0,3")), Cover({1}));
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("8,3:-")), std::nullopt);
  EXPECT_EQ(FindCover(shape, stored, *ParseSlice("8,1")), std::nullopt);
  EXPECT_EQ(FindCover(shape, {}, Slice::Full(2)), std::nullopt);
  // Of a tensor without elements nothing is missing.
  EXPECT_EQ(FindCover(Shape::Of({0, 4}), {}, Slice::Full(2)),
            Cover(std::vector<size_t>()));
}

// Compares with a count of every element.
TEST(SliceCover, AgreesWithCountingElements) {
  std::mt19937 random(3);
  const Shape shape = Shape::Of({5, 4, 3});
  const auto random_slice = [&] {
    Slice slice;
    for (const int64_t dim : shape.dims()) {
      const int64_t start = static_cast<int64_t>(random()) % dim;
      const int64_t length = 1 + static_cast<int64_t>(random()) % (dim - start);
      slice.extents.push_back(random() % 4 == 0 ? SliceExtent()
                                                : SliceExtent{start, length});
    }
    return slice;
  };
  const auto elements = [&](const Slice& slice) {
    std::set<int64_t> set;
    const auto within = [&](size_t d, int64_t i) {
      const SliceExtent& e = slice.extents[d];
      return e.is_full() || (i >= e.start && i - e.start < e.length);
    };
    for (int64_t i = 0; i < 60; ++i) {
      if (within(0, i / 12) && within(1, i / 3 % 4) && within(2, i % 3)) {
        set.insert(i);
      }
    }
    return set;
  };
  int overlapping = 0;
  int covered = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Slice> stored;
    std::set<int64_t> held;
    size_t total = 0;
    const size_t count = 1 + random() % 4;
    while (stored.size() < count) {
      stored.push_back(random_slice());
      const std::set<int64_t> set = elements(stored.back());
      total += set.size();
      held.insert(set.begin(), set.end());
    }
    const Status status = CheckSlices(shape, stored);
    ASSERT_EQ(status.ok(), held.size() == total);
    if (!status.ok()) {
      ++overlapping;
      continue;
    }
    const Slice query = random_slice();
    const std::set<int64_t> wanted = elements(query);
    const bool all =
        std::includes(held.begin(), held.end(), wanted.begin(), wanted.end());
    ASSERT_EQ(FindCover(shape, stored, query).has_value(), all);
    covered += all;
  }
  EXPECT_GT(overlapping, 500);
  EXPECT_GT(covered, 100);
}

}  // namespace
}  // namespace tensorbundle
