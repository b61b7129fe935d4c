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
    constexpr size_t kColumns = kVectors * kLanes;
    T sum[kRows][kColumns];
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kColumns; ++j) {
        T x = args.accumulate ? *Out<kVectors>(args, i, j) : T(0);
        for (size_t k = 0; k < args.depth; ++k) {
          x += args.a[i * args.a_row_stride + k * args.a_depth_stride] *
               args.b[k * args.b_stride + j];
        }
        sum[i][j] = x;
      }
    }
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kColumns; ++j) {
        *Out<kVectors>(args, i, j) = sum[i][j];
      }
    }
  }

 private:
  template <size_t kVectors>
  static T* Out(const TileArgs<T>& args, size_t row, size_t column) {
    const size_t in_vectors_before = (kVectors - 1) * kLanes;
    return args.out + row * args.out_stride +
           (column < in_vectors_before
                ? column
                : args.out_last + column - in_vectors_before);
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
