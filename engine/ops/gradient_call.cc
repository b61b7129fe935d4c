#include "engine/ops/gradient_call.h"

#include <string>

#include "engine/graph/scopes.h"
#include "engine/ops/array.h"
#include "engine/ops/math.h"
#include "engine/util/bytes.h"

namespace tensorbundle::ops {

using graph::AttrMap;
using graph::AttrValue;
using graph::Graph;
using graph::Output;

namespace {

Tensor Vector(const std::vector<int64_t>& values) {
  return *Tensor::FromBytes(
      DType::kInt64, Shape::Of({static_cast<int64_t>(values.size())}),
      Bytes(reinterpret_cast<const uint8_t*>(values.data()),
            values.size() * sizeof(int64_t)));
}

}  // namespace

Result<Output> ToTensor(Graph* graph, const Gradient& gradient) {
  if (!gradient.is_slices()) return gradient.values;
  if (gradient.dense_shape.node == nullptr) {
    return PyValueError(
        "Tensor conversion requested for IndexedSlices without dense_shape: " +
        ToPythonString(gradient.values));
  }
  TB_ASSIGN_OR_RETURN(
      const Output rows,
      ApplyOpOutput(graph, "StridedSlice",
                    {gradient.dense_shape, GradientCall::Axes({0}),
                     GradientCall::Axes({1}), GradientCall::Axes({1})},
                    {{"shrink_axis_mask", AttrValue::Int(1)}},
                    "strided_slice"));
  return ApplyOpOutput(graph, "UnsortedSegmentSum",
                       {gradient.values, gradient.indices, rows});
}

Output GradientCall::Keep(const Result<Output>& result) {
  if (result.ok()) return *result;
  Fail(result.status());
  return {};
}

Output GradientCall::grad(int i) {
  const Gradient& gradient = grads_[static_cast<size_t>(i)];
  if (!status_.ok() || !gradient.is_slices()) return gradient.values;
  return Keep(ToTensor(graph_, gradient));
}

std::vector<Output> GradientCall::Ops(std::string_view op,
                                      std::vector<Argument> arguments,
                                      AttrMap attrs, std::string_view name) {
  if (!status_.ok()) return {};
  const Result<const graph::Node*> node =
      ApplyOp(graph_, op, std::move(arguments), std::move(attrs), name);
  if (!node.ok()) {
    Fail(node.status());
    return {};
  }
  std::vector<Output> outputs;
  for (int i = 0; i < (*node)->num_outputs(); ++i) {
    outputs.push_back((*node)->output(i));
  }
  return outputs;
}

Output GradientCall::Op(std::string_view op, std::vector<Argument> arguments,
                        AttrMap attrs, std::string_view name) {
  const std::vector<Output> outputs =
      Ops(op, std::move(arguments), std::move(attrs), name);
  return outputs.empty() ? Output{} : outputs[0];
}

Output GradientCall::Integers(const std::vector<int64_t>& values, DType dtype,
                              std::string_view name) {
  if (!status_.ok()) return {};
  Result<Tensor> tensor = CastLiteral({Vector(values), dtype}, dtype);
  if (!tensor.ok()) {
    Fail(tensor.status());
    return {};
  }
  return Keep(Constant(graph_, std::move(tensor).value(), name));
}

Output GradientCall::Number(double value, DType dtype, std::string_view name) {
  if (!status_.ok()) return {};
  return Keep(Operand(value).ToTensor(graph_, dtype, name));
}

Output GradientCall::Add(const Operand& x, const Operand& y) {
  if (!status_.ok()) return {};
  return Keep(ApplyOperator(graph_, Operator::kAdd, x, y));
}
Output GradientCall::Sub(const Operand& x, const Operand& y) {
  if (!status_.ok()) return {};
  return Keep(ApplyOperator(graph_, Operator::kSub, x, y));
}
Output GradientCall::Mul(const Operand& x, const Operand& y) {
  if (!status_.ok()) return {};
  return Keep(ApplyOperator(graph_, Operator::kMul, x, y));
}

Output GradientCall::Shape(const Output& x, DType dtype) {
  if (!status_.ok()) return {};
  if (!x.shape().IsFullyDefined()) {
    return Op("Shape", {x}, {{"out_type", AttrValue::Type(dtype)}});
  }
  const std::span<const int64_t> dims = x.shape().dims();
  return Integers({dims.begin(), dims.end()}, dtype, "Shape");
}

Output GradientCall::Sum(const Operand& x, const Operand& axes, bool keep) {
  return Op("Sum", {x, axes}, {{"keep_dims", AttrValue::Bool(keep)}});
}

Output GradientCall::Cast(const Output& x, DType dtype) {
  if (!status_.ok() || x.dtype() == dtype) return x;
  return Op("Cast", {x}, {{"DstT", AttrValue::Type(dtype)}});
}

Operand GradientCall::Axes(std::vector<int64_t> axes) {
  return Literal{Vector(axes), DType::kInt32};
}

}  // namespace tensorbundle::ops
