// The blocking of matrix multiplication, over any set of tile kernels.
//
//   for each block of kColumnBlock columns and kMatMulDepthBlock depth
//     B's block is packed into panels of one to three vectors of L columns:
//        panel 0: b[0][0..2L) b[1][0..2L) ...   panel 1: b[0][2L..4L) ...
//     for each block of kRowBlock rows
//       a transposed A is packed into strips of kStripRows rows:
//        strip 0: a[0..4)[0] a[0..4)[1] ...
//       for each panel, for each strip: one tile of C
//
// A panel of 256 x 8 floats (8 KiB) stays in the first-level cache while the
// strips pass by. A that is not transposed is read where it lies: its four rows
// are four streams, and packing it measured no faster. For N up to
// kDirectColumns neither is a transposed A packed, and for up to kStripRows
// rows nothing but B's last, incomplete panel is.
//
// The last vector of a block's last panel ends with the block, and so overlaps
// the one before it: both store the same sums, and no tile has an edge.
//
//   N = 10, L = 4:   0 1 2 3 | 4 5 6 7      columns 6 and 7 are summed twice
//                                6 7 8 9
//
// Only of fewer than L columns is a vector filled up with zeros.
//
// Included by matmul__*.cc alone. Tiles has, for element type T,
//   kLanes                          L
//   Run<rows, vectors>(TileArgs<T>) rows x (vectors L) of out, = or += a b
#ifndef TB_KERNELS_MATMUL_BLOCKS_H_
#define TB_KERNELS_MATMUL_BLOCKS_H_

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/kernels/matmul.h"

namespace tensorbundle::kernels::matmul {

inline constexpr size_t kStripRows = 4;
inline constexpr size_t kRowBlock = 64;
inline constexpr size_t kColumnBlock = 512;
inline constexpr size_t kDirectColumns = 16;
inline constexpr size_t kMaxLanes = 4;

// Columns of the next block: what would be less than a vector is not left over.
inline size_t BlockColumns(size_t left) {
  return left < kColumnBlock + kMaxLanes ? left : kColumnBlock;
}

// Columns of the memory that B's packed block takes, for each of its rows.
inline size_t PackedColumns(const MatMulShape& shape) {
  const size_t columns = std::min(shape.columns, kColumnBlock + kMaxLanes - 1);
  return (columns + kMaxLanes - 1) / kMaxLanes * kMaxLanes;
}

// Operands of one tile kernel call.
template <typename T>
struct TileArgs {
  const T* a;
  size_t a_row_stride;
  size_t a_depth_stride;
  const T* b;
  size_t b_stride;
  size_t depth;
  T* out;
  size_t out_stride;
  size_t out_last;  // column of `out` where the last vector goes
  bool accumulate;

  // Where vector `j` of row `i` of a tile of kVectors goes.
  template <size_t kVectors, size_t kLanes>
  T* Out(size_t i, size_t j) const {
    return out + i * out_stride + (j + 1 < kVectors ? j * kLanes : out_last);
  }
};

template <typename T>
using Tile = void(const TileArgs<T>&);

template <typename T, typename Tiles>
class Blocks {
 public:
  Blocks(const MatMulShape& shape, const T* a, const T* b, T* c, T* workspace)
      : shape_(shape),
        a_(a),
        b_(b),
        c_(c),
        packed_b_(workspace),
        packed_a_(workspace + std::min(shape.depth, kMatMulDepthBlock) *
                                  PackedColumns(shape)) {}

  // REQUIRES: shape.depth > 0.
  void Run(bool accumulate) {
    for (size_t j = 0; j < shape_.columns;) {
      const size_t columns = BlockColumns(shape_.columns - j);
      for (size_t k = 0; k < shape_.depth; k += kMatMulDepthBlock) {
        const size_t depth = std::min(kMatMulDepthBlock, shape_.depth - k);
        RunBlock(j, columns, k, depth, accumulate || k > 0);
      }
      j += columns;
    }
  }

 private:
  static constexpr size_t kLanes = Tiles::kLanes;
  // A single row has no other to share its loads of B with, and sums that wait
  // for one another unless there are many.
  static constexpr size_t kThinVectors = 8;

