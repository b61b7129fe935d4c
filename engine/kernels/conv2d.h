// Two-dimensional convolution (cross-correlation, as TensorFlow's), NHWC.
#ifndef TB_KERNELS_CONV2D_H_
#define TB_KERNELS_CONV2D_H_

#include <cstddef>
#include <span>

#include "engine/kernels/window.h"

namespace tensorbundle::kernels {

// x [batch, rows.in, columns.in, in_channels]
// f [rows.filter, columns.filter, in_channels, out_channels]
// y [batch, rows.out, columns.out, out_channels]
struct Conv2dShape {
  size_t batch = 0;
  WindowAxis rows;
  WindowAxis columns;
  size_t in_channels = 0;
  size_t out_channels = 0;
};

// How many elements of workspace any of the three functions needs.
size_t Conv2dWorkspace(const Conv2dShape& shape);

// y[b, i, j, o] = sum over p, q, c of x[b, rows.Input(i, p),
// columns.Input(j, q), c] * f[p, q, c, o]; padding counts as zeros.
// T is float or double. REQUIRES, here and below: workspace.size() >=
// Conv2dWorkspace(shape); the result overlaps no input.
template <typename T>
void Conv2d(const Conv2dShape& shape, const T* x, const T* f, T* y,
            std::span<T> workspace);

// The gradient by x: dx = the sum of all f * dy that x took part in.
template <typename T>
void Conv2dBackpropInput(const Conv2dShape& shape, const T* f, const T* dy,
                         T* dx, std::span<T> workspace);

// The gradient by f.
template <typename T>
void Conv2dBackpropFilter(const Conv2dShape& shape, const T* x, const T* dy,
                          T* df, std::span<T> workspace);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_CONV2D_H_
