// Shapes on their way between tensors and the functions of engine/kernels.
#ifndef TB_SESSION_KERNEL_SHAPES_H_
#define TB_SESSION_KERNEL_SHAPES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/kernels/dims.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

// The shape that a vector of int32 or int64 spells. Returns InvalidArgument
// "shape must be a vector of {int32,int64}, got shape [2,3]".
Result<Shape> ShapeFrom(const Tensor& vector);

// Returns Unimplemented when the rank is over kernels::kMaxDims.
Result<kernels::Dims> DimsOf(const Shape& shape);

// `axis` counted from the front. Returns InvalidArgument "Expected <what> in
// the range [-2, 2), but got 2".
Result<int> AxisFrom(int64_t axis, int rank, const char* what);

// A shape seen from one of its dimensions: [outer, size, inner].
struct AxisView {
  size_t outer, size, inner;
};
AxisView ViewOf(const Shape& shape, int axis);

// The first dimensions of `shape`, and those from `from` on; products.
size_t CountBefore(const Shape& shape, int axis);
size_t CountFrom(const Shape& shape, int axis);

// Bytes of an element.
// REQUIRES: the dtype has elements of a fixed size.
size_t ElementSize(const Tensor& tensor);

}  // namespace tensorbundle::session

#endif  // TB_SESSION_KERNEL_SHAPES_H_
