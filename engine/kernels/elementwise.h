// Element-wise arithmetic with numpy's broadcasting.
#ifndef TB_KERNELS_ELEMENTWISE_H_
#define TB_KERNELS_ELEMENTWISE_H_

#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::kernels {

enum class BinaryOp { kAdd, kSub, kMul };

// Every floating, integer and complex dtype; strings can be added.
bool SupportsBinary(BinaryOp op, DType dtype);

// The shape of a result. Returns InvalidArgument "Incompatible shapes: [2,3]
// vs. [2,4]".
Result<Shape> BroadcastShapes(const Shape& a, const Shape& b);

// *out = a op b. Integers wrap around; half and bfloat16 are computed in float
// and rounded once.
// REQUIRES: SupportsBinary(op, dtype) for the dtype of all three; the shape of
// `out` is BroadcastShapes(a, b). `out` may be `a` or `b` if it has its shape.
void Binary(BinaryOp op, const Tensor& a, const Tensor& b, Tensor* out);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ELEMENTWISE_H_
