#include "engine/kernels/pool.h"

#include <algorithm>

namespace tensorbundle::kernels {
namespace {

// The taps [begin, end) of an output that are not padding.
struct Taps {
  size_t begin, end;
};

Taps InsideTaps(const WindowAxis& axis, size_t o) {
  Taps taps{0, axis.filter};
  while (taps.begin < taps.end && axis.Input(o, taps.begin) >= axis.in) {
    ++taps.begin;
  }
  while (taps.begin < taps.end && axis.Input(o, taps.end - 1) >= axis.in) {
    --taps.end;
  }
  assert(taps.begin < taps.end);
  return taps;
}

// Calls visit(y, x, first, count) for each element of each window, x and y
// being offsets of `channels` neighbours; `first` marks a window's first
// element, `count` is the number of its elements.
template <typename Visit>
inline void ForEachTap(const PoolShape& shape, Visit visit) {
  const WindowAxis& rows = shape.rows;
  const WindowAxis& columns = shape.columns;
  size_t y = 0;
  for (size_t b = 0; b < shape.batch; ++b) {
    for (size_t i = 0; i < rows.out; ++i) {
      const Taps p = InsideTaps(rows, i);
      for (size_t j = 0; j < columns.out; ++j, y += shape.channels) {
        const Taps q = InsideTaps(columns, j);
        const size_t count = (p.end - p.begin) * (q.end - q.begin);
        for (size_t r = p.begin; r < p.end; ++r) {
          const size_t line = (b * rows.in + rows.Input(i, r)) * columns.in;
          for (size_t c = q.begin; c < q.end; ++c) {
            visit(y, (line + columns.Input(j, c)) * shape.channels,
                  r == p.begin && c == q.begin, count);
          }
        }
      }
    }
  }
}

size_t InputElements(const PoolShape& shape) {
  return shape.batch * shape.rows.in * shape.columns.in * shape.channels;
}

}  // namespace

template <typename T>
void MaxPool(const PoolShape& shape, const T* x, T* y) {
  const size_t channels = shape.channels;
  ForEachTap(shape, [=](size_t to, size_t from, bool first, size_t) {
    if (first) {
      std::copy_n(x + from, channels, y + to);
      return;
    }
    for (size_t c = 0; c < channels; ++c) {
      const T value = x[from + c];
      y[to + c] = value > y[to + c] ? value : y[to + c];
    }
  });
}

template <typename T>
void MaxPoolGrad(const PoolShape& shape, const T* x, const T* dy, T* dx) {
  std::fill_n(dx, InputElements(shape), T(0));
  const size_t channels = shape.channels;
  constexpr size_t kBlock = 64;  // channels whose winners are held at a time
  size_t winners[kBlock];
  for (size_t begin = 0; begin < channels; begin += kBlock) {
    const size_t size = std::min(kBlock, channels - begin);
    size_t left = 0;  // elements of the window still to come
    ForEachTap(shape, [&](size_t to, size_t from, bool first, size_t count) {
      if (first) left = count;
      for (size_t c = 0; c < size; ++c) {
        const size_t candidate = from + begin + c;
        if (first || x[candidate] > x[winners[c]]) winners[c] = candidate;
      }
      if (--left > 0) return;
      for (size_t c = 0; c < size; ++c) dx[winners[c]] += dy[to + begin + c];
    });
  }
}

template <typename T>
void AvgPool(const PoolShape& shape, const T* x, T* y) {
  const size_t channels = shape.channels;
  size_t left = 0;
  ForEachTap(shape, [&](size_t to, size_t from, bool first, size_t count) {
    if (first) {
      std::fill_n(y + to, channels, T(0));
      left = count;
    }
    for (size_t c = 0; c < channels; ++c) y[to + c] += x[from + c];
    if (--left > 0) return;
    for (size_t c = 0; c < channels; ++c) y[to + c] /= static_cast<T>(count);
  });
}

template <typename T>
void AvgPoolGrad(const PoolShape& shape, const T* dy, T* dx) {
  std::fill_n(dx, InputElements(shape), T(0));
  const size_t channels = shape.channels;
  ForEachTap(shape, [=](size_t from, size_t to, bool, size_t count) {
    const T share = T(1) / static_cast<T>(count);
    for (size_t c = 0; c < channels; ++c) dx[to + c] += dy[from + c] * share;
  });
}

#define TB_INSTANTIATE(T)                                              \
  template void MaxPool(const PoolShape&, const T*, T*);               \
  template void MaxPoolGrad(const PoolShape&, const T*, const T*, T*); \
  template void AvgPool(const PoolShape&, const T*, T*);               \
  template void AvgPoolGrad(const PoolShape&, const T*, T*);
TB_INSTANTIATE(float)
TB_INSTANTIATE(double)
#undef TB_INSTANTIATE

}  // namespace tensorbundle::kernels
