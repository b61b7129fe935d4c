// gather and its gradient, one_hot, where with three arguments.
#include "engine/kernels/indexing.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

TEST(Indexing, GathersAlongAnAxis) {
  constexpr size_t kOuter = 2, kAxis = 5, kInner = 3;
  const std::vector<float> x = Values<float>(kOuter * kAxis * kInner, 1);
  const std::vector<int64_t> indices = {4, 0, 0, 2};
  std::vector<float> y(kOuter * 4 * kInner);
  Gather(kOuter, kAxis, kInner, 4, 4, indices.data(), x.data(), y.data());
  for (size_t o = 0; o < kOuter; ++o) {
    for (size_t i = 0; i < 4; ++i) {
      for (size_t k = 0; k < kInner; ++k) {
        const size_t from = static_cast<size_t>(indices[i]);
        EXPECT_EQ(y[(o * 4 + i) * kInner + k],
                  x[(o * kAxis + from) * kInner + k]);
      }
    }
  }
}

TEST(Indexing, FindsTheFirstBadIndex) {
  const std::vector<int32_t> indices = {0, 3, 4, -1};
  EXPECT_EQ(FirstBadIndex(4, indices.data(), 5), 3u);
  EXPECT_EQ(FirstBadIndex(4, indices.data(), 4), 2u);
  EXPECT_EQ(FirstBadIndex(2, indices.data(), 4), 2u);
  EXPECT_EQ(FirstBadIndex(1, indices.data(), 0), 0u);
  const int64_t large = int64_t{1} << 32;
  EXPECT_EQ(FirstBadIndex(1, &large, 5), 0u);
}

TEST(Indexing, SegmentSumIsGathersGradient) {
  const std::vector<int32_t> indices = {2, 0, 2, -1, 2};
  const std::vector<double> dy = Values<double>(10, 2);
  std::vector<double> dx(8, 99);
  UnsortedSegmentSum(5, 2, indices.data(), dy.data(), 4, dx.data());
  const std::vector<double> expected = {
      dy[2], dy[3], 0, 0, dy[0] + dy[4] + dy[8], dy[1] + dy[5] + dy[9], 0, 0};
  EXPECT_EQ(dx, expected);
}

TEST(Indexing, ScatterAddsOntoWhatIsThere) {
  const std::vector<int64_t> indices = {1, 1, 0};
  const std::vector<float> updates = {1, 2, 4};
  std::vector<float> x = {100, 200, 300};
  ScatterAdd(3, 1, indices.data(), updates.data(), x.data());
  EXPECT_EQ(x, (std::vector<float>{104, 203, 300}));
  const int32_t one = 0;
  std::vector<int32_t> largest = {std::numeric_limits<int32_t>::max()};
  const int32_t step = 1;
  ScatterAdd(1, 1, &one, &step, largest.data());
  EXPECT_EQ(largest[0], std::numeric_limits<int32_t>::min());
}

TEST(Indexing, OneHotAlongAnyAxis) {
  const std::vector<int32_t> indices = {1, 0, 2, -1};
  const float on = 5, off = -1;
  std::vector<float> last(12);
  OneHot(4, 3, 1, 4, indices.data(), &on, &off, last.data());
  EXPECT_EQ(last,
            (std::vector<float>{-1, 5, -1, 5, -1, -1, -1, -1, 5, -1, -1, -1}));
  std::vector<float> first(12);
  OneHot(1, 3, 4, 4, indices.data(), &on, &off, first.data());
  for (size_t d = 0; d < 3; ++d) {
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(first[d * 4 + i], last[i * 3 + d]);
    }
  }
}

TEST(Indexing, SelectsElementsAndRows) {
  const std::vector<int64_t> a = {1, 2, 3, 4}, b = {-1, -2, -3, -4};
  std::vector<int64_t> y = b;
  const std::vector<uint8_t> each = {1, 0, 0, 1};
  Select(4, 1, 8, each.data(), a.data(), y.data(), y.data());
  EXPECT_EQ(y, (std::vector<int64_t>{1, -2, -3, 4}));
  const std::vector<uint8_t> rows = {0, 1};
  Select(2, 2, 8, rows.data(), a.data(), b.data(), y.data());
  EXPECT_EQ(y, (std::vector<int64_t>{-1, -2, 3, 4}));
}

}  // namespace
}  // namespace tensorbundle::kernels
