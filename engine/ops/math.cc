#include "engine/ops/math.h"

#include <string_view>

#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"

namespace tensorbundle::ops {

namespace {

std::string_view ScopeOf(Operator op) {
  switch (op) {
    case Operator::kAdd:
      return "add";
    case Operator::kSub:
      return "sub";
    case Operator::kMul:
      return "mul";
    case Operator::kDiv:
      return "truediv";
  }
  return "";
}

std::string_view OpOf(Operator op, DType dtype) {
  switch (op) {
    case Operator::kAdd:
      return dtype == DType::kString ? "Add" : "AddV2";
    case Operator::kSub:
      return "Sub";
    case Operator::kMul:
      return "Mul";
    case Operator::kDiv:
      return "RealDiv";
  }
  return "";
}

}  // namespace

Result<graph::Output> ApplyOperator(graph::Graph* graph, Operator op,
                                    const Operand& x, const Operand& y) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(const graph::NameScope scope,
                      graph::NameScope::Enter(graph, ScopeOf(op)));
  // Tensor.__add__ prefers its own dtype for the other side; Tensor.__radd__
  // insists on it.
  std::optional<graph::Output> left = x.tensor();
  std::optional<graph::Output> right = y.tensor();
  if (!left) {
    const DType dtype = y.natural_dtype();
    TB_ASSIGN_OR_RETURN(left, x.ToTensor(graph, dtype, "x"));
  }
  if (!right) {
    TB_ASSIGN_OR_RETURN(right, y.ToTensorPreferring(graph, left->dtype(), "y"));
  }
  if (op == Operator::kDiv) {
    // _truediv_python3, tensorflow/python/ops/math_ops.py.
    const DType dtype = left->dtype();
    if (right->dtype() != dtype) {
      return PyTypeError("x and y must have the same dtype, got tf." +
                         DTypePythonName(dtype) + " != tf." +
                         DTypePythonName(right->dtype()));
    }
    if (IsInteger(dtype)) {
      const bool wide = DTypeSize(dtype) > 2;
      const graph::AttrValue to =
          graph::AttrValue::Type(wide ? DType::kDouble : DType::kFloat);
      TB_ASSIGN_OR_RETURN(
          left, ApplyOpOutput(graph, "Cast", {*left}, {{"DstT", to}}));
      TB_ASSIGN_OR_RETURN(
          right, ApplyOpOutput(graph, "Cast", {*right}, {{"DstT", to}}));
    }
  }
  return ApplyOpOutput(graph, OpOf(op, left->dtype()), {*left, *right}, {},
                       scope.prefix());
}

}  // namespace tensorbundle::ops
