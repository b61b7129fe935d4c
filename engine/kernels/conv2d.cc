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

// Calls copy(patch, x, count) for each run of elements that neighbour each
// other in the block of patches as in x, and pad(patch, count) for each run of
// padding, over the output positions [begin, end). Without dilation the taps of
// a filter row are one run.
template <typename Copy, typename Pad>
inline void ForEachRun(const Conv2dShape& shape, size_t begin, size_t end,
                       Copy copy, Pad pad) {
  const WindowAxis& rows = shape.rows;
  const WindowAxis& columns = shape.columns;
  const size_t channels = shape.in_channels;
  const size_t most = columns.dilation == 1 ? columns.filter : 1;
  size_t patch = 0;
  for (size_t position = begin; position < end; ++position) {
    const size_t j = position % columns.out;
    const size_t i = position / columns.out % rows.out;
    const size_t image = position / columns.out / rows.out * rows.in;
    for (size_t p = 0; p < rows.filter; ++p) {
      const size_t row = rows.Input(i, p);
      if (row >= rows.in) {
        pad(patch, columns.filter * channels);
        patch += columns.filter * channels;
        continue;
      }
      for (size_t q = 0; q < columns.filter;) {
        const size_t column = columns.Input(j, q);
        const bool inside = column < columns.in;
        // Padding before x ends where column, which has wrapped, reaches 0.
        const size_t left = inside ? columns.in - column : size_t{0} - column;
        const size_t taps =
            std::min({most, columns.filter - q, std::max<size_t>(left, 1)});
        if (inside) {
          copy(patch, ((image + row) * columns.in + column) * channels,
               taps * channels);
        } else {
          pad(patch, taps * channels);
        }
        patch += taps * channels;
        q += taps;
      }
    }
  }
}

template <typename T>
void MakePatches(const Conv2dShape& shape, size_t begin, size_t end, const T* x,
                 T* patches) {
  ForEachRun(
      shape, begin, end,
      [=](size_t patch, size_t from, size_t count) {
        for (size_t i = 0; i < count; ++i) patches[patch + i] = x[from + i];
      },
      [=](size_t patch, size_t count) {
        std::fill_n(patches + patch, count, T(0));
      });
}

template <typename T>
void AddPatches(const Conv2dShape& shape, size_t begin, size_t end,
                const T* patches, T* dx) {
  ForEachRun(
      shape, begin, end,
      [=](size_t patch, size_t to, size_t count) {
        for (size_t i = 0; i < count; ++i) dx[to + i] += patches[patch + i];
      },
      [](size_t, size_t) {});
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
