#include "engine/kernels/arrange.h"

#include <cstring>

#include "engine/kernels/strided_copy.h"

namespace tensorbundle::kernels {
namespace {

uint8_t* Offset(void* p, ptrdiff_t elements, size_t size) {
  return static_cast<uint8_t*>(p) + elements * static_cast<ptrdiff_t>(size);
}
const uint8_t* Offset(const void* p, ptrdiff_t elements, size_t size) {
  return static_cast<const uint8_t*>(p) +
         elements * static_cast<ptrdiff_t>(size);
}

// Where a slice lies in a buffer of sizes `dims`.
struct Window {
  Dims dims;
  Strides strides{};
  ptrdiff_t offset = 0;
};

Window WindowOf(const Dims& dims, const SliceRanges& ranges) {
  Window window;
  const Strides strides = RowMajor(dims);
  for (size_t i = 0; i < dims.rank; ++i) {
    const SliceRange& range = ranges[i];
    assert(range.count == 0 || range.begin < dims[i]);
    window.dims.push_back(range.count);
    window.strides[i] = strides[i] * range.stride;
    window.offset += strides[i] * static_cast<ptrdiff_t>(range.begin);
  }
  // A window of nothing may begin past the end.
  if (window.dims.Elements() == 0) window.offset = 0;
  return window;
}

}  // namespace

void Transpose(const Dims& dims,
               const std::array<size_t, kMaxDims>& permutation, size_t size,
               const void* x, void* y) {
  const Strides strides = RowMajor(dims);
  Dims y_dims;
  Strides x_strides{};
  for (size_t i = 0; i < dims.rank; ++i) {
    y_dims.push_back(dims[permutation[i]]);
    x_strides[i] = strides[permutation[i]];
  }
  CopyStrided(y_dims, size, x, x_strides, y, RowMajor(y_dims));
}

void BroadcastTo(const Dims& x_dims, const Dims& y_dims, size_t size,
                 const void* x, void* y) {
  assert(x_dims.rank == y_dims.rank);
  Strides strides = RowMajor(x_dims);
  for (size_t i = 0; i < x_dims.rank; ++i) {
    assert(x_dims[i] == y_dims[i] || x_dims[i] == 1);
    if (x_dims[i] == 1) strides[i] = 0;
  }
  CopyStrided(y_dims, size, x, strides, y, RowMajor(y_dims));
}

void Tile(const Dims& dims, const Dims& multiples, size_t size, const void* x,
          void* y) {
  assert(dims.rank == multiples.rank);
  if (dims.Elements() == 0) return;
  Dims y_dims;
  for (size_t i = 0; i < dims.rank; ++i) {
    y_dims.push_back(dims[i] * multiples[i]);
  }
  const Strides x_strides = RowMajor(dims);
  const Strides y_strides = RowMajor(y_dims);
  Strides copy_strides{};
  for (size_t i = 0; i < dims.rank; ++i) {
    copy_strides[i] = y_strides[i] * static_cast<ptrdiff_t>(dims[i]);
  }
  for (Walk copies(multiples, copy_strides); !copies.done(); copies.Next()) {
    CopyStrided(dims, size, x, x_strides, Offset(y, copies.offset(), size),
                y_strides);
  }
}

void CopyIntoWhole(const Part& part, size_t size, const void* from,
                   void* whole) {
  assert(part.begin + part.part <= part.axis);
  const size_t run = part.part * part.inner * size;
  const size_t row = part.axis * part.inner * size;
  if (run == 0) return;
  const uint8_t* source = static_cast<const uint8_t*>(from);
  uint8_t* target =
      static_cast<uint8_t*>(whole) + part.begin * part.inner * size;
  for (size_t i = 0; i < part.outer; ++i) {
    std::memcpy(target + i * row, source + i * run, run);
  }
}

void CopyOutOfWhole(const Part& part, size_t size, const void* whole,
                    void* to) {
  assert(part.begin + part.part <= part.axis);
  const size_t run = part.part * part.inner * size;
  const size_t row = part.axis * part.inner * size;
  if (run == 0) return;
  const uint8_t* source =
      static_cast<const uint8_t*>(whole) + part.begin * part.inner * size;
  uint8_t* target = static_cast<uint8_t*>(to);
  for (size_t i = 0; i < part.outer; ++i) {
    std::memcpy(target + i * run, source + i * row, run);
  }
}

void StridedSlice(const Dims& dims, const SliceRanges& ranges, size_t size,
                  const void* x, void* y) {
  const Window window = WindowOf(dims, ranges);
  CopyStrided(window.dims, size, Offset(x, window.offset, size), window.strides,
              y, RowMajor(window.dims));
}

void StridedSliceGrad(const Dims& dims, const SliceRanges& ranges, size_t size,
                      const void* dy, void* dx) {
  const size_t bytes = dims.Elements() * size;
  if (bytes == 0) return;
  std::memset(dx, 0, bytes);
  const Window window = WindowOf(dims, ranges);
  CopyStrided(window.dims, size, dy, RowMajor(window.dims),
              Offset(dx, window.offset, size), window.strides);
}

void Pad(const Dims& dims, const std::array<size_t, kMaxDims>& before,
         const std::array<size_t, kMaxDims>& after, size_t size,
         const void* value, const void* x, void* y) {
  Dims y_dims;
  for (size_t i = 0; i < dims.rank; ++i) {
    y_dims.push_back(before[i] + dims[i] + after[i]);
  }
  if (y_dims.Elements() == 0) return;
  CopyStrided(y_dims, size, value, Strides{}, y, RowMajor(y_dims));
  const Strides strides = RowMajor(y_dims);
  ptrdiff_t offset = 0;
  for (size_t i = 0; i < dims.rank; ++i) {
    offset += strides[i] * static_cast<ptrdiff_t>(before[i]);
  }
  if (dims.Elements() == 0) return;
  CopyStrided(dims, size, x, RowMajor(dims), Offset(y, offset, size), strides);
}

}  // namespace tensorbundle::kernels
