// What Assign, AssignAdd and AssignSub do to a variable.
#ifndef TB_SESSION_STATE_UPDATE_H_
#define TB_SESSION_STATE_UPDATE_H_

#include "engine/kernels/elementwise.h"
#include "engine/session/resources.h"
#include "engine/tensor/tensor.h"
#include "engine/util/status.h"

namespace tensorbundle::session {

// Whether AssignTo() would take a value of that shape. With `validate_shape`
// returns InvalidArgument "Assign requires shapes of both tensors to match.
// lhs shape= [3] rhs shape= [2,3]".
Status CheckAssign(const VariableState& variable, const Shape& shape,
                   bool validate_shape);

// Makes `value` the variable's, sharing the buffer. Returns CheckAssign's
// error and leaves the variable as it was.
Status AssignTo(VariableState* variable, Tensor value, bool validate_shape);

// variable op= delta, in place unless somebody else reads the buffer.
// REQUIRES: the variable is initialized; kernels::SupportsBinary(op, dtype).
Status UpdateBy(kernels::BinaryOp op, VariableState* variable,
                const Tensor& delta);

}  // namespace tensorbundle::session

#endif  // TB_SESSION_STATE_UPDATE_H_
