// Reductions over any set of axes, and the place of the extremes.
#ifndef TB_KERNELS_REDUCE_H_
#define TB_KERNELS_REDUCE_H_

#include <cstddef>
#include <cstdint>

#include "engine/kernels/dims.h"

namespace tensorbundle::kernels {

// Bit i stands for dimension i.
using AxisMask = uint32_t;

// x has the sizes `dims`; y those of the dimensions not in `axes`, in their
// order. y does not overlap x. T is float, double, int32_t or int64_t.
//
// Sums and products of floats are formed in double and rounded once, those of
// doubles in double, integers wrap around. The order of the operations depends
// on the sizes alone. A sum of nothing is 0, a product 1.
template <typename T>
void ReduceSum(const Dims& dims, AxisMask axes, const T* x, T* y);
template <typename T>
void ReduceProd(const Dims& dims, AxisMask axes, const T* x, T* y);
// sum / count. The mean of nothing is NaN, for integers 0; the mean of
// integers is truncated towards zero.
template <typename T>
void ReduceMean(const Dims& dims, AxisMask axes, const T* x, T* y);

// NaN, when there is one. Of nothing: minus (plus) infinity, for integers the
// smallest (largest) one.
template <typename T>
void ReduceMax(const Dims& dims, AxisMask axes, const T* x, T* y);
template <typename T>
void ReduceMin(const Dims& dims, AxisMask axes, const T* x, T* y);

// All of nothing is true, any of nothing false. Elements are 0 or 1.
void ReduceAll(const Dims& dims, AxisMask axes, const uint8_t* x, uint8_t* y);
void ReduceAny(const Dims& dims, AxisMask axes, const uint8_t* x, uint8_t* y);

// x is [outer, size, inner]; y[outer, inner] the index of the first largest
// (smallest) element along the middle. NaN is neither; where nothing else is,
// the index is 0. Index is int32_t or int64_t. REQUIRES: size > 0.
template <typename T, typename Index>
void ArgMax(size_t outer, size_t size, size_t inner, const T* x, Index* y);
template <typename T, typename Index>
void ArgMin(size_t outer, size_t size, size_t inner, const T* x, Index* y);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_REDUCE_H_
