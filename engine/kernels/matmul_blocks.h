// The blocking of matrix multiplication, over any set of tile kernels.
//
//   for each block of kColumnBlock columns and kMatMulDepthBlock depth
//     B's block is packed into panels of kPanel columns:
//        panel 0: b[0][0..P) b[1][0..P) ...   panel 1: b[0][P..2P) ...
//     for each block of kRowBlock rows
//       a transposed A is packed into strips of kTileRows rows:
//        strip 0: a[0..4)[0] a[0..4)[1] ...
//       for each panel, for each strip: one tile of C
//
// A panel of 256 x 8 floats (8 KiB) stays in the first-level cache while the
// strips pass by. A that is not transposed is read where it lies: its four rows
// are four streams, and packing it measured no faster. For N up to
// kDirectColumns neither is a transposed A packed, and for up to kTileRows rows
// nothing but B's last, incomplete panel is.
//
// Included by matmul__*.cc alone. Tiles has, for element type T,
//   kPanel                      columns of a tile
//   Rows4(const TileArgs<T>&)   kTileRows x kPanel of out, = or += a b
//   Rows1(const TileArgs<T>&)   1 x kPanel of it
//   Rows4Half, Rows1Half        the same for kPanel / 2 columns
#ifndef TB_KERNELS_MATMUL_BLOCKS_H_
#define TB_KERNELS_MATMUL_BLOCKS_H_

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/kernels/matmul.h"

