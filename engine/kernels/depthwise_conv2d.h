// Depthwise convolution, NHWC: each channel has filters of its own.
#ifndef TB_KERNELS_DEPTHWISE_CONV2D_H_
#define TB_KERNELS_DEPTHWISE_CONV2D_H_

#include <cstddef>

#include "engine/kernels/window.h"

namespace tensorbundle::kernels {

// x [batch, rows.in, columns.in, channels]
// f [rows.filter, columns.filter, channels, multiplier]
// y [batch, rows.out, columns.out, channels * multiplier]
struct DepthwiseShape {
  size_t batch = 0;
  WindowAxis rows;
  WindowAxis columns;
  size_t channels = 0;
  size_t multiplier = 1;
};

// y[b, i, j, c * multiplier + m] = sum over p, q of x[b, rows.Input(i, p),
// columns.Input(j, q), c] * f[p, q, c, m]; padding counts as zeros.
// T is float or double. Here and below the result overlaps no input.
template <typename T>
void DepthwiseConv2d(const DepthwiseShape& shape, const T* x, const T* f, T* y);

// The gradients by x and by f.
template <typename T>
void DepthwiseConv2dBackpropInput(const DepthwiseShape& shape, const T* f,
                                  const T* dy, T* dx);
template <typename T>
void DepthwiseConv2dBackpropFilter(const DepthwiseShape& shape, const T* x,
                                   const T* dy, T* df);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_DEPTHWISE_CONV2D_H_
