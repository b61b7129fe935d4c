// Rearrangements: what moves elements and changes none of them.
//
// All work on elements of `size` bytes (1, 2, 4, 8 or 16), whatever their
// dtype, and none allows its input and output to overlap. Arguments are what
// TensorFlow's shape functions leave: positive, within bounds, complete.
#ifndef TB_KERNELS_ARRANGE_H_
#define TB_KERNELS_ARRANGE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/kernels/dims.h"

namespace tensorbundle::kernels {

// y's dimension i is x's dimension permutation[i]. REQUIRES: a permutation of
// 0 .. dims.rank - 1.
void Transpose(const Dims& dims,
               const std::array<size_t, kMaxDims>& permutation, size_t size,
               const void* x, void* y);

// y = x repeated along its dimensions of size 1, which y has at full length.
// REQUIRES: x.rank == y.rank; x[i] is y[i] or 1.
void BroadcastTo(const Dims& x_dims, const Dims& y_dims, size_t size,
                 const void* x, void* y);

// y's dimension i is multiples[i] copies of x's, one after the other.
void Tile(const Dims& dims, const Dims& multiples, size_t size, const void* x,
          void* y);

// One part of a concatenation or split along an axis. The whole is
// [outer, axis, inner]; the part is [outer, part, inner] and begins at `begin`
// on the axis. REQUIRES: begin + part <= axis.
struct Part {
  size_t outer, axis, inner;
  size_t begin, part;
};
// Concat is one call for each input, Split one for each output.
void CopyIntoWhole(const Part& part, size_t size, const void* from,
                   void* whole);
void CopyOutOfWhole(const Part& part, size_t size, const void* whole, void* to);

// What StridedSlice takes of one dimension: begin, begin + stride, ...,
// `count` elements. Slice is stride 1.
struct SliceRange {
  size_t begin = 0;
  ptrdiff_t stride = 1;
  size_t count = 0;
};
using SliceRanges = std::array<SliceRange, kMaxDims>;

// y = x[ranges]; y has the ranges' counts as its sizes.
void StridedSlice(const Dims& dims, const SliceRanges& ranges, size_t size,
                  const void* x, void* y);
// dx = zeros, then dx[ranges] = dy. `dims` are dx's.
void StridedSliceGrad(const Dims& dims, const SliceRanges& ranges, size_t size,
                      const void* dy, void* dx);

// y = x with before[i] and after[i] elements around dimension i, each equal to
// *value.
void Pad(const Dims& dims, const std::array<size_t, kMaxDims>& before,
         const std::array<size_t, kMaxDims>& after, size_t size,
         const void* value, const void* x, void* y);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ARRANGE_H_
