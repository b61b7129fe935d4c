// Windows that slide over an axis: TensorFlow's padding rules.
#ifndef TB_KERNELS_WINDOW_H_
#define TB_KERNELS_WINDOW_H_

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace tensorbundle::kernels {

// Output o looks at the inputs o * stride - pad_before + f * dilation for
// f < filter; those outside [0, in) are padding.
struct WindowAxis {
  size_t in = 0;
  size_t out = 0;
  size_t filter = 1;
  size_t stride = 1;
  size_t dilation = 1;
  size_t pad_before = 0;

  // The position on the input axis of tap `f` of output `o`, or a value >= in
  // when it is padding.
  size_t Input(size_t o, size_t f) const {
    return o * stride + f * dilation - pad_before;  // wraps below zero
  }
};

// From the first tap to the last.
inline size_t Extent(size_t filter, size_t dilation) {
  return (filter - 1) * dilation + 1;
}

// out = ceil((in - extent + 1) / stride), 0 if the window does not fit.
// REQUIRES: filter, stride and dilation are positive.
inline WindowAxis ValidWindow(size_t in, size_t filter, size_t stride,
                              size_t dilation = 1) {
  assert(filter > 0 && stride > 0 && dilation > 0);
  const size_t extent = Extent(filter, dilation);
  const size_t out = in < extent ? 0 : (in - extent) / stride + 1;
  return {in, out, filter, stride, dilation, 0};
}

// out = ceil(in / stride); the padding max((out - 1) * stride + extent - in, 0)
// goes to both ends alike, what is left over after the last element.
// REQUIRES: filter, stride and dilation are positive.
inline WindowAxis SameWindow(size_t in, size_t filter, size_t stride,
                             size_t dilation = 1) {
  assert(filter > 0 && stride > 0 && dilation > 0);
  const size_t out = (in + stride - 1) / stride;
  if (out == 0) return {in, 0, filter, stride, dilation, 0};
  const size_t needed = (out - 1) * stride + Extent(filter, dilation);
  return {in, out, filter, stride, dilation, (std::max(needed, in) - in) / 2};
}

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_WINDOW_H_
