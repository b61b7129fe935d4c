// Element-wise arithmetic with numpy's broadcasting.
#ifndef TB_KERNELS_ELEMENTWISE_H_
#define TB_KERNELS_ELEMENTWISE_H_

#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::kernels {

enum class BinaryOp {
  kAdd,
  kSub,
  kMul,
  // Of float, double, int32 and int64. Integers are divided towards zero;
  // FloorDiv and FloorMod towards minus infinity.
  kDiv,
  kFloorDiv,
  kFloorMod,
  kMaximum,
  kMinimum,
  kPow,
  kSquaredDifference,
  // The result is bool; Equal and NotEqual also of uint8, bool and strings.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  // Of bools.
  kLogicalAnd,
  kLogicalOr,
  // (dy, y) or, where it is told apart by its argument, (dy, x)
  kReluGrad,
  kRelu6Grad,
  kEluGrad,
  kSoftplusGrad,  // (dy, x)
  // (y, dy), of float and double
  kSigmoidGrad,
  kTanhGrad,
  kSqrtGrad,
  kRsqrtGrad,
};

// Sums, differences and products: of every floating, integer and complex
// dtype; strings can be added.
bool SupportsBinary(BinaryOp op, DType dtype);

// The shape of a result. Returns InvalidArgument "Incompatible shapes: [2,3]
// vs. [2,4]".
Result<Shape> BroadcastShapes(const Shape& a, const Shape& b);

// *out = a op b. Integers wrap around; half and bfloat16 are computed in float
// and rounded once. Division by the integer 0 gives 0, a negative power of an
// integer 1: callers that want TensorFlow's errors look for them before.
// REQUIRES: SupportsBinary(op, dtype) for the dtype of `a` and `b`; the shape
// of `out` is BroadcastShapes(a, b). `out` may be `a` or `b` if it has its
// shape.
void Binary(BinaryOp op, const Tensor& a, const Tensor& b, Tensor* out);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ELEMENTWISE_H_
