// The factors of a matrix: q has orthonormal columns, r is triangular, and
// their product is the matrix.
#include "engine/kernels/qr.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

void CheckFactors(size_t m, size_t n, size_t columns,
                  const std::vector<double>& a) {
  std::vector<double> r = a, q(m * columns), scales(std::min(m, n));
  Qr(m, n, columns, r.data(), q.data(), scales.data());
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = 0; i < m; ++i) {
      double product = 0;
      for (size_t k = 0; k <= std::min(j, columns - 1); ++k) {
        product += q[k * m + i] * r[j * m + k];
      }
      EXPECT_NEAR(product, a[j * m + i], 1e-13) << i << "," << j;
    }
  }
  for (size_t i = 0; i < columns; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      double product = 0;
      for (size_t k = 0; k < m; ++k) product += q[i * m + k] * q[j * m + k];
      EXPECT_NEAR(product, i == j ? 1 : 0, 1e-14) << i << "," << j;
    }
  }
}

TEST(Qr, OfAnyShape) {
  const size_t shapes[][3] = {{1, 1, 1}, {2, 2, 2}, {5, 3, 3}, {5, 3, 5},
                              {3, 5, 3}, {1, 4, 1}, {6, 1, 6}, {17, 17, 17}};
  for (const auto& [m, n, columns] : shapes) {
    SCOPED_TRACE(testing::Message() << m << " x " << n);
    CheckFactors(m, n, columns, Values<double>(m * n, m + n));
  }
}

TEST(Qr, OfColumnsThatDependOnEachOther) {
  CheckFactors(3, 3, 3, {1, 2, 3, 2, 4, 6, 0, 0, 0});
  CheckFactors(2, 2, 2, {0, 0, 0, 0});
}

TEST(Qr, SignsAreEigens) {
  // [[3, 0], [4, 5]]: 3 becomes -5.
  std::vector<double> a = {3, 4, 0, 5}, q(4), scales(2);
  Qr(2, 2, 2, a.data(), q.data(), scales.data());
  EXPECT_NEAR(a[0], -5, 1e-15);
  EXPECT_NEAR(a[2], -4, 1e-15);
  EXPECT_NEAR(q[0], -0.6, 1e-15);
  // The last column has nothing below its diagonal to reflect.
  EXPECT_NEAR(std::abs(a[3]), 3, 1e-15);
}

}  // namespace
}  // namespace tensorbundle::kernels
