// Conversion between dtypes.
#ifndef TB_KERNELS_CAST_H_
#define TB_KERNELS_CAST_H_

#include <cstddef>

#include "engine/tensor/dtype.h"

namespace tensorbundle::kernels {

// True for bool, the integers of 8 to 64 bits, half, bfloat16, float, double
// and the two complex dtypes.
bool CanCast(DType dtype);

// y[i] = x[i] as `to`, for i < count:
//   to bool      x != 0 (NaN is true)
//   to floating  rounded to the nearest, ties to even
//   to integer   truncated towards zero. Integers too wide lose their upper
//                bits. Floats that do not fit, and NaN, give what x86 and so
//                TensorFlow gives: the smallest int32 (int64 for int64, uint32
//                and uint64 targets), of which narrower ones take the low bits;
//                uint64 takes values below 2^64 as they are.
//   from complex the real part, but to complex both
// y may be x when both dtypes have the same size.
// REQUIRES: CanCast() of both.
void Cast(size_t count, DType from, const void* x, DType to, void* y);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_CAST_H_
