// max_pool: padding never wins, the gradient goes to the first maximum in scan
// order; avg_pool: divides by the number of real cells, spreads evenly.
#include "engine/kernels/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

const WindowAxis kAxes[] = {ValidWindow(4, 2, 2), ValidWindow(5, 3, 1),
                            SameWindow(5, 2, 2),  SameWindow(5, 3, 2),
                            SameWindow(4, 3, 1),  SameWindow(1, 3, 2),
                            SameWindow(5, 1, 2)};

struct Expected {
  std::vector<double> max, mean;
};

Expected Defined(const PoolShape& s, const std::vector<double>& x) {
  Expected expected;
  for (size_t b = 0; b < s.batch; ++b) {
    for (size_t i = 0; i < s.rows.out; ++i) {
      for (size_t j = 0; j < s.columns.out; ++j) {
        for (size_t c = 0; c < s.channels; ++c) {
          std::vector<double> cells;
          for (size_t r = 0; r < s.rows.in; ++r) {
            for (size_t q = 0; q < s.columns.in; ++q) {
              const size_t top = i * s.rows.stride;
              const size_t left = j * s.columns.stride;
              if (r + s.rows.pad_before < top ||
                  r + s.rows.pad_before >= top + s.rows.filter ||
                  q + s.columns.pad_before < left ||
                  q + s.columns.pad_before >= left + s.columns.filter) {
                continue;
              }
              cells.push_back(
                  x[((b * s.rows.in + r) * s.columns.in + q) * s.channels + c]);
            }
          }
          double sum = 0;
          for (const double cell : cells) sum += cell;
          expected.max.push_back(*std::max_element(cells.begin(), cells.end()));
          expected.mean.push_back(sum / static_cast<double>(cells.size()));
        }
      }
    }
  }
  return expected;
}

void CheckPool(const PoolShape& shape) {
  const size_t inputs =
      shape.batch * shape.rows.in * shape.columns.in * shape.channels;
  // All below zero, so that padding taken for 0 would win.
  std::vector<double> x = Values<double>(inputs, 1, -3, -1);
  const Expected expected = Defined(shape, x);
  std::vector<double> y(expected.max.size(), 99), dx(inputs, 99);
  MaxPool(shape, x.data(), y.data());
  EXPECT_EQ(y, expected.max);
  AvgPool(shape, x.data(), y.data());
  for (size_t i = 0; i < y.size(); ++i) {
    EXPECT_NEAR(y[i], expected.mean[i], 1e-14);
  }
  const std::vector<double> dy = Values<double>(y.size(), 2);
  MaxPoolGrad(shape, x.data(), dy.data(), dx.data());
  std::vector<double> numeric =
      NumericGradient(x, [&] { return Dot(Defined(shape, x).max, dy); });
  for (size_t i = 0; i < inputs; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-7);
  AvgPoolGrad(shape, dy.data(), dx.data());
  numeric = NumericGradient(x, [&] { return Dot(Defined(shape, x).mean, dy); });
  for (size_t i = 0; i < inputs; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-7);
}

TEST(Pool, ValuesAndGradientsOfEveryWindow) {
  for (const WindowAxis& rows : kAxes) {
    for (const WindowAxis& columns : kAxes) {
      CheckPool({1, rows, columns, 2});
    }
  }
  CheckPool({3, SameWindow(5, 3, 2), ValidWindow(4, 2, 2), 3});
  CheckPool({1, SameWindow(2, 2, 1), SameWindow(2, 2, 1), 65});
}

TEST(Pool, TiesGoToTheFirstInScanOrder) {
  const PoolShape shape{1, ValidWindow(2, 2, 2), ValidWindow(2, 2, 2), 1};
  const std::vector<float> x = {1, 7, 7, 7}, dy = {5};
  std::vector<float> dx(4);
  MaxPoolGrad(shape, x.data(), dy.data(), dx.data());
  EXPECT_EQ(dx, (std::vector<float>{0, 5, 0, 0}));
}

TEST(Pool, MinusInfinityCanWin) {
  const PoolShape shape{1, SameWindow(1, 2, 1), SameWindow(1, 2, 1), 1};
  const float x = -std::numeric_limits<float>::infinity();
  float y = 0;
  MaxPool(shape, &x, &y);
  EXPECT_EQ(y, x);
}

TEST(Pool, NoImages) {
  const PoolShape shape{0, SameWindow(4, 2, 2), SameWindow(4, 2, 2), 3};
  MaxPool<float>(shape, nullptr, nullptr);
  AvgPoolGrad<float>(shape, nullptr, nullptr);
}

}  // namespace
}  // namespace tensorbundle::kernels