  // Tiles as many vectors wide as a panel: of `rows` rows, and of one.
  struct Kernels {
    size_t rows;
    Tile<T>* tall;
    Tile<T>* low;
  };

  // Called through these pointers, so that each kernel stays a function: V8
  // optimises a function between two calls of it, and would leave one that
  // swallowed their loops in the baseline compiler.
  static Kernels KernelsOf(size_t vectors) {
    switch (vectors) {
      case 1:
        return {kStripRows, &Tiles::template Run<kStripRows, 1>,
                &Tiles::template Run<1, 1>};
      case 2:
        return {kStripRows, &Tiles::template Run<kStripRows, 2>,
                &Tiles::template Run<1, 2>};
      case 3:
        return {3, &Tiles::template Run<3, 3>, &Tiles::template Run<1, 3>};
      default:
        return {1, &Tiles::template Run<1, kThinVectors>,
                &Tiles::template Run<1, kThinVectors>};
    }
  }

  size_t a_row_stride() const { return shape_.transpose_a ? 1 : shape_.depth; }
  size_t a_depth_stride() const { return shape_.transpose_a ? shape_.rows : 1; }
  bool pack_a() const {
    return shape_.transpose_a && shape_.columns > kDirectColumns &&
           shape_.rows >= kStripRows;
  }
  bool pack_b() const { return shape_.transpose_b || shape_.rows > kStripRows; }

  // Vectors of the panel after which none or a vector's columns remain of the
  // `left` there are.
  size_t Vectors(size_t left) const {
    constexpr size_t kThin = kThinVectors * kLanes;
    if (shape_.rows < kStripRows && (left == kThin || left >= kThin + kLanes)) {
      return kThinVectors;
    }
    return left > 3 * kLanes ? 2 : (left + kLanes - 1) / kLanes;
  }

  void RunBlock(size_t j, size_t columns, size_t k, size_t depth,
                bool accumulate) {
    for (size_t p = 0; p < columns;) {
      const size_t width = Vectors(columns - p) * kLanes;
      if (pack_b() || columns - p < width) {
        PackPanel(j + p, columns - p, width, k, depth, packed_b_ + p * depth);
      }
      p += width;
    }
    for (size_t i = 0; i < shape_.rows; i += kRowBlock) {
      const size_t rows = std::min(kRowBlock, shape_.rows - i);
      if (pack_a()) PackStrips(i, rows, k, depth);
      for (size_t p = 0; p < columns;) {
        const size_t vectors = Vectors(columns - p);
        RunPanel(i, rows, j + p, columns - p, vectors, k, depth, accumulate,
                 packed_b_ + p * depth);
        p += vectors * kLanes;
      }
    }
  }

  // Copies B[k .. k+depth)[j ..] to `to`, vector by vector of each row, of
  // which `left` columns remain.
  [[gnu::noinline]] void PackPanel(size_t j, size_t left, size_t width,
                                   size_t k, size_t depth, T* to) const {
    const size_t row_stride = shape_.transpose_b ? 1 : shape_.columns;
    const size_t column_stride = shape_.transpose_b ? shape_.depth : 1;
    const T* from = b_ + k * row_stride + j * column_stride;
    if (left < kLanes) {
      for (size_t d = 0; d < depth; ++d) {
        for (size_t q = 0; q < kLanes; ++q) {
          to[d * kLanes + q] =
              q < left ? from[d * row_stride + q * column_stride] : T(0);
        }
      }
      return;
    }
    for (size_t v = 0; v < width; v += kLanes) {
      PackVector(from + std::min(v, left - kLanes) * column_stride, depth,
                 to + v, width);
    }
  }

  // Copies kLanes columns of `depth` rows, to where rows are `width` apart.
  void PackVector(const T* from, size_t depth, T* to, size_t width) const {
    if (shape_.transpose_b) {
      for (size_t d = 0; d < depth; ++d) {
        for (size_t q = 0; q < kLanes; ++q) {
          to[d * width + q] = from[q * shape_.depth + d];
        }
      }
      return;
    }
    for (size_t d = 0; d < depth; ++d) {
      std::memcpy(to + d * width, from + d * shape_.columns,
                  kLanes * sizeof(T));
    }
  }

