// _GradientsHelper of tensorflow/python/ops/gradients_util.py, step by step, as
// the names of the nodes depend on the order of their making.
#include "engine/ops/gradients.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "engine/graph/scopes.h"
#include "engine/ops/control_flow.h"

namespace tensorbundle::ops {

using graph::AttrValue;
using graph::Graph;
using graph::Node;
using graph::Output;

namespace {

bool IsTrainable(DType dtype) {
  return IsFloating(dtype) || dtype == DType::kComplex64 ||
         dtype == DType::kComplex128 || dtype == DType::kResource ||
         dtype == DType::kVariant;
}

const GradientEntry* FindGradient(std::string_view op) {
  for (std::span<const GradientEntry> table :
       {ArrayGradients(), MathGradients(), NnGradients(),
        ReductionGradients()}) {
    for (const GradientEntry& entry : table) {
      if (entry.op == op) return &entry;
    }
  }
  return nullptr;
}

class Differentiator {
 public:
  Differentiator(Graph* graph, const GradientOptions& options)
      : graph_(graph), options_(options) {}

  Result<std::vector<Gradient>> Run(const std::vector<Output>& ys,
                                    const std::vector<Output>& xs) {
    TB_RETURN_IF_ERROR(SeedGradients(ys));
    CountPending(ys, xs);
    std::set<const Node*> queued;
    for (const Output& y : ys) {
      if (pending_[y.node] == 0 && reached_[IndexOf(y.node)] &&
          queued.insert(y.node).second) {
        queue_.push_back(y.node);
      }
    }
    FindStops(xs);
    while (!queue_.empty()) {
      const Node* node = queue_.front();
      queue_.pop_front();
      TB_RETURN_IF_ERROR(Visit(*node));
    }
    std::vector<Gradient> results;
    for (const Output& x : xs) {
      Gradient gradient;
      const auto it = gradients_.find(Key(x));
      if (it != gradients_.end() && !it->second.empty()) {
        gradient = it->second.front();
      }
      if (!gradient.defined() && options_.unconnected_is_zero) {
        TB_ASSIGN_OR_RETURN(
            gradient.values,
            ApplyOpOutput(graph_, "ZerosLike", {x}, {}, "zeros_like"));
      }
      results.push_back(gradient);
    }
    return results;
  }

 private:
  static std::pair<int, int> Key(const Output& output) {
    return {output.node->id(), output.index};
  }
  static size_t IndexOf(const Node* node) {
    return static_cast<size_t>(node->id() - 1);
  }

  // dy/dy: ones, or what the caller gives.
  Status SeedGradients(const std::vector<Output>& ys) {
    for (size_t i = 0; i < ys.size(); ++i) {
      const Output& y = ys[i];
      const std::string name = "grad_ys_" + std::to_string(i);
      GradientCall call(graph_, *y.node, {});
      Output seed;
      if (i < options_.grad_ys.size() && options_.grad_ys[i]) {
        TB_ASSIGN_OR_RETURN(const Output given,
                            options_.grad_ys[i]->ToTensorPreferring(
                                graph_, y.dtype(), name + "/input"));
        if (given.dtype() != y.dtype()) {
          return PyTypeError("Gradient type " + DTypePythonName(given.dtype()) +
                             " generated for tensor " + ToPythonString(y) +
                             " with type " + DTypePythonName(y.dtype()) +
                             " must be the same");
        }
        seed = call.Op("Identity", {given}, {}, name);
      } else {
        const Output shape = call.Shape(y);
        const Output one = call.Number(1, y.dtype(), name);
        seed = call.Op("Fill", {shape, one});
      }
      TB_RETURN_IF_ERROR(call.status());
      gradients_[Key(y)].push_back({seed, {}, {}});
    }
    return OkStatus();
  }

  // For each node between xs and ys, how many of its uses lie between them.
  void CountPending(const std::vector<Output>& ys,
                    const std::vector<Output>& xs) {
    const size_t count = static_cast<size_t>(graph_->num_nodes());
    reached_.assign(count, false);
    for (const Output& x : xs) reached_[IndexOf(x.node)] = true;
    // A node is made after its inputs, so one pass is enough.
    for (size_t i = 0; i < count; ++i) {
      for (const Output& input :
           graph_->node(static_cast<int>(i) + 1).inputs()) {
        if (reached_[IndexOf(input.node)] && IsTrainable(input.dtype())) {
          reached_[i] = true;
        }
      }
    }
    std::vector<bool> between(count, false);
    std::deque<const Node*> walk;
    for (const Output& y : ys) walk.push_back(y.node);
    std::vector<const Node*> list;
    while (!walk.empty()) {
      const Node* node = walk.front();
      walk.pop_front();
      if (!reached_[IndexOf(node)] || between[IndexOf(node)]) continue;
      between[IndexOf(node)] = true;
      list.push_back(node);
      for (const Output& input : node->inputs()) walk.push_back(input.node);
    }
    for (const Node* node : list) {
      for (const Output& input : node->inputs()) {
        if (between[IndexOf(input.node)]) ++pending_[input.node];
      }
    }
  }

