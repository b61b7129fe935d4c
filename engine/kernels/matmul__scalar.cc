#include "engine/kernels/matmul_blocks.h"

namespace tensorbundle::kernels::matmul {
namespace {

template <typename T, size_t Panel>
struct Tiles {
  static constexpr size_t kPanel = Panel;

  template <size_t kRows, size_t kColumns>
  static void Run(const TileArgs<T>& args) {
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kColumns; ++j) {
        T& out = args.out[i * args.out_stride + j];
        T sum = args.accumulate ? out : T(0);
        for (size_t k = 0; k < args.depth; ++k) {
          sum += args.a[i * args.a_row_stride + k * args.a_depth_stride] *
                 args.b[k * args.b_stride + j];
        }
        out = sum;
      }
    }
  }

  static void Rows4(const TileArgs<T>& args) { Run<kTileRows, Panel>(args); }
  static void Rows1(const TileArgs<T>& args) { Run<1, Panel>(args); }
  static void Rows4Half(const TileArgs<T>& args) {
    Run<kTileRows, Panel / 2>(args);
  }
  static void Rows1Half(const TileArgs<T>& args) { Run<1, Panel / 2>(args); }
};

}  // namespace

void MatMulF32Scalar(const MatMulShape& shape, const float* a, const float* b,
                     float beta, float* c, std::span<float> workspace) {
  RunBlocks<float, Tiles<float, 8>>(shape, a, b, beta, c, workspace);
}

void MatMulF64Scalar(const MatMulShape& shape, const double* a, const double* b,
                     double beta, double* c, std::span<double> workspace) {
  RunBlocks<double, Tiles<double, 4>>(shape, a, b, beta, c, workspace);
}

}  // namespace tensorbundle::kernels::matmul
