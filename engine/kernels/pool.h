// Pooling over windows of rows and columns, NHWC.
#ifndef TB_KERNELS_POOL_H_
#define TB_KERNELS_POOL_H_

#include <cstddef>

#include "engine/kernels/window.h"

namespace tensorbundle::kernels {

// x [batch, rows.in, columns.in, channels], y [batch, rows.out, columns.out,
// channels]. REQUIRES: every window has at least one element that is not
// padding, as ValidWindow() and SameWindow() see to.
struct PoolShape {
  size_t batch = 0;
  WindowAxis rows;
  WindowAxis columns;
  size_t channels = 0;
};

// The largest element of each window; padding never wins. T is float or
// double. Here and below the result overlaps no input.
template <typename T>
void MaxPool(const PoolShape& shape, const T* x, T* y);

// dx = zeros, then dy added to the first largest element of each window, rows
// before columns.
template <typename T>
void MaxPoolGrad(const PoolShape& shape, const T* x, const T* dy, T* dx);

// The mean of the elements of each window that are not padding.
template <typename T>
void AvgPool(const PoolShape& shape, const T* x, T* y);

// dx = zeros, then dy spread evenly over those elements.
template <typename T>
void AvgPoolGrad(const PoolShape& shape, const T* dy, T* dx);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_POOL_H_
