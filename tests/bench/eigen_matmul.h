// Eigen's product, the yardstick of the matmul benchmarks.
#ifndef TB_TESTS_BENCH_EIGEN_MATMUL_H_
#define TB_TESTS_BENCH_EIGEN_MATMUL_H_

#include "engine/kernels/matmul.h"

namespace tensorbundle::bench {

// C = op(A) op(B), operands as MatMul()'s.
void EigenMatMul(const kernels::MatMulShape& shape, const float* a,
                 const float* b, float* c);

}  // namespace tensorbundle::bench

#endif  // TB_TESTS_BENCH_EIGEN_MATMUL_H_
