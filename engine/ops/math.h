// The operators + - * / of tensors. (tf.add and its like are ApplyOp("Add").)
#ifndef TB_OPS_MATH_H_
#define TB_OPS_MATH_H_

#include "engine/graph/graph.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

enum class Operator { kAdd, kSub, kMul, kDiv };

// x + y, at least one of them a tensor or variable: nodes "add", "sub", "mul"
// with ops AddV2, Sub, Mul (Add for strings); x / y is "truediv", a RealDiv,
// for which int32 and int64 are cast to float64. A value takes the tensor's
// dtype and is named "x" or "y" under the node's name.
Result<graph::Output> ApplyOperator(graph::Graph* graph, Operator op,
                                    const Operand& x, const Operand& y);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_MATH_H_
