// The element-wise functions of one tensor, by name and dtype.
#ifndef TB_KERNELS_UNARY_OPS_H_
#define TB_KERNELS_UNARY_OPS_H_

#include <cstddef>

#include "engine/tensor/dtype.h"

namespace tensorbundle::kernels {

enum class UnaryOp {
  kAbs,
  kCeil,
  kCos,
  kElu,
  kExp,
  kExpm1,
  kFloor,
  kIsFinite,
  kIsNan,
  kLog,
  kLog1p,
  kLogicalNot,
  kNeg,
  kReciprocal,
  kRelu,
  kRelu6,
  kRound,  // to even
  kRsqrt,
  kSigmoid,
  kSign,
  kSin,
  kSoftplus,
  kSqrt,
  kSquare,
  kTanh,
};

// y[i] = f(x[i]) for i < count; y may be x where both have one dtype.
using UnaryLoop = void (*)(size_t count, const void* x, void* y);

// Null when there is none. float and double have all but LogicalNot, which is
// bool's; int32 and int64 Abs, Neg, Reciprocal, Relu, Relu6, Sign and Square.
// IsFinite and IsNan give bools, everything else its argument's dtype.
UnaryLoop FindUnary(UnaryOp op, DType dtype);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_UNARY_OPS_H_
