#include "tests/bench/eigen_matmul.h"

#if defined(__EMSCRIPTEN__)
// Eigen takes Clang for GCC here and would use x86 assembler.
#include <Eigen/src/Core/util/Macros.h>
#undef EIGEN_COMP_GNUC
#define EIGEN_COMP_GNUC 0
#endif
#include <Eigen/Core>

namespace tensorbundle::bench {

void EigenMatMul(const kernels::MatMulShape& shape, const float* a,
                 const float* b, float* c) {
  using Matrix =
      Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Eigen::Index;
  const Index rows = static_cast<Index>(shape.rows);
  const Index columns = static_cast<Index>(shape.columns);
  const Index depth = static_cast<Index>(shape.depth);
  const bool ta = shape.transpose_a, tb = shape.transpose_b;
  const Eigen::Map<const Matrix> left(a, ta ? depth : rows, ta ? rows : depth);
  const Eigen::Map<const Matrix> right(b, tb ? columns : depth,
                                       tb ? depth : columns);
  Eigen::Map<Matrix> product(c, rows, columns);
  if (ta && tb) {
    product.noalias() = left.transpose() * right.transpose();
  } else if (ta) {
    product.noalias() = left.transpose() * right;
  } else if (tb) {
    product.noalias() = left * right.transpose();
  } else {
    product.noalias() = left * right;
  }
}

}  // namespace tensorbundle::bench
