#include "engine/kernels/strided_copy.h"

#include <algorithm>
#include <cstring>

namespace tensorbundle::kernels {
namespace {

struct Layout {
  Dims dims;
  Strides from{}, to{};
};

// Drops dimensions of size 1 and merges those that both sides lay out as one.
Layout Merge(const Dims& dims, const Strides& from, const Strides& to) {
  Layout merged;
  for (size_t i = 0; i < dims.rank; ++i) {
    if (dims[i] == 1) continue;
    const ptrdiff_t size = static_cast<ptrdiff_t>(dims[i]);
    const size_t last = merged.dims.rank - 1;
    if (merged.dims.rank > 0 && merged.from[last] == from[i] * size &&
        merged.to[last] == to[i] * size) {
      merged.dims.size[last] *= dims[i];
    } else {
      merged.dims.push_back(dims[i]);
    }
    merged.from[merged.dims.rank - 1] = from[i];
    merged.to[merged.dims.rank - 1] = to[i];
  }
  return merged;
}

// `rows` times `count` elements; the inner loop is a copy of fixed size.
template <size_t kSize>
void CopyPlane(size_t rows, ptrdiff_t from_row, ptrdiff_t to_row, size_t count,
               ptrdiff_t from_step, ptrdiff_t to_step, const uint8_t* from,
               uint8_t* to) {
  constexpr ptrdiff_t kBytes = static_cast<ptrdiff_t>(kSize);
  for (size_t row = 0; row < rows; ++row) {
    if (from_step == 1 && to_step == 1) {
      std::memcpy(to, from, count * kSize);
    } else {
      for (size_t i = 0; i < count; ++i) {
        const ptrdiff_t at = static_cast<ptrdiff_t>(i);
        std::memcpy(to + at * to_step * kBytes, from + at * from_step * kBytes,
                    kSize);
      }
    }
    from += from_row * kBytes;
    to += to_row * kBytes;
  }
}

using Plane = void (*)(size_t, ptrdiff_t, ptrdiff_t, size_t, ptrdiff_t,
                       ptrdiff_t, const uint8_t*, uint8_t*);

Plane PlaneFor(size_t element_size) {
  switch (element_size) {
    case 1:
      return CopyPlane<1>;
    case 2:
      return CopyPlane<2>;
    case 4:
      return CopyPlane<4>;
    case 8:
      return CopyPlane<8>;
    default:
      assert(element_size == 16);
      return CopyPlane<16>;
  }
}

// A transposed plane is walked in blocks of kTile x kTile, so that each line
// of the cache that either side touches is used whole.
constexpr size_t kTile = 16;

}  // namespace

void CopyStrided(const Dims& dims, size_t element_size, const void* from,
                 const Strides& from_strides, void* to,
                 const Strides& to_strides) {
  if (dims.Elements() == 0) return;
  Layout layout = Merge(dims, from_strides, to_strides);
  while (layout.dims.rank < 2) {  // a plane of at least 1 x 1
    Layout wider;
    wider.dims = {1};
    for (size_t i = 0; i < layout.dims.rank; ++i) {
      wider.dims.push_back(layout.dims[i]);
      wider.from[i + 1] = layout.from[i];
      wider.to[i + 1] = layout.to[i];
    }
    layout = wider;
  }
  const size_t row_axis = layout.dims.rank - 2, axis = layout.dims.rank - 1;
  const size_t rows = layout.dims[row_axis], count = layout.dims[axis];
  const ptrdiff_t from_row = layout.from[row_axis],
                  to_row = layout.to[row_axis];
  const ptrdiff_t from_step = layout.from[axis], to_step = layout.to[axis];
  const bool runs = from_step == 1 && to_step == 1;
  const size_t tile_rows = runs ? rows : kTile;
  const size_t tile_count = runs ? count : kTile;
  const Plane copy = PlaneFor(element_size);

  Dims outer;
  for (size_t i = 0; i < row_axis; ++i) outer.push_back(layout.dims[i]);
  Walk to_walk(outer, layout.to);
  for (Walk walk(outer, layout.from); !walk.done();
       walk.Next(), to_walk.Next()) {
    for (size_t i = 0; i < rows; i += tile_rows) {
      for (size_t j = 0; j < count; j += tile_count) {
        const ptrdiff_t r = static_cast<ptrdiff_t>(i);
        const ptrdiff_t c = static_cast<ptrdiff_t>(j);
        const ptrdiff_t bytes = static_cast<ptrdiff_t>(element_size);
        copy(std::min(tile_rows, rows - i), from_row, to_row,
             std::min(tile_count, count - j), from_step, to_step,
             static_cast<const uint8_t*>(from) +
                 (walk.offset() + r * from_row + c * from_step) * bytes,
             static_cast<uint8_t*>(to) +
                 (to_walk.offset() + r * to_row + c * to_step) * bytes);
      }
    }
  }
}

}  // namespace tensorbundle::kernels
