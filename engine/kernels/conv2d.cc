// All three are matrix products with the matrix of patches, a row for each
// element of y's plane and a column for each tap and channel:
//
//   y  = patches(x) f        dpatches = dy f^T        df = patches(x)^T dy
//
// Patches are made for a block of output positions at a time and forgotten.
// With a 1 x 1 filter, stride 1 and no padding, x is its own matrix of patches.
#include "engine/kernels/conv2d.h"

#include <algorithm>
#include <cassert>

#include "engine/kernels/matmul.h"

namespace tensorbundle::kernels {
namespace {

// Elements of a block of patches: half a second-level cache in float.
constexpr size_t kBlockElements = 64 * 1024;

size_t Taps(const Conv2dShape& shape) {
  return shape.rows.filter * shape.columns.filter * shape.in_channels;
}
size_t Positions(const Conv2dShape& shape) {
  return shape.batch * shape.rows.out * shape.columns.out;
}
size_t InputElements(const Conv2dShape& shape) {
  return shape.batch * shape.rows.in * shape.columns.in * shape.in_channels;
}

bool IsPointwise(const Conv2dShape& shape) {
  const auto trivial = [](const WindowAxis& axis) {
    return axis.filter == 1 && axis.stride == 1 && axis.pad_before == 0 &&
           axis.in == axis.out;
  };
  return trivial(shape.rows) && trivial(shape.columns);
}

// Output positions to a block.
size_t BlockPositions(const Conv2dShape& shape) {
  const size_t fitting = kBlockElements / std::max<size_t>(Taps(shape), 1);
  return std::min(std::max<size_t>(fitting, 16), Positions(shape));
}

MatMulShape ForwardProduct(const Conv2dShape& shape, size_t positions) {
  return {positions, shape.out_channels, Taps(shape), false, false};
}
MatMulShape InputProduct(const Conv2dShape& shape, size_t positions) {
  return {positions, Taps(shape), shape.out_channels, false, true};
}
MatMulShape FilterProduct(const Conv2dShape& shape, size_t positions) {
  return {Taps(shape), shape.out_channels, positions, true, false};
}

// Calls visit(patch, x) for each tap of the positions [begin, end): the offsets
// of a run of in_channels elements in the block of patches and in x, the
// latter -1 for padding.
template <typename Visit>
inline void ForEachTap(const Conv2dShape& shape, size_t begin, size_t end,
                       Visit visit) {
  const WindowAxis& rows = shape.rows;
  const WindowAxis& columns = shape.columns;
  size_t patch = 0;
  for (size_t position = begin; position < end; ++position) {
    const size_t j = position % columns.out;
    const size_t i = position / columns.out % rows.out;
    const size_t image = position / columns.out / rows.out * rows.in;
    for (size_t p = 0; p < rows.filter; ++p) {
      const size_t row = rows.Input(i, p);
      for (size_t q = 0; q < columns.filter; ++q) {
        const size_t column = columns.Input(j, q);
        const bool inside = row < rows.in && column < columns.in;
        visit(patch, inside ? static_cast<ptrdiff_t>(
                                  ((image + row) * columns.in + column) *
                                  shape.in_channels)
                            : -1);
        patch += shape.in_channels;
      }
    }
  }
}

template <typename T>
void MakePatches(const Conv2dShape& shape, size_t begin, size_t end, const T* x,
                 T* patches) {
  const size_t channels = shape.in_channels;
  ForEachTap(shape, begin, end, [=](size_t patch, ptrdiff_t from) {
    if (from < 0) {
      std::fill_n(patches + patch, channels, T(0));
    } else {
      std::copy_n(x + from, channels, patches + patch);
    }
  });
}

template <typename T>
void AddPatches(const Conv2dShape& shape, size_t begin, size_t end,
                const T* patches, T* dx) {
  const size_t channels = shape.in_channels;
  ForEachTap(shape, begin, end, [=](size_t patch, ptrdiff_t to) {
    if (to < 0) return;
    for (size_t c = 0; c < channels; ++c)
      dx[to + static_cast<ptrdiff_t>(c)] += patches[patch + c];
  });
}

}  // namespace

size_t Conv2dWorkspace(const Conv2dShape& shape) {
  if (IsPointwise(shape)) {
    const size_t all = Positions(shape);
    return std::max({MatMulWorkspace(ForwardProduct(shape, all)),
                     MatMulWorkspace(InputProduct(shape, all)),
                     MatMulWorkspace(FilterProduct(shape, all))});
  }
  const size_t block = BlockPositions(shape);
  return block * Taps(shape) +
         std::max({MatMulWorkspace(ForwardProduct(shape, block)),
                   MatMulWorkspace(InputProduct(shape, block)),
                   MatMulWorkspace(FilterProduct(shape, block))});
}

template <typename T>
void Conv2d(const Conv2dShape& shape, const T* x, const T* f, T* y,
            std::span<T> workspace) {
  assert(workspace.size() >= Conv2dWorkspace(shape));
  const size_t all = Positions(shape);
  if (IsPointwise(shape)) {
    MatMul(ForwardProduct(shape, all), x, f, T(0), y, workspace);
    return;
  }
  const size_t block = BlockPositions(shape);
  T* const patches = workspace.data();
  const std::span<T> rest = workspace.subspan(block * Taps(shape));
  for (size_t begin = 0; begin < all; begin += block) {
    const size_t end = std::min(begin + block, all);
    MakePatches(shape, begin, end, x, patches);
    MatMul(ForwardProduct(shape, end - begin), patches, f, T(0),
           y + begin * shape.out_channels, rest);
  }
}

template <typename T>
void Conv2dBackpropInput(const Conv2dShape& shape, const T* f, const T* dy,
                         T* dx, std::span<T> workspace) {
  assert(workspace.size() >= Conv2dWorkspace(shape));
  const size_t all = Positions(shape);
  if (IsPointwise(shape)) {
    MatMul(InputProduct(shape, all), dy, f, T(0), dx, workspace);
    return;
  }
  std::fill_n(dx, InputElements(shape), T(0));
  const size_t block = BlockPositions(shape);
  T* const patches = workspace.data();
  const std::span<T> rest = workspace.subspan(block * Taps(shape));
  for (size_t begin = 0; begin < all; begin += block) {
    const size_t end = std::min(begin + block, all);
    MatMul(InputProduct(shape, end - begin), dy + begin * shape.out_channels, f,
           T(0), patches, rest);
    AddPatches(shape, begin, end, patches, dx);
  }
}

template <typename T>
void Conv2dBackpropFilter(const Conv2dShape& shape, const T* x, const T* dy,
                          T* df, std::span<T> workspace) {
  assert(workspace.size() >= Conv2dWorkspace(shape));
  const size_t all = Positions(shape);
  if (IsPointwise(shape)) {
    MatMul(FilterProduct(shape, all), x, dy, T(0), df, workspace);
    return;
  }
  if (all == 0) std::fill_n(df, Taps(shape) * shape.out_channels, T(0));
  const size_t block = BlockPositions(shape);
  T* const patches = workspace.data();
  const std::span<T> rest = workspace.subspan(block * Taps(shape));
  for (size_t begin = 0; begin < all; begin += block) {
    const size_t end = std::min(begin + block, all);
    MakePatches(shape, begin, end, x, patches);
    MatMul(FilterProduct(shape, end - begin), patches,
           dy + begin * shape.out_channels, begin == 0 ? T(0) : T(1), df, rest);
  }
}

#define TB_INSTANTIATE(T)                                                    \
  template void Conv2d(const Conv2dShape&, const T*, const T*, T*,           \
                       std::span<T>);                                        \
  template void Conv2dBackpropInput(const Conv2dShape&, const T*, const T*,  \
                                    T*, std::span<T>);                       \
  template void Conv2dBackpropFilter(const Conv2dShape&, const T*, const T*, \
                                     T*, std::span<T>);
TB_INSTANTIATE(float)
TB_INSTANTIATE(double)
#undef TB_INSTANTIATE

}  // namespace tensorbundle::kernels
