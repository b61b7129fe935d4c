// GraphCall: gradients, control scopes and what else looks at tensors that
// exist.
#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/graph_call.h"
#include "bindings/embind/json.h"
#include "engine/ops/gradients.h"

namespace tensorbundle::embind {

void GraphCall::AddNone() { Push(graph::Output{}); }

void GraphCall::PushControl(bool clear) {
  if (clear) {
    graph_->scopes().PushNoControl();
  } else {
    graph_->scopes().PushControl(std::move(nodes_));
  }
}

int GraphCall::Convert() {
  return Return(
      Take().ToTensor(graph_.get(), dtype_, name_.empty() ? "Const" : name_));
}

int GraphCall::MergeShape() {
  return Report(graph_->MergeShape(*Take().tensor(), shape_));
}

int GraphCall::Gradients(bool gate, bool colocate, bool zeros) {
  ops::GradientOptions options;
  options.name = name_;
  options.gate_gradients = gate;
  options.colocate_with_ops = colocate;
  options.unconnected_is_zero = zeros;
  std::vector<graph::Output> ys;
  std::vector<graph::Output> xs;
  for (const ops::Operand& y : arguments_[0].operands) {
    ys.push_back(*y.tensor());
  }
  for (const ops::Operand& x : arguments_[1].operands) {
    // A variable's gradient is its ref's.
    xs.push_back(*x.ToRef());
  }
  for (const ops::Operand& grad : arguments_[2].operands) {
    const std::optional<graph::Output> tensor = grad.tensor();
    const bool none = tensor && tensor->node == nullptr;
    options.grad_ys.push_back(none ? std::nullopt : std::optional(grad));
  }
  for (const ops::Operand& stop : arguments_[3].operands) {
    options.stop_gradients.push_back(*stop.tensor());
  }
  const Result<std::vector<ops::Gradient>> gradients =
      ops::Gradients(graph_.get(), ys, xs, options);
  if (!gradients.ok()) return Report(gradients.status());
  Json json;
  json.Array();
  for (const ops::Gradient& gradient : *gradients) {
    if (!gradient.defined()) {
      json.Null();
      continue;
    }
    json.Array();
    for (const graph::Output& part :
         {gradient.values, gradient.indices, gradient.dense_shape}) {
      if (part.node == nullptr) continue;
      json.Number(part.node->id());
      json.Number(part.index);
    }
    json.End();
  }
  json.End();
  gradients_ = json.Take();
  return Report(OkStatus());
}

}  // namespace tensorbundle::embind
