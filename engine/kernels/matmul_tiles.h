// Tiles of a few rows and vectors, held in registers over the whole depth.
//
//              b0 b1        per step of the depth: 2 loads of B, 4 splats of A,
//   a0 a1 a2 a3 x  |        8 multiplications, 8 additions. 8 accumulators +
//                  v        3 operands fit the 16 registers of SSE with V8's
//             4 x 8 sums    scratch; taller and wider tiles spill.
//
// 3 rows of 3 vectors fit as well. Not unrolled over the depth, which measured
// slower. Included by matmul__simd128.cc alone.
#ifndef TB_KERNELS_MATMUL_TILES_H_
#define TB_KERNELS_MATMUL_TILES_H_

#include "engine/kernels/matmul_blocks.h"
#include "engine/util/simd128.h"

namespace tensorbundle::kernels::matmul {

// `MultiplyAdd::Apply(a, b, sum)` is sum + a * b.
template <typename T, typename MultiplyAdd>
struct VectorTiles {
  static constexpr size_t kLanes = simd::kLanes<T>;

  template <size_t kRows, size_t kVectors>
  [[gnu::noinline]] static void Run(const TileArgs<T>& args) {
    simd::Vector<T> sum[kRows][kVectors];
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kVectors; ++j) {
        sum[i][j] = args.accumulate
                        ? simd::Load(args.template Out<kVectors, kLanes>(i, j))
                        : simd::Vector<T>{};
      }
    }
    const T* a = args.a;
    const T* b = args.b;
    const size_t a_row_stride = args.a_row_stride;
    const size_t a_depth_stride = args.a_depth_stride;
    const size_t b_stride = args.b_stride;
    for (size_t k = args.depth; k > 0; --k) {
      simd::Vector<T> right[kVectors];
      for (size_t j = 0; j < kVectors; ++j) {
        right[j] = simd::Load(b + j * kLanes);
      }
      for (size_t i = 0; i < kRows; ++i) {
        const simd::Vector<T> left = simd::Splat(a[i * a_row_stride]);
        for (size_t j = 0; j < kVectors; ++j) {
          sum[i][j] = MultiplyAdd::Apply(left, right[j], sum[i][j]);
        }
      }
      a += a_depth_stride;
      b += b_stride;
    }
    for (size_t i = 0; i < kRows; ++i) {
      for (size_t j = 0; j < kVectors; ++j) {
        simd::Store(args.template Out<kVectors, kLanes>(i, j), sum[i][j]);
      }
    }
  }
};

}  // namespace tensorbundle::kernels::matmul

#endif  // TB_KERNELS_MATMUL_TILES_H_
