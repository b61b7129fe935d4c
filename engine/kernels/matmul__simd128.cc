#include "engine/kernels/matmul_tiles.h"

namespace tensorbundle::kernels::matmul {
namespace {

struct TwoRoundings {
  template <typename V>
  static inline V Apply(V a, V b, V sum) {
    return sum + a * b;
  }
};

}  // namespace

void MatMulF32Simd128(const MatMulShape& shape, const float* a, const float* b,
                      float beta, float* c, std::span<float> workspace) {
  RunBlocks<float, VectorTiles<float, TwoRoundings>>(shape, a, b, beta, c,
                                                     workspace);
}

void MatMulF64Simd128(const MatMulShape& shape, const double* a,
                      const double* b, double beta, double* c,
                      std::span<double> workspace) {
  RunBlocks<double, VectorTiles<double, TwoRoundings>>(shape, a, b, beta, c,
                                                       workspace);
}

}  // namespace tensorbundle::kernels::matmul
