// GradientCall: what the gradient function of one op sees, and the nodes it
// adds.
#ifndef TB_OPS_GRADIENT_CALL_H_
#define TB_OPS_GRADIENT_CALL_H_

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/ops/apply_op.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

// What flows back along an edge: nothing, a tensor, or IndexedSlices: the rows
// `values` at the places `indices` of a tensor of shape `dense_shape`.
struct Gradient {
  graph::Output values;
  graph::Output indices;
  graph::Output dense_shape;

  bool defined() const { return values.node != nullptr; }
  bool is_slices() const { return indices.node != nullptr; }
};

// tf.convert_to_tensor(gradient): a sum by UnsortedSegmentSum for slices.
Result<graph::Output> ToTensor(graph::Graph* graph, const Gradient& gradient);

// The functions that add nodes return a null Output after the first failure,
// and add nothing more; status() tells.
class GradientCall {
 public:
  // `grads` has an element for each output of `node`.
  GradientCall(graph::Graph* graph, const graph::Node& node,
               std::span<const Gradient> grads)
      : graph_(graph),
        node_(node),
        grads_(grads),
        results_(node.inputs().size()) {}

  const graph::Node& node() const { return node_; }
  const graph::Output& input(int i) const { return node_.input(i); }
  int num_inputs() const { return static_cast<int>(node_.inputs().size()); }
  graph::Output output(int i) const { return node_.output(i); }
  // The gradient by output `i`, as a tensor; null if nothing depends on it.
  graph::Output grad(int i = 0);
  const Gradient& gradient(int i) const {
    return grads_[static_cast<size_t>(i)];
  }

  // The gradient by input `i`.
  void Set(int i, const graph::Output& gradient) {
    results_[static_cast<size_t>(i)].values = gradient;
  }
  void Set(int i, const Gradient& gradient) {
    results_[static_cast<size_t>(i)] = gradient;
  }

  // A node with one output, or with several.
  graph::Output Op(std::string_view op, std::vector<Argument> arguments,
                   graph::AttrMap attrs = {}, std::string_view name = "");
  std::vector<graph::Output> Ops(std::string_view op,
                                 std::vector<Argument> arguments,
                                 graph::AttrMap attrs = {},
                                 std::string_view name = "");
  // A Const of integers, or of one number of the dtype.
  graph::Output Integers(const std::vector<int64_t>& values,
                         DType dtype = DType::kInt32,
                         std::string_view name = "Const");
  graph::Output Number(double value, DType dtype,
                       std::string_view name = "Const");

  // Python's operators, and -x.
  graph::Output Add(const Operand& x, const Operand& y);
  graph::Output Sub(const Operand& x, const Operand& y);
  graph::Output Mul(const Operand& x, const Operand& y);
  graph::Output Neg(const graph::Output& x) { return Op("Neg", {x}); }
  // tf.shape: a Const where the graph knows the shape.
  graph::Output Shape(const graph::Output& x, DType dtype = DType::kInt32);
  graph::Output Reshape(const Operand& x, const Operand& shape) {
    return Op("Reshape", {x, shape});
  }
  graph::Output Sum(const Operand& x, const Operand& axes, bool keep = false);
  // tf.cast: nothing to do for a tensor of that dtype.
  graph::Output Cast(const graph::Output& x, DType dtype);
  // A scalar or vector of int32 among the arguments above.
  static Operand Axes(std::vector<int64_t> axes);

  graph::Graph* graph() { return graph_; }
  const Status& status() const { return status_; }
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }
  std::vector<Gradient> TakeResults() { return std::move(results_); }

 private:
  graph::Output Keep(const Result<graph::Output>& result);

  graph::Graph* graph_;
  const graph::Node& node_;
  std::span<const Gradient> grads_;
  std::vector<Gradient> results_;
  Status status_;
};

// Calls Set() for the inputs that the gradient flows to.
using GradientFunction = void (*)(GradientCall&);

// A row of the tables in gradients_*.cc; null: nothing flows back.
struct GradientEntry {
  std::string_view op;
  GradientFunction function;
};

std::span<const GradientEntry> ArrayGradients();
std::span<const GradientEntry> MathGradients();
std::span<const GradientEntry> NnGradients();
std::span<const GradientEntry> ReductionGradients();

}  // namespace tensorbundle::ops

#endif  // TB_OPS_GRADIENT_CALL_H_
