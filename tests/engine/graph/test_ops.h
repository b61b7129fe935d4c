// A few ops of every kind of signature, for the tests of graph/, which knows
// no ops of its own.
#ifndef TB_TESTS_ENGINE_GRAPH_TEST_OPS_H_
#define TB_TESTS_ENGINE_GRAPH_TEST_OPS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/graph/shape_inference.h"

namespace tensorbundle::graph {

inline Status ConstShape(InferenceContext& context) {
  context.set_output(0, context.attr("value")->tensor()->shape());
  return OkStatus();
}
inline Status ShapeOfInput(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape, context.ShapeFromInput(0));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

inline const OpRegistry& TestOps() {
  static constexpr OpSpec kOps[] = {
      {"Add", "x: T; y: T", "z: T", "T: {float, double, int32}", kPure,
       BroadcastShape},
      {"Assign", "ref: Ref(T); value: T", "output_ref: Ref(T)",
       "T: type; validate_shape: bool = true", kAllowsUninitializedInput,
       MergedShape},
      {"Const", "", "output: dtype", "value: tensor; dtype: type", kPure,
       ConstShape},
      {"Fill", "dims: int32", "output: float", "", kPure, ShapeOfInput},
      {"NoOp", "", "", "", kPure, nullptr},
      {"Pack", "values: N * T", "output: T",
       "N: int >= 1; T: type; axis: int = 0", kPure, nullptr},
      {"Placeholder", "", "output: dtype",
       "dtype: type; shape: shape = { unknown_rank: true }", kPure, AttrShape},
      {"Split", "value: T", "output: num_split * T",
       "num_split: int >= 1; T: type", kPure, nullptr},
      {"Tuple", "tensors: dtypes", "copies: dtypes", "dtypes: list(type) >= 1",
       kPure, nullptr},
      {"VariableV2", "", "ref: Ref(dtype)", "shape: shape; dtype: type",
       kStateful, AttrShape},
  };
  static const OpRegistry* const kRegistry = [] {
    const std::span<const OpSpec> tables[] = {kOps};
    return new OpRegistry(tables);
  }();
  return *kRegistry;
}

class GraphTest : public testing::Test {
 protected:
  Graph graph_{&TestOps()};

  const Node* Add(NodeSpec spec) {
    Result<const Node*> node = graph_.AddNode(std::move(spec));
    EXPECT_TRUE(node.ok()) << node.status().message();
    return node.ok() ? *node : nullptr;
  }
  Status TryAdd(NodeSpec spec) {
    return graph_.AddNode(std::move(spec)).status();
  }

  NodeSpec Spec(std::string op, std::vector<Output> inputs = {},
                AttrMap attrs = {}) {
    NodeSpec spec;
    spec.op = std::move(op);
    spec.inputs = std::move(inputs);
    spec.attrs = std::move(attrs);
    return spec;
  }
  Output Placeholder(PartialShape shape, DType dtype = DType::kFloat) {
    return Add(Spec("Placeholder", {},
                    {{"dtype", AttrValue::Type(dtype)},
                     {"shape", AttrValue::Shape(std::move(shape))}}))
        ->output(0);
  }
  Output Constant(std::vector<int32_t> values) {
    const Shape shape = Shape::Of({static_cast<int64_t>(values.size())});
    Tensor tensor = *Tensor::Create(DType::kInt32, shape);
    std::copy(values.begin(), values.end(),
              tensor.mutable_as<int32_t>().begin());
    return Add(Spec("Const", {},
                    {{"dtype", AttrValue::Type(DType::kInt32)},
                     {"value", AttrValue::Tensor(std::move(tensor))}}))
        ->output(0);
  }
  Output Variable(PartialShape shape) {
    return Add(Spec("VariableV2", {},
                    {{"dtype", AttrValue::Type(DType::kFloat)},
                     {"shape", AttrValue::Shape(std::move(shape))}}))
        ->output(0);
  }
};

}  // namespace tensorbundle::graph

#endif  // TB_TESTS_ENGINE_GRAPH_TEST_OPS_H_
