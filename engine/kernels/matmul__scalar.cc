#include "engine/kernels/matmul_blocks.h"

namespace tensorbundle::kernels::matmul {
namespace {

template <typename T, size_t Lanes>
struct Tiles {
  static constexpr size_t kLanes = Lanes;

  // Sums first and stores last, since the last vector of `out` may overlap the
  // one before it.
  template <size_t kRows, size_t kVectors>
  static void Run(const TileArgs<T>& args) {
    T sum[kRows][kVectors][kLanes];
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kVectors; ++j) {
        const T* const out = args.template Out<kVectors, kLanes>(i, j);
        for (size_t l = 0; l < kLanes; ++l) {
          const T* const b = args.b + j * kLanes + l;
          T x = args.accumulate ? out[l] : T(0);
          for (size_t k = 0; k < args.depth; ++k) {
            x += args.a[i * args.a_row_stride + k * args.a_depth_stride] *
                 b[k * args.b_stride];
          }
          sum[i][j][l] = x;
        }
      }
    }
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kVectors; ++j) {
        std::copy_n(sum[i][j], kLanes,
                    args.template Out<kVectors, kLanes>(i, j));
      }
    }
  }
};

}  // namespace

void MatMulF32Scalar(const MatMulShape& shape, const float* a, const float* b,
                     float beta, float* c, std::span<float> workspace) {
  RunBlocks<float, Tiles<float, 4>>(shape, a, b, beta, c, workspace);
}

void MatMulF64Scalar(const MatMulShape& shape, const double* a, const double* b,
                     double beta, double* c, std::span<double> workspace) {
  RunBlocks<double, Tiles<double, 2>>(shape, a, b, beta, c, workspace);
}

}  // namespace tensorbundle::kernels::matmul
