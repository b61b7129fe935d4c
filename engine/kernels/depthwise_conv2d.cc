#include "engine/kernels/depthwise_conv2d.h"

#include <algorithm>

namespace tensorbundle::kernels {
namespace {

// Calls visit(x, f, y) with the offsets of the channels that one tap of one
// output position joins.
template <typename Visit>
inline void ForEachTap(const DepthwiseShape& shape, Visit visit) {
  const WindowAxis& rows = shape.rows;
  const WindowAxis& columns = shape.columns;
  const size_t outputs = shape.channels * shape.multiplier;
  size_t y = 0;
  for (size_t b = 0; b < shape.batch; ++b) {
    for (size_t i = 0; i < rows.out; ++i) {
      for (size_t j = 0; j < columns.out; ++j, y += outputs) {
        for (size_t p = 0; p < rows.filter; ++p) {
          const size_t row = rows.Input(i, p);
          if (row >= rows.in) continue;
          for (size_t q = 0; q < columns.filter; ++q) {
            const size_t column = columns.Input(j, q);
            if (column >= columns.in) continue;
            const size_t pixel = (b * rows.in + row) * columns.in + column;
            visit(pixel * shape.channels, (p * columns.filter + q) * outputs,
                  y);
          }
        }
      }
    }
  }
}

// Calls step(c, k) for each channel c and each of its outputs k.
template <typename Step>
inline void ForEachOutput(const DepthwiseShape& shape, Step step) {
  if (shape.multiplier == 1) {
    for (size_t c = 0; c < shape.channels; ++c) step(c, c);
    return;
  }
  for (size_t c = 0; c < shape.channels; ++c) {
    for (size_t m = 0; m < shape.multiplier; ++m) {
      step(c, c * shape.multiplier + m);
    }
  }
}

}  // namespace

template <typename T>
void DepthwiseConv2d(const DepthwiseShape& shape, const T* x, const T* f,
                     T* y) {
  std::fill_n(y,
              shape.batch * shape.rows.out * shape.columns.out *
                  shape.channels * shape.multiplier,
              T(0));
  ForEachTap(shape, [=, &shape](size_t at_x, size_t at_f, size_t at_y) {
    ForEachOutput(shape, [=](size_t c, size_t k) {
      y[at_y + k] += x[at_x + c] * f[at_f + k];
    });
  });
}

template <typename T>
void DepthwiseConv2dBackpropInput(const DepthwiseShape& shape, const T* f,
                                  const T* dy, T* dx) {
  std::fill_n(dx,
              shape.batch * shape.rows.in * shape.columns.in * shape.channels,
              T(0));
  ForEachTap(shape, [=, &shape](size_t at_x, size_t at_f, size_t at_y) {
    ForEachOutput(shape, [=](size_t c, size_t k) {
      dx[at_x + c] += dy[at_y + k] * f[at_f + k];
    });
  });
}

template <typename T>
void DepthwiseConv2dBackpropFilter(const DepthwiseShape& shape, const T* x,
                                   const T* dy, T* df) {
  std::fill_n(df,
              shape.rows.filter * shape.columns.filter * shape.channels *
                  shape.multiplier,
              T(0));
  ForEachTap(shape, [=, &shape](size_t at_x, size_t at_f, size_t at_y) {
    ForEachOutput(shape, [=](size_t c, size_t k) {
      df[at_f + k] += dy[at_y + k] * x[at_x + c];
    });
  });
}

#define TB_INSTANTIATE(T)                                                      \
  template void DepthwiseConv2d(const DepthwiseShape&, const T*, const T*,     \
                                T*);                                           \
  template void DepthwiseConv2dBackpropInput(const DepthwiseShape&, const T*,  \
                                             const T*, T*);                    \
  template void DepthwiseConv2dBackpropFilter(const DepthwiseShape&, const T*, \
                                              const T*, T*);
TB_INSTANTIATE(float)
TB_INSTANTIATE(double)
#undef TB_INSTANTIATE

}  // namespace tensorbundle::kernels
