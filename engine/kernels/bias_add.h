// The addition of one number to each channel.
#ifndef TB_KERNELS_BIAS_ADD_H_
#define TB_KERNELS_BIAS_ADD_H_

#include <cstddef>

namespace tensorbundle::kernels {

// y[o, c, i] = x[o, c, i] + bias[c] for x of [outer, channels, inner]: inner is
// 1 for NHWC, rows * columns for NCHW. y may be x. T is float or double.
template <typename T>
void BiasAdd(size_t outer, size_t channels, size_t inner, const T* x,
             const T* bias, T* y);

// dbias[c] = the sum of dy[o, c, i] over o and i, formed as ReduceSum does.
template <typename T>
void BiasAddGrad(size_t outer, size_t channels, size_t inner, const T* dy,
                 T* dbias);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_BIAS_ADD_H_
