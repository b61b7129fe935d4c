// The operators + - * name their nodes and values as Python's do.
#include "engine/ops/math.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/apply_op.h"
#include "engine/ops/array.h"
#include "engine/ops/variable.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using graph::Output;
using testing::ElementsAre;

TEST(Operators, NameNodesAndValues) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Output x = Must(Placeholder(graph.get(), DType::kDouble,
                                    graph::PartialShape::Of({2}), "x"));
  const graph::Variable* v = Must(
      MakeVariable(graph.get(), VectorOf<double>(DType::kDouble, {1, 2}), {}));
  Must(ApplyOperator(graph.get(), Operator::kAdd, x, 1.0));
  Must(ApplyOperator(graph.get(), Operator::kSub, 1.0, x));
  Must(ApplyOperator(graph.get(), Operator::kMul, v, x));
  Must(ApplyOpOutput(graph.get(), "Add", {x, 1.0}));
  // "Add" and "add" are one name to the graph.
  const std::vector<std::string> all = NodeNames(*graph);
  EXPECT_THAT(std::vector<std::string>(all.begin() + 5, all.end()),
              ElementsAre("add/y Const", "add AddV2", "sub/x Const", "sub Sub",
                          "mul Mul", "Add_1/y Const", "Add_1 Add"));
  EXPECT_EQ(NodeText(*graph->FindNode("mul")),
            "mul = Mul(Variable/read, x) T=double : [2]");
  EXPECT_EQ(graph->FindNode("add/y")->type_attr("dtype"), DType::kDouble);
}

TEST(Operators, AddStringsWithTheOldOp) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Output s =
      Must(Constant(graph.get(), Tensor::FromStrings(Shape(), {"a"})));
  EXPECT_EQ(Must(ApplyOperator(graph.get(), Operator::kAdd, s, "b")).node->op(),
            "Add");
}

TEST(Operators, AValueThatTheTensorsDTypeCannotHoldKeepsItsOwn) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Output n = Must(
      Placeholder(graph.get(), DType::kInt32, graph::PartialShape::Of({2})));
  EXPECT_TRUE(ApplyOperator(graph.get(), Operator::kAdd, n, 2.0).ok());
  const Status status =
      ApplyOperator(graph.get(), Operator::kAdd, n, 1.5).status();
  EXPECT_EQ(status.code(), Code::kPyTypeError);
  EXPECT_EQ(status.message(),
            "Input 'y' of 'AddV2' Op has type float32 that does not match type "
            "int32 of argument 'x'.");
  // On the left a value has no choice.
  EXPECT_EQ(
      ApplyOperator(graph.get(), Operator::kMul, 1.5, n).status().message(),
      "Expected int32, got 1.5 of type 'float' instead.");
}

TEST(Operators, RefuseShapesThatDoNotBroadcast) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const auto placeholder = [&](std::initializer_list<int64_t> dims) {
    return Must(
        Placeholder(graph.get(), DType::kFloat, graph::PartialShape::Of(dims)));
  };
  const Output a = placeholder({2, 3});
  const Output b = placeholder({2, 4});
  EXPECT_EQ(
      ApplyOpOutput(graph.get(), "Add", {a, b}, {}, "add").status().message(),
      "Dimensions must be equal, but are 3 and 4 for 'add' (op: 'Add') "
      "with input shapes: [2,3], [2,4].");
  // The name is gone all the same.
  EXPECT_EQ(ApplyOperator(graph.get(), Operator::kAdd, a, a)->node->name(),
            "add_1");
}

}  // namespace
}  // namespace tensorbundle::ops
