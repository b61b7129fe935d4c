// Tiles of 4 rows and 2 vectors, held in registers over the whole depth.
//
//              b0 b1        per step of the depth: 2 loads of B, 4 splats of A,
//   a0 a1 a2 a3 x  |        8 multiplications, 8 additions. 8 accumulators +
//                  v        3 operands fit the 16 registers of SSE with V8's
//             4 x 8 sums    scratch; taller and wider tiles spill.
//
// Not unrolled over the depth, which measured slower. Included by
// matmul__simd128.cc alone.
#ifndef TB_KERNELS_MATMUL_TILES_H_
#define TB_KERNELS_MATMUL_TILES_H_

#include "engine/kernels/matmul_blocks.h"
#include "engine/util/simd128.h"

namespace tensorbundle::kernels::matmul {

// `MultiplyAdd::Apply(a, b, sum)` is sum + a * b.
template <typename T, typename MultiplyAdd>
struct VectorTiles {
  static constexpr size_t kPanel = 2 * simd::kLanes<T>;

  template <int kRows, int kVectors>
  static inline void Run(const TileArgs<T>& args) {
    constexpr size_t kStep = simd::kLanes<T>;
    simd::Vector<T> sum[kRows][kVectors];
    for (int i = 0; i < kRows; ++i) {
      for (int j = 0; j < kVectors; ++j) {
        sum[i][j] = args.accumulate
                        ? simd::Load(args.out +
                                     static_cast<size_t>(i) * args.out_stride +
                                     static_cast<size_t>(j) * kStep)
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
      for (int j = 0; j < kVectors; ++j) {
        right[j] = simd::Load(b + static_cast<size_t>(j) * kStep);
      }
      for (int i = 0; i < kRows; ++i) {
        const simd::Vector<T> left =
            simd::Splat(a[static_cast<size_t>(i) * a_row_stride]);
        for (int j = 0; j < kVectors; ++j) {
          sum[i][j] = MultiplyAdd::Apply(left, right[j], sum[i][j]);
        }
      }
      a += a_depth_stride;
      b += b_stride;
    }
    for (int i = 0; i < kRows; ++i) {
      for (int j = 0; j < kVectors; ++j) {
        simd::Store(args.out + static_cast<size_t>(i) * args.out_stride +
                        static_cast<size_t>(j) * kStep,
                    sum[i][j]);
      }
    }
  }

  // Functions of their own: V8 optimises a function between two calls of it,
  // and would leave one that swallowed its loops in the baseline compiler.
  [[gnu::noinline]] static void Rows4(const TileArgs<T>& args) {
    Run<kTileRows, 2>(args);
  }
  [[gnu::noinline]] static void Rows1(const TileArgs<T>& args) {
    Run<1, 2>(args);
  }
  [[gnu::noinline]] static void Rows4Half(const TileArgs<T>& args) {
    Run<kTileRows, 1>(args);
  }
  [[gnu::noinline]] static void Rows1Half(const TileArgs<T>& args) {
    Run<1, 1>(args);
  }
};

}  // namespace tensorbundle::kernels::matmul

#endif  // TB_KERNELS_MATMUL_TILES_H_