  // Nothing flows on from an x that does not depend on another.
  void FindStops(const std::vector<Output>& xs) {
    for (const Output& x : xs) {
      const std::span<const Output> inputs = x.node->inputs();
      if (std::none_of(inputs.begin(), inputs.end(), [&](const Output& input) {
            return pending_[input.node] > 0;
          })) {
        stops_.insert(x.node);
      }
    }
    for (const Output& each : options_.stop_gradients) stops_.insert(each.node);
  }

  Status Visit(const Node& node) {
    std::unique_ptr<graph::ColocationScope> colocation;
    if (options_.colocate_with_ops) {
      colocation = std::make_unique<graph::ColocationScope>(graph_, &node);
    }
    std::vector<Gradient> out_grads;
    bool any = false;
    for (int i = 0; i < node.num_outputs(); ++i) {
      TB_ASSIGN_OR_RETURN(Gradient gradient, Aggregate(node.output(i)));
      any = any || gradient.defined();
      out_grads.push_back(gradient);
    }
    std::vector<Gradient> in_grads(node.inputs().size());
    if (any && stops_.count(&node) == 0) {
      const GradientEntry* entry = FindGradient(node.op());
      if (entry == nullptr) {
        return Status(Code::kPyLookupError,
                      "No gradient defined for operation '" + node.name() +
                          "' (op type: " + node.op() + ")");
      }
      if (entry->function != nullptr) {
        TB_ASSIGN_OR_RETURN(in_grads,
                            Call(node, entry->function, std::move(out_grads)));
      }
    }
    for (size_t i = 0; i < in_grads.size(); ++i) {
      if (!in_grads[i].defined()) continue;
      TB_RETURN_IF_ERROR(Accept(node, static_cast<int>(i), in_grads[i]));
    }
    for (const Output& input : node.inputs()) {
      if (--pending_[input.node] == 0) queue_.push_back(input.node);
    }
    return OkStatus();
  }

  Result<std::vector<Gradient>> Call(const Node& node,
                                     GradientFunction function,
                                     std::vector<Gradient> out_grads) {
    // A loss that does not depend on an output has a gradient of zeros there.
    for (int i = 0; i < node.num_outputs(); ++i) {
      Gradient& gradient = out_grads[static_cast<size_t>(i)];
      if (gradient.defined() || !IsTrainable(node.output(i).dtype())) continue;
      TB_ASSIGN_OR_RETURN(gradient.values,
                          ApplyOpOutput(graph_, "ZerosLike", {node.output(i)},
                                        {}, "zeros_like"));
    }
    TB_ASSIGN_OR_RETURN(const graph::NameScope scope,
                        graph::NameScope::Enter(graph_, node.name() + "_grad"));
    GradientCall call(graph_, node, out_grads);
    function(call);
    TB_RETURN_IF_ERROR(call.status());
    std::vector<Gradient> in_grads = call.TakeResults();
    const auto defined = std::count_if(
        in_grads.begin(), in_grads.end(),
        [](const Gradient& gradient) { return gradient.defined(); });
    if (options_.gate_gradients && defined > 1) {
      TB_RETURN_IF_ERROR(Gate(&in_grads));
    }
    return in_grads;
  }

  // control_flow_ops.tuple: none is there before all are.
  Status Gate(std::vector<Gradient>* gradients) {
    TB_ASSIGN_OR_RETURN(const graph::NameScope scope,
                        graph::NameScope::Enter(graph_, "tuple"));
    std::vector<const Node*> nodes;
    for (const Gradient& gradient : *gradients) {
      if (gradient.defined()) nodes.push_back(gradient.values.node);
    }
    std::sort(nodes.begin(), nodes.end(),
              [](const Node* a, const Node* b) { return a->id() < b->id(); });
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    TB_ASSIGN_OR_RETURN(const Node* gate, Group(graph_, nodes));
    for (Gradient& gradient : *gradients) {
      if (!gradient.defined()) continue;
      TB_ASSIGN_OR_RETURN(gradient.values,
                          WithDependencies(graph_, {gate}, gradient.values));
      if (!gradient.is_slices()) continue;
      TB_ASSIGN_OR_RETURN(gradient.indices,
                          WithDependencies(graph_, {gate}, gradient.indices));
    }
    return OkStatus();
  }

