#include "engine/session/state_update.h"

#include <utility>

#include "engine/util/result.h"

namespace tensorbundle::session {

Status CheckAssign(const VariableState& variable, const Shape& shape,
                   bool validate_shape) {
  if (!validate_shape || variable.shape == shape) return OkStatus();
  return InvalidArgumentError(
      "Assign requires shapes of both tensors to match. lhs shape= " +
      variable.shape.ToString() + " rhs shape= " + shape.ToString());
}

Status AssignTo(VariableState* variable, Tensor value, bool validate_shape) {
  TB_RETURN_IF_ERROR(CheckAssign(*variable, value.shape(), validate_shape));
  variable->shape = value.shape();
  variable->value = std::move(value);
  return OkStatus();
}

Status UpdateBy(kernels::BinaryOp op, VariableState* variable,
                const Tensor& delta) {
  Tensor& value = variable->value;
  if (!(value.shape() == delta.shape())) {
    return InvalidArgumentError("Parameters and update must be the same size");
  }
  if (value.unique()) {
    kernels::Binary(op, value, delta, &value);
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(Tensor updated,
                      Tensor::Create(value.dtype(), value.shape()));
  kernels::Binary(op, value, delta, &updated);
  value = std::move(updated);
  return OkStatus();
}

}  // namespace tensorbundle::session
