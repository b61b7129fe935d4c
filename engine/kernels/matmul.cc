#include "engine/kernels/matmul.h"

#include "engine/kernels/matmul_blocks.h"

namespace tensorbundle::kernels {

size_t MatMulWorkspace(const MatMulShape& shape) {
  const size_t depth = std::min(shape.depth, kMatMulDepthBlock);
  const size_t rows = std::min(shape.rows, matmul::kRowBlock);
  return depth *
         (matmul::PackedColumns(shape) + (shape.transpose_a ? rows : 0));
}

void MatMul(const MatMulShape& shape, const float* a, const float* b,
            float beta, float* c, std::span<float> workspace) {
  matmul::MatMulF32Simd128(shape, a, b, beta, c, workspace);
}

void MatMul(const MatMulShape& shape, const double* a, const double* b,
            double beta, double* c, std::span<double> workspace) {
  matmul::MatMulF64Simd128(shape, a, b, beta, c, workspace);
}

}  // namespace tensorbundle::kernels
