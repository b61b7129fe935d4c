// transpose, broadcast, tile, concat, split, slice, strided slice and its
// gradient, pad: each element against the coordinates it must have come from.
#include "engine/kernels/arrange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace tensorbundle::kernels {
namespace {

using Position = std::array<size_t, kMaxDims>;

// Position of the element number `index` of a buffer of sizes `dims`.
Position At(const Dims& dims, size_t index) {
  Position position{};
  for (size_t i = dims.rank; i-- > 0;) {
    position[i] = index % dims[i];
    index /= dims[i];
  }
  return position;
}

size_t Index(const Dims& dims, const Position& position) {
  size_t index = 0;
  for (size_t i = 0; i < dims.rank; ++i) index = index * dims[i] + position[i];
  return index;
}

// 1, 2, 3, ...: no two elements alike, none zero.
template <typename T>
std::vector<T> Numbered(const Dims& dims) {
  std::vector<T> values(dims.Elements());
  std::iota(values.begin(), values.end(), T(1));
  return values;
}

const Dims kShapes[] = {{},       {1},       {5},          {3, 4},
                        {17, 33}, {2, 3, 4}, {1, 5, 1, 2}, {3, 1, 2, 5},
                        {0, 3},   {3, 0, 2}, {40, 3, 20},  {2, 2, 3, 2, 2}};

template <typename T>
void CheckTransposes(const Dims& dims) {
  const std::vector<T> x = Numbered<T>(dims);
  std::array<size_t, kMaxDims> permutation{};
  std::iota(permutation.begin(), permutation.end(), size_t{0});
  do {
    Dims y_dims;
    for (size_t i = 0; i < dims.rank; ++i) {
      y_dims.push_back(dims[permutation[i]]);
    }
    std::vector<T> y(x.size());
    Transpose(dims, permutation, sizeof(T), x.data(), y.data());
    for (size_t i = 0; i < y.size(); ++i) {
      const Position at = At(y_dims, i);
      Position from{};
      for (size_t d = 0; d < dims.rank; ++d) from[permutation[d]] = at[d];
      ASSERT_EQ(y[i], x[Index(dims, from)]);
    }
  } while (std::next_permutation(
      permutation.begin(),
      permutation.begin() + static_cast<ptrdiff_t>(dims.rank)));
}

TEST(Arrange, TransposesByAnyPermutation) {
  for (const Dims& dims : kShapes) {
    CheckTransposes<uint16_t>(dims);
    CheckTransposes<float>(dims);
    CheckTransposes<int64_t>(dims);
  }
}

TEST(Arrange, MovesElementsOfEverySize) {
  for (const size_t size : {1, 2, 4, 8, 16}) {
    std::vector<uint8_t> x(6 * size), y(6 * size);
    std::iota(x.begin(), x.end(), uint8_t{0});
    Transpose({2, 3}, {1, 0}, size, x.data(), y.data());
    for (size_t i = 0; i < 6; ++i) {
      const size_t from = i % 2 * 3 + i / 2;
      for (size_t b = 0; b < size; ++b) {
        EXPECT_EQ(y[i * size + b], x[from * size + b]);
      }
    }
  }
}

TEST(Arrange, BroadcastsAndTiles) {
  for (const Dims& dims : kShapes) {
    const std::vector<float> x = Numbered<float>(dims);
    Dims wide, multiples, tiled;
    for (size_t i = 0; i < dims.rank; ++i) {
      wide.push_back(dims[i] == 1 ? 3 : dims[i]);
      multiples.push_back(i % 3 + 1);
      tiled.push_back(dims[i] * multiples[i]);
    }
    std::vector<float> y(wide.Elements());
    BroadcastTo(dims, wide, 4, x.data(), y.data());
    for (size_t i = 0; i < y.size(); ++i) {
      Position at = At(wide, i);
      for (size_t d = 0; d < dims.rank; ++d) at[d] %= dims[d];
      ASSERT_EQ(y[i], x[Index(dims, at)]);
    }
    std::vector<float> z(tiled.Elements());
    Tile(dims, multiples, 4, x.data(), z.data());
    for (size_t i = 0; i < z.size(); ++i) {
      Position at = At(tiled, i);
      for (size_t d = 0; d < dims.rank; ++d) at[d] %= dims[d];
      ASSERT_EQ(z[i], x[Index(dims, at)]);
    }
  }
}

TEST(Arrange, SplitUndoesConcat) {
  const Dims dims = {3, 7, 2};
  const std::vector<int32_t> whole = Numbered<int32_t>(dims);
  std::vector<int32_t> joined(whole.size());
  size_t begin = 0;
  for (const size_t part : {2, 0, 1, 4}) {
    std::vector<int32_t> piece(3 * part * 2);
    const Part range{3, 7, 2, begin, part};
    CopyOutOfWhole(range, 4, whole.data(), piece.data());
    for (size_t i = 0; i < piece.size(); ++i) {
      Position at = At({3, part, 2}, i);
      at[1] += begin;
      EXPECT_EQ(piece[i], whole[Index(dims, at)]);
    }
    CopyIntoWhole(range, 4, piece.data(), joined.data());
    begin += part;
  }
  EXPECT_EQ(joined, whole);
}

TEST(Arrange, SlicesWithAnyStrideAndScattersBack) {
  const Dims dims = {5, 7, 6};
  const std::vector<double> x = Numbered<double>(dims);
  const SliceRanges cases[] = {
      {SliceRange{0, 1, 5}, SliceRange{0, 1, 7}, SliceRange{0, 1, 6}},
      {SliceRange{1, 2, 2}, SliceRange{6, -3, 3}, SliceRange{5, -1, 6}},
      {SliceRange{4, 1, 1}, SliceRange{2, 1, 3}, SliceRange{1, 4, 2}},
      {SliceRange{5, 1, 0}, SliceRange{0, 1, 7}, SliceRange{0, 1, 6}},
  };
  for (const SliceRanges& ranges : cases) {
    const Dims y_dims = {ranges[0].count, ranges[1].count, ranges[2].count};
    std::vector<double> y(y_dims.Elements());
    StridedSlice(dims, ranges, 8, x.data(), y.data());
    std::vector<double> expected_grad(x.size());
    for (size_t i = 0; i < y.size(); ++i) {
      Position at = At(y_dims, i);
      for (size_t d = 0; d < 3; ++d) {
        at[d] = static_cast<size_t>(static_cast<ptrdiff_t>(ranges[d].begin) +
                                    ranges[d].stride *
                                        static_cast<ptrdiff_t>(at[d]));
      }
      ASSERT_EQ(y[i], x[Index(dims, at)]);
      expected_grad[Index(dims, at)] = y[i];
    }
    std::vector<double> dx(x.size(), 99);
    StridedSliceGrad(dims, ranges, 8, y.data(), dx.data());
    EXPECT_EQ(dx, expected_grad);
  }
}

TEST(Arrange, PadsAllAround) {
  const Dims dims = {2, 1, 3};
  const std::vector<float> x = Numbered<float>(dims);
  const float value = -1;
  const std::array<size_t, kMaxDims> before = {1, 0, 2}, after = {0, 2, 1};
  const Dims y_dims = {3, 3, 6};
  std::vector<float> y(y_dims.Elements());
  Pad(dims, before, after, 4, &value, x.data(), y.data());
  for (size_t i = 0; i < y.size(); ++i) {
    Position at = At(y_dims, i);
    bool inside = true;
    for (size_t d = 0; d < 3; ++d) {
      inside = inside && at[d] >= before[d] && at[d] - before[d] < dims[d];
      at[d] -= before[d];
    }
    EXPECT_EQ(y[i], inside ? x[Index(dims, at)] : value);
  }
  std::vector<float> all(4);
  Pad({0}, {1}, {3}, 4, &value, nullptr, all.data());
  EXPECT_EQ(all, std::vector<float>(4, -1));
}

}  // namespace
}  // namespace tensorbundle::kernels
