// MatMul: rank 2 with transpose flags (da = dy b^T, db = a^T dy need all four
// combinations); every variant sums in one order and so gives the same bits.
#include "engine/kernels/matmul.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

template <typename T>
using Function = void(const MatMulShape&, const T*, const T*, T, T*,
                      std::span<T>);

template <typename T>
struct Operands {
  explicit Operands(const MatMulShape& shape)
      : a(Values<T>(shape.rows * shape.depth, 1)),
        b(Values<T>(shape.depth * shape.columns, 2)),
        c(Values<T>(shape.rows * shape.columns, 3)) {}
  std::vector<T> a, b, c;
};

// op(A) op(B) + beta C in double, and the sum of the products' magnitudes,
// which bounds the error.
template <typename T>
void Expect(const MatMulShape& shape, const Operands<T>& in, T beta,
            const std::vector<T>& got) {
  const double epsilon = std::numeric_limits<T>::epsilon();
  for (size_t i = 0; i < shape.rows; ++i) {
    for (size_t j = 0; j < shape.columns; ++j) {
      double sum = 0, magnitude = 0;
      for (size_t k = 0; k < shape.depth; ++k) {
        const double x =
            in.a[shape.transpose_a ? k * shape.rows + i : i * shape.depth + k];
        const double y = in.b[shape.transpose_b ? j * shape.depth + k
                                                : k * shape.columns + j];
        sum += x * y;
        magnitude += std::fabs(x * y);
      }
      const size_t at = i * shape.columns + j;
      const double scaled = beta == 0 ? 0 : double{beta} * in.c[at];
      const double bound = epsilon * (static_cast<double>(shape.depth) + 2) *
                           (magnitude + std::fabs(scaled));
      ASSERT_NEAR(got[at], sum + scaled, bound)
          << shape.rows << "x" << shape.depth << "x" << shape.columns << " at "
          << i << "," << j;
    }
  }
}

template <typename T>
std::vector<T> Run(Function<T>* function, const MatMulShape& shape,
                   const Operands<T>& in, T beta) {
  std::vector<T> c = in.c;
  std::vector<T> workspace(MatMulWorkspace(shape),
                           std::numeric_limits<T>::quiet_NaN());
  function(shape, in.a.data(), in.b.data(), beta, c.data(), workspace);
  return c;
}

template <typename T>
void Check(Function<T>* scalar, Function<T>* vector, const MatMulShape& shape) {
  const Operands<T> in(shape);
  for (const T beta : {T(0), T(1), T(0.5)}) {
    const std::vector<T> expected = Run<T>(scalar, shape, in, beta);
    Expect(shape, in, beta, expected);
    EXPECT_EQ(Run<T>(vector, shape, in, beta), expected);
  }
}

void CheckAll(size_t rows, size_t depth, size_t columns) {
  SCOPED_TRACE(testing::Message() << rows << "x" << depth << "x" << columns);
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      const MatMulShape shape{rows, columns, depth, transpose_a, transpose_b};
      Check<float>(matmul::MatMulF32Scalar, matmul::MatMulF32Simd128, shape);
      Check<double>(matmul::MatMulF64Scalar, matmul::MatMulF64Simd128, shape);
    }
  }
}

TEST(MatMul, MultipliesByHand) {
  const std::vector<float> a = {1, 2, 3, 4, 5, 6};
  const std::vector<float> b = {7, 8, 9, 10, 11, 12};
  std::vector<float> c(4, std::numeric_limits<float>::quiet_NaN());
  const MatMulShape shape{2, 2, 3};
  std::vector<float> workspace(MatMulWorkspace(shape));
  MatMul(shape, a.data(), b.data(), 0.f, c.data(), workspace);
  EXPECT_EQ(c, (std::vector<float>{58, 64, 139, 154}));
}

TEST(MatMul, EverySmallShape) {
  for (const size_t rows : {1, 2, 3, 4, 5, 7, 8, 9}) {
    for (const size_t depth : {1, 2, 3, 5, 8}) {
      for (const size_t columns : {1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 17}) {
        CheckAll(rows, depth, columns);
      }
    }
  }
}

TEST(MatMul, ShapesAroundTheBlocks) {
  CheckAll(63, 255, 20);
  CheckAll(64, 256, 16);
  CheckAll(65, 257, 17);
  CheckAll(129, 513, 10);
  CheckAll(5, 3, 511);
  CheckAll(4, 2, 512);
  CheckAll(9, 300, 513);
  CheckAll(5, 300, 515);
  CheckAll(5, 3, 516);
  CheckAll(1, 784, 10);
  CheckAll(2, 300, 1030);
}

// Fewer than four rows have wider panels.
TEST(MatMul, FewRowsOfManyColumns) {
  for (const size_t rows : {1, 2, 3}) {
    for (const size_t columns : {15, 16, 17, 18, 31, 32, 33, 34, 35, 36, 67}) {
      CheckAll(rows, 9, columns);
    }
    CheckAll(rows, 257, 100);
  }
}

TEST(MatMul, NoElementsAndNoDepth) {
  CheckAll(0, 3, 4);
  CheckAll(3, 4, 0);
  CheckAll(0, 0, 0);
  const MatMulShape shape{2, 3, 0};
  std::vector<double> c(6, 8);
  MatMul(shape, static_cast<const double*>(nullptr), nullptr, 0.25, c.data(),
         std::span<double>());
  EXPECT_EQ(c, std::vector<double>(6, 2));
  MatMul(shape, static_cast<const double*>(nullptr), nullptr, 0., c.data(),
         std::span<double>());
  EXPECT_EQ(c, std::vector<double>(6, 0));
}

TEST(MatMul, PaddingDoesNotLeakAndNansStayInTheirRow) {
  const MatMulShape shape{5, 10, 3};
  Operands<float> in(shape);
  in.a[4] = std::numeric_limits<float>::infinity();
  in.b[2] = 0;
  const std::vector<float> c = Run<float>(MatMul, shape, in, 0);
  for (size_t j = 0; j < 10; ++j) {
    EXPECT_TRUE(std::isfinite(c[j]));
    EXPECT_FALSE(std::isfinite(c[10 + j]));
    EXPECT_TRUE(std::isfinite(c[20 + j]));
  }
}

TEST(MatMul, WorkspaceIsBounded) {
  const MatMulShape shape{100000, 100000, 100000, true, true};
  EXPECT_LE(MatMulWorkspace(shape), 160u * 1024);
}

}  // namespace
}  // namespace tensorbundle::kernels
