#include "engine/ops/operand.h"

#include <string>
#include <utility>

#include "engine/ops/array.h"
#include "engine/ops/array_cast.h"

namespace tensorbundle::ops {

Operand::Operand(double number)
    : value_(Literal{Tensor::Scalar(DType::kDouble, number), DType::kFloat}) {}

Operand::Operand(std::string_view text)
    : value_(Literal{Tensor::FromStrings(Shape(), {std::string(text)}),
                     DType::kString}) {}

std::optional<graph::Output> Operand::tensor() const {
  if (const auto* output = std::get_if<graph::Output>(&value_)) return *output;
  if (const graph::Variable* v = variable()) return v->snapshot;
  return std::nullopt;
}

const graph::Variable* Operand::variable() const {
  const auto* variable = std::get_if<const graph::Variable*>(&value_);
  return variable == nullptr ? nullptr : *variable;
}

DType Operand::natural_dtype() const {
  if (const std::optional<graph::Output> output = tensor()) {
    return output->dtype();
  }
  if (const auto* array = std::get_if<Tensor>(&value_)) return array->dtype();
  return std::get_if<Literal>(&value_)->natural;
}

Result<graph::Output> Operand::ToTensor(graph::Graph* graph,
                                        std::optional<DType> dtype,
                                        std::string_view name) const {
  const DType wanted = dtype.value_or(natural_dtype());
  if (const auto* literal = std::get_if<Literal>(&value_)) {
    TB_ASSIGN_OR_RETURN(Tensor value, CastLiteral(*literal, wanted));
    return Constant(graph, std::move(value), name);
  }
  if (const std::optional<graph::Output> output = tensor()) {
    if (output->dtype() != wanted) {
      return PyValueError("Tensor conversion requested dtype " +
                          DTypePythonName(wanted) + " for Tensor with dtype " +
                          DTypePythonName(output->dtype()) + ": '" +
                          ToPythonString(*output) + "'");
    }
    return *output;
  }
  TB_ASSIGN_OR_RETURN(Tensor value,
                      CastArray(*std::get_if<Tensor>(&value_), wanted));
  return Constant(graph, std::move(value), name);
}

Result<graph::Output> Operand::ToTensorPreferring(graph::Graph* graph,
                                                  DType dtype,
                                                  std::string_view name) const {
  const auto* literal = std::get_if<Literal>(&value_);
  const auto* array = std::get_if<Tensor>(&value_);
  if ((literal != nullptr && CastLiteral(*literal, dtype).ok()) ||
      (array != nullptr && CastArray(*array, dtype).ok())) {
    return ToTensor(graph, dtype, name);
  }
  return ToTensor(graph, std::nullopt, name);
}

Result<graph::Output> Operand::ToRef() const {
  if (const graph::Variable* v = variable()) return v->variable;
  if (const auto* output = std::get_if<graph::Output>(&value_)) return *output;
  return PyTypeError("A value is no mutable tensor (e.g.: a tf.Variable)");
}

}  // namespace tensorbundle::ops