namespace tensorbundle::kernels::matmul {

inline constexpr size_t kTileRows = 4;
inline constexpr size_t kRowBlock = 64;
inline constexpr size_t kColumnBlock = 512;
inline constexpr size_t kDirectColumns = 16;
inline constexpr size_t kMaxPanel = 8;

// Columns of the memory that B's packed block takes, for each of its rows.
inline size_t PackedColumns(const MatMulShape& shape) {
  const size_t columns = std::min(shape.columns, kColumnBlock);
  return (columns + kMaxPanel - 1) / kMaxPanel * kMaxPanel;
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
  bool accumulate;
};

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
    for (size_t j = 0; j < shape_.columns; j += kColumnBlock) {
      const size_t columns = std::min(kColumnBlock, shape_.columns - j);
      for (size_t k = 0; k < shape_.depth; k += kMatMulDepthBlock) {
        const size_t depth = std::min(kMatMulDepthBlock, shape_.depth - k);
        RunBlock(j, columns, k, depth, accumulate || k > 0);
      }
    }
  }

 private:
  static constexpr size_t kPanel = Tiles::kPanel;

  size_t a_row_stride() const { return shape_.transpose_a ? 1 : shape_.depth; }
  size_t a_depth_stride() const { return shape_.transpose_a ? shape_.rows : 1; }
  bool pack_a() const {
    return shape_.transpose_a && shape_.columns > kDirectColumns &&
           shape_.rows >= kTileRows;
  }
  bool pack_b() const { return shape_.transpose_b || shape_.rows > kTileRows; }

  // Columns of the panel at `column` of a block `columns` wide: half a panel
  // is enough for the last few.
  static size_t PanelWidth(size_t columns, size_t column) {
    return columns - column > kPanel / 2 ? kPanel : kPanel / 2;
  }

  void RunBlock(size_t j, size_t columns, size_t k, size_t depth,
                bool accumulate) {
    for (size_t p = 0; p < columns; p += kPanel) {
      if (pack_b() || columns - p < kPanel) {
        PackPanel(j + p, std::min(kPanel, columns - p), PanelWidth(columns, p),
                  k, depth, packed_b_ + p * depth);
      }
    }
    for (size_t i = 0; i < shape_.rows; i += kRowBlock) {
      const size_t rows = std::min(kRowBlock, shape_.rows - i);
      if (pack_a()) PackStrips(i, rows, k, depth);
      for (size_t p = 0; p < columns; p += kPanel) {
        RunPanel(i, rows, j + p, columns - p, k, depth, accumulate,
                 packed_b_ + p * depth);
      }
    }
  }

  // Copies B[k .. k+depth)[j .. j+filled) to `to`, zeros up to `width`.
  [[gnu::noinline]] void PackPanel(size_t j, size_t filled, size_t width,
                                   size_t k, size_t depth, T* to) const {
    if (shape_.transpose_b) {
      if (filled < width) std::fill(to, to + width * depth, T(0));
      for (size_t q = 0; q < filled; ++q) {
        const T* from = b_ + (j + q) * shape_.depth + k;
        for (size_t d = 0; d < depth; ++d) to[d * width + q] = from[d];
      }
      return;
    }
    const T* from = b_ + k * shape_.columns + j;
    for (size_t d = 0; d < depth; ++d) {
      if (filled == kPanel) {
        std::memcpy(to, from, kPanel * sizeof(T));
      } else {
        for (size_t q = 0; q < width; ++q) to[q] = q < filled ? from[q] : T(0);
      }
      from += shape_.columns;
      to += width;
    }
  }

  // Copies whole strips of op(A)[i .. i+rows)[k .. k+depth); rows over a
  // multiple of kTileRows are read where they lie.
  [[gnu::noinline]] void PackStrips(size_t i, size_t rows, size_t k,
                                    size_t depth) {
    T* to = packed_a_;
    for (size_t r = 0; r + kTileRows <= rows; r += kTileRows) {
      const T* from = a_ + k * shape_.rows + i + r;
      for (size_t d = 0; d < depth; ++d) {
        std::memcpy(to, from, kTileRows * sizeof(T));
        from += shape_.rows;
        to += kTileRows;
      }
    }
  }

  // Rows [i, i+rows) of the panel of C at column j, where `left` columns
  // remain in the block.
  [[gnu::noinline]] void RunPanel(size_t i, size_t rows, size_t j, size_t left,
                                  size_t k, size_t depth, bool accumulate,
                                  const T* panel) {
    const bool half = left <= kPanel / 2;
    const size_t width = half ? kPanel / 2 : kPanel;
    const bool whole = left >= width;
    T edge[kTileRows * kMaxPanel];
    TileArgs<T> args;
    args.depth = depth;
    if (pack_b() || left < kPanel) {
      args.b = panel;
      args.b_stride = width;
    } else {
      args.b = b_ + k * shape_.columns + j;
      args.b_stride = shape_.columns;
    }
    for (size_t r = 0; r < rows;) {
      const size_t height = rows - r >= kTileRows ? kTileRows : 1;
      if (pack_a() && height == kTileRows) {
        args.a = packed_a_ + r * depth;
        args.a_row_stride = 1;
        args.a_depth_stride = kTileRows;
      } else {
        args.a = a_ + (i + r) * a_row_stride() + k * a_depth_stride();
        args.a_row_stride = a_row_stride();
        args.a_depth_stride = a_depth_stride();
      }
      T* out = c_ + (i + r) * shape_.columns + j;
      args.out = whole ? out : edge;
      args.out_stride = whole ? shape_.columns : width;
      args.accumulate = accumulate;
      if (!whole && accumulate) {
        for (size_t y = 0; y < height; ++y) {
          for (size_t x = 0; x < width; ++x) {
            edge[y * width + x] = x < left ? out[y * shape_.columns + x] : T(0);
          }
        }
      }
      if (height == kTileRows) {
        half ? Tiles::Rows4Half(args) : Tiles::Rows4(args);
      } else {
        half ? Tiles::Rows1Half(args) : Tiles::Rows1(args);
      }
      if (!whole) {
        for (size_t y = 0; y < height; ++y) {
          std::memcpy(out + y * shape_.columns, edge + y * width,
                      left * sizeof(T));
        }
      }
      r += height;
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
  static_assert(Tiles::kPanel <= kMaxPanel);
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
