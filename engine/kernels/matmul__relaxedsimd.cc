#include "engine/kernels/matmul_tiles.h"

namespace tensorbundle::kernels::matmul {
namespace {

struct Relaxed {
  static inline simd::F32x4 Apply(simd::F32x4 a, simd::F32x4 b,
                                  simd::F32x4 sum) {
    return reinterpret_cast<simd::F32x4>(wasm_f32x4_relaxed_madd(
        reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b),
        reinterpret_cast<v128_t>(sum)));
  }
};

}  // namespace

void MatMulF32RelaxedSimd(const MatMulShape& shape, const float* a,
                          const float* b, float beta, float* c,
                          std::span<float> workspace) {
  RunBlocks<float, VectorTiles<float, Relaxed>>(shape, a, b, beta, c,
                                                workspace);
}

}  // namespace tensorbundle::kernels::matmul
