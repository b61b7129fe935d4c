// InferenceContext: what a shape function sees of a node that is being made.
#ifndef TB_GRAPH_SHAPE_INFERENCE_H_
#define TB_GRAPH_SHAPE_INFERENCE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/graph/node.h"
#include "engine/graph/partial_shape.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

class InferenceContext {
 public:
  InferenceContext(const Node& node, int num_outputs);

  int num_inputs() const { return static_cast<int>(node_.inputs().size()); }
  const PartialShape& input(int i) const { return node_.input(i).shape(); }
  // The value of an input that is already known, else null.
  const Tensor* input_tensor(int i);
  const AttrValue* attr(std::string_view name) const {
    return node_.attr(name);
  }
  const Node& node() const { return node_; }

  // The integers that input `i` has in every run, if the graph alone tells.
  std::optional<std::vector<int64_t>> integers(int i);

  int num_outputs() const { return static_cast<int>(outputs_.size()); }
  void set_output(int i, PartialShape shape) {
    outputs_[static_cast<size_t>(i)] = std::move(shape);
  }
  // The same for a shape of these dimensions. Returns what
  // PartialShape::Create() says of them.
  Status SetOutputDims(int i, std::span<const int64_t> dims);
  std::vector<PartialShape> TakeOutputs() { return std::move(outputs_); }

  // The shape that input `i`, a vector of int32 or int64, spells; -1 among its
  // elements stands for a dimension that is not known.
  Result<PartialShape> ShapeFromInput(int i);

  // The error with what TensorFlow adds to it: " for 'add' (op: 'Add') with
  // input shapes: [2,3], [2,4]."
  Status WithContext(const Status& status) const;

 private:
  const Node& node_;
  std::vector<PartialShape> outputs_;
  std::vector<int> inspected_;  // inputs whose values decided
};

// `shape`, known to have that rank. Returns InvalidArgument "Shape must be
// rank 2 but is rank 1".
Result<PartialShape> WithRank(const PartialShape& shape, int rank);

// Returns InvalidArgument "Shape must be at least rank 2 but is rank 1".
Result<PartialShape> WithRankAtLeast(const PartialShape& shape, int rank);

// The dimension both are. Returns InvalidArgument "Dimensions must be equal,
// but are 3 and 2".
Result<int64_t> MergeDims(int64_t a, int64_t b);

// `axis` from the front. Returns InvalidArgument "Shape must be at least rank 3
// but is rank 2" when `rank` dimensions have no such one.
Result<int> NormalizeAxis(int64_t axis, int rank);

// `shape` with dimension `i` replaced. REQUIRES: it has a dimension `i`.
PartialShape WithDim(const PartialShape& shape, int i, int64_t dim);

// What both say. Returns InvalidArgument "Dimension 0 in both shapes must be
// equal, but are 2 and 3. Shapes are [2,3] and [3,2]." or "Shapes must be equal
// rank, but are 2 and 1".
Result<PartialShape> Merge(const PartialShape& a, const PartialShape& b);

// numpy's broadcasting. Returns InvalidArgument "Dimensions must be equal, but
// are 3 and 4".
Result<PartialShape> Broadcast(const PartialShape& a, const PartialShape& b);

// The value `output` has in every run, if the graph alone tells, else null.
const Tensor* ConstantValue(const Output& output);

// Shape functions that several ops share.
Status UnchangedShape(InferenceContext& context);  // output 0 as input 0
Status BroadcastShape(InferenceContext& context);  // of inputs 0 and 1
Status MergedShape(InferenceContext& context);     // inputs 0 and 1 are alike
Status AttrShape(InferenceContext& context);       // the attribute "shape"
Status ScalarShape(InferenceContext& context);     // every output is a scalar

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_SHAPE_INFERENCE_H_