  Status Accept(const Node& node, int i, const Gradient& gradient) {
    const Output& input = node.input(i);
    // A handle is a scalar whatever the shape of its variable.
    if (!gradient.is_slices() && input.dtype() != DType::kResource &&
        !graph_->MergeShape(gradient.values, input.shape()).ok()) {
      return PyValueError(
          "Incompatible shapes between op input and calculated input gradient. "
          "Forward operation: " +
          node.name() + ". Input index: " + std::to_string(i) +
          ". Original input shape: " + input.shape().ToPythonString() +
          ". Calculated input gradient shape: " +
          gradient.values.shape().ToPythonString());
    }
    gradients_[Key(input)].push_back(gradient);
    return OkStatus();
  }

  // The sum of what came back to an output, which from now on stands for it.
  Result<Gradient> Aggregate(const Output& output) {
    std::vector<Gradient>& parts = gradients_[Key(output)];
    if (parts.empty()) return Gradient{};
    if (parts.size() == 1) return parts.front();
    const bool dense =
        std::none_of(parts.begin(), parts.end(),
                     [](const Gradient& part) { return part.is_slices(); });
    if (dense) {
      std::vector<Operand> tensors;
      for (const Gradient& part : parts) tensors.push_back(part.values);
      const graph::ColocationScope colocation(graph_, parts[0].values.node);
      TB_ASSIGN_OR_RETURN(const Output sum,
                          ApplyOpOutput(graph_, "AddN", {tensors}));
      parts = {{sum, {}, {}}};
    } else {
      TB_ASSIGN_OR_RETURN(Gradient joined, Join(parts));
      parts = {joined};
    }
    return parts.front();
  }

  // The rows of a dense gradient: all of them.
  static Gradient AsSlices(GradientCall& call, const Gradient& part) {
    if (part.is_slices()) return part;
    Gradient slices = part;
    slices.dense_shape = call.Shape(part.values);
    const Output rows =
        call.Op("StridedSlice",
                {slices.dense_shape, GradientCall::Axes({0}),
                 GradientCall::Axes({1}), GradientCall::Axes({1})},
                {{"shrink_axis_mask", AttrValue::Int(1)}}, "strided_slice");
    slices.indices =
        call.Op("Range",
                {call.Number(0, DType::kInt32, "range/start"), rows,
                 call.Number(1, DType::kInt32, "range/delta")},
                {}, "range");
    return slices;
  }

  // All rows one after the other; whoever uses them adds up equal indices.
  Result<Gradient> Join(const std::vector<Gradient>& parts) {
    GradientCall call(graph_, *parts[0].values.node, {});
    std::vector<Operand> values;
    std::vector<Operand> indices;
    Gradient joined;
    for (const Gradient& part : parts) {
      const Gradient slices = AsSlices(call, part);
      TB_RETURN_IF_ERROR(call.status());
      values.push_back(slices.values);
      indices.push_back(call.Cast(slices.indices, DType::kInt64));
      if (joined.dense_shape.node == nullptr) {
        joined.dense_shape = slices.dense_shape;
      }
    }
    joined.values = call.Op("ConcatV2", {values, 0.0}, {}, "concat");
    joined.indices = call.Op("ConcatV2", {indices, 0.0}, {}, "concat");
    TB_RETURN_IF_ERROR(call.status());
    return joined;
  }

  Graph* graph_;
  const GradientOptions& options_;
  std::map<std::pair<int, int>, std::vector<Gradient>> gradients_;
  std::vector<bool> reached_;  // by id - 1: depends on an x
  std::map<const Node*, int> pending_;
  std::set<const Node*> stops_;
  std::deque<const Node*> queue_;
};

}  // namespace

Result<std::vector<Gradient>> Gradients(Graph* graph,
                                        const std::vector<Output>& ys,
                                        const std::vector<Output>& xs,
                                        const GradientOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(
      const graph::NameScope scope,
      graph::NameScope::Enter(
          graph, options.name.empty() ? "gradients" : options.name));
  return Differentiator(graph, options).Run(ys, xs);
}

}  // namespace tensorbundle::ops