  // Copies whole strips of op(A)[i .. i+rows)[k .. k+depth); rows over a
  // multiple of kStripRows are read where they lie.
  [[gnu::noinline]] void PackStrips(size_t i, size_t rows, size_t k,
                                    size_t depth) {
    T* to = packed_a_;
    for (size_t r = 0; r + kStripRows <= rows; r += kStripRows) {
      const T* from = a_ + k * shape_.rows + i + r;
      for (size_t d = 0; d < depth; ++d) {
        std::memcpy(to, from, kStripRows * sizeof(T));
        from += shape_.rows;
        to += kStripRows;
      }
    }
  }

  // Rows [i, i+rows) of the panel of C at column j, where `left` columns
  // remain in the block.
  [[gnu::noinline]] void RunPanel(size_t i, size_t rows, size_t j, size_t left,
                                  size_t vectors, size_t k, size_t depth,
                                  bool accumulate, const T* panel) {
    const Kernels kernels = KernelsOf(vectors);
    const size_t width = vectors * kLanes;
    TileArgs<T> args;
    args.depth = depth;
    args.accumulate = accumulate;
    args.out_last = std::min(width, std::max(left, kLanes)) - kLanes;
    if (pack_b() || left < width) {
      args.b = panel;
      args.b_stride = width;
    } else {
      args.b = b_ + k * shape_.columns + j;
      args.b_stride = shape_.columns;
    }
    for (size_t r = 0; r < rows;) {
      const size_t height = rows - r >= kernels.rows ? kernels.rows : 1;
      if (pack_a() && height == kStripRows) {
        args.a = packed_a_ + r * depth;
        args.a_row_stride = 1;
        args.a_depth_stride = kStripRows;
      } else {
        args.a = a_ + (i + r) * a_row_stride() + k * a_depth_stride();
        args.a_row_stride = a_row_stride();
        args.a_depth_stride = a_depth_stride();
      }
      args.out = c_ + (i + r) * shape_.columns + j;
      args.out_stride = shape_.columns;
      Tile<T>* const tile = height > 1 ? kernels.tall : kernels.low;
      left < kLanes ? RunNarrow(tile, args, height, left) : tile(args);
      r += height;
    }
  }

  // A tile of fewer columns than a vector has, by way of one that is whole.
  static void RunNarrow(Tile<T>* tile, TileArgs<T> args, size_t height,
                        size_t columns) {
    T whole[kStripRows * kMaxLanes] = {};
    T* const out = args.out;
    const size_t stride = args.out_stride;
    args.out = whole;
    args.out_stride = kLanes;
    for (size_t y = 0; args.accumulate && y < height; ++y) {
      std::copy_n(out + y * stride, columns, whole + y * kLanes);
    }
    tile(args);
    for (size_t y = 0; y < height; ++y) {
      std::copy_n(whole + y * kLanes, columns, out + y * stride);
    }
  }

  const MatMulShape shape_;
  const T* const a_;
  const T* const b_;
  T* const c_;
  T* const packed_b_;
  T* const packed_a_;
};

// MatMul() over `Tiles`.
template <typename T, typename Tiles>
void RunBlocks(const MatMulShape& shape, const T* a, const T* b, T beta, T* c,
               std::span<T> workspace) {
  static_assert(Tiles::kLanes <= kMaxLanes);
  assert(workspace.size() >= MatMulWorkspace(shape));
  const size_t size = shape.rows * shape.columns;
  if (beta == T(0)) {
    if (shape.depth == 0) std::fill(c, c + size, T(0));
  } else if (beta != T(1)) {
    for (size_t i = 0; i < size; ++i) c[i] *= beta;
  }
  if (size == 0 || shape.depth == 0) return;
  Blocks<T, Tiles>(shape, a, b, c, workspace.data()).Run(beta != T(0));
}

}  // namespace tensorbundle::kernels::matmul

#endif  // TB_KERNELS_MATMUL_BLOCKS_H_
