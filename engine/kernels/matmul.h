// Matrix multiplication.
#ifndef TB_KERNELS_MATMUL_H_
#define TB_KERNELS_MATMUL_H_

#include <cstddef>
#include <span>

namespace tensorbundle::kernels {

// C[rows, columns] = op(A)[rows, depth] * op(B)[depth, columns], all row-major
// and without gaps. A transposed A lies in memory as [depth, rows], a
// transposed B as [columns, depth].
struct MatMulShape {
  size_t rows = 0;
  size_t columns = 0;
  size_t depth = 0;
  bool transpose_a = false;
  bool transpose_b = false;
};

// How many elements of workspace MatMul() needs; at most 160 Ki, whatever the
// shape.
size_t MatMulWorkspace(const MatMulShape& shape);

// C = op(A) op(B) + beta C. With beta == 0, C is not read and may hold
// anything; with depth == 0 the product is zero.
//
// Each element is the sum over the depth in ascending order in blocks of
// kMatMulDepthBlock, one rounding for each product and each sum: both
// variants give the same bits.
//
// REQUIRES: C overlaps neither A nor B; workspace.size() >=
// MatMulWorkspace(shape). Its contents are of no interest before or after.
void MatMul(const MatMulShape& shape, const float* a, const float* b,
            float beta, float* c, std::span<float> workspace);
void MatMul(const MatMulShape& shape, const double* a, const double* b,
            double beta, double* c, std::span<double> workspace);

inline constexpr size_t kMatMulDepthBlock = 256;

// The variants behind MatMul(), for tests and benchmarks.
namespace matmul {

using MatMulF32 = void(const MatMulShape&, const float*, const float*, float,
                       float*, std::span<float>);
using MatMulF64 = void(const MatMulShape&, const double*, const double*, double,
                       double*, std::span<double>);

MatMulF32 MatMulF32Scalar;
MatMulF64 MatMulF64Scalar;
MatMulF32 MatMulF32Simd128;
MatMulF64 MatMulF64Simd128;

}  // namespace matmul
}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_MATMUL_H_
