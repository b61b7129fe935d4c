// ApplyOp turns values into Consts as Python's generated wrappers do.
#include "engine/ops/apply_op.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/array.h"
#include "engine/ops/variable.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::AttrValue;
using graph::Graph;
using graph::OpSpec;
using graph::Output;
using testing::ElementsAre;

// Signatures that the standard ops do not have yet.
const graph::OpRegistry& ListOps() {
  static constexpr OpSpec kOps[] = {
      {"Pack", "values: N * T", "output: T", "N: int >= 1; T: type",
       graph::kPure, nullptr},
      {"Join", "inputs: N * string", "output: string", "N: int >= 1",
       graph::kPure, nullptr},
      {"Preferring", "shape: T", "output: T", "T: {int32, int64} = int64",
       graph::kPure, nullptr},
  };
  static const graph::OpRegistry* const kRegistry = [] {
    const std::span<const OpSpec> tables[] = {kOps, ArrayOps()};
    return new graph::OpRegistry(tables);
  }();
  return *kRegistry;
}

TEST(ApplyOp, ElementsOfAListAreNumbered) {
  Graph graph(&ListOps());
  const Output x = Must(Placeholder(&graph, DType::kDouble, {}, "x"));
  Must(ApplyOp(&graph, "Join", {std::vector<Operand>{"a", "b"}}));
  Must(ApplyOp(&graph, "Pack", {std::vector<Operand>{1.0, x, 2.0}}));
  EXPECT_THAT(
      NodeNames(graph),
      ElementsAre("x Placeholder", "Join/inputs_0 Const", "Join/inputs_1 Const",
                  "Join Join", "Pack/values_0 Const", "Pack/values_2 Const",
                  "Pack Pack"));
  // The tensor among them decided the others' dtype.
  EXPECT_EQ(NodeText(graph.node(7)),
            "Pack = Pack(Pack/values_0, x, Pack/values_2) N=3 T=double : "
            "<unknown>");
}

TEST(ApplyOp, AListIsNoValue) {
  Graph graph(&ListOps());
  const Status status = ApplyOp(&graph, "Pack", {1.0}).status();
  EXPECT_EQ(status.code(), Code::kPyTypeError);
  EXPECT_EQ(status.message(),
            "Expected list for 'values' argument to 'Pack' Op.");
}

TEST(ApplyOp, PrefersTheDefaultOfATypeAttribute) {
  Graph graph(&ListOps());
  const auto dtype = [&](const Operand& shape) {
    return Must(ApplyOpOutput(&graph, "Preferring", {shape})).dtype();
  };
  EXPECT_EQ(dtype(Dims({2, 3})), DType::kInt64);
  EXPECT_EQ(dtype(VectorOf<int32_t>(DType::kInt32, {2})), DType::kInt64);
  EXPECT_EQ(dtype(Must(Placeholder(&graph, DType::kInt32, {}, "x"))),
            DType::kInt32);
}

TEST(ApplyOp, OpensAScopeOfTheOpsName) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Output x = Must(Placeholder(graph.get(), DType::kFloat, {}, "x"));
  EXPECT_EQ(Must(ApplyOpOutput(graph.get(), "Mul", {x, 2.0})).node->name(),
            "Mul");
  EXPECT_EQ(Must(ApplyOpOutput(graph.get(), "Mul", {x, 2.0})).node->name(),
            "Mul_1");
  EXPECT_EQ(Must(ApplyOpOutput(graph.get(), "Mul", {x, 2.0}, {}, "twice"))
                .node->InputNames(),
            (std::vector<std::string>{"x", "twice/y"}));
  EXPECT_EQ(graph->names().scope(), "");
  EXPECT_EQ(ApplyOp(graph.get(), "Mul", {x, x}, {}, "a b").status().message(),
            "'a b' is not a valid scope name");
}

TEST(ApplyOp, TheFirstArgumentsDTypeBindsTheSecond) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Output n = Must(Placeholder(graph.get(), DType::kInt32, {}, "n"));
  const Status status = ApplyOp(graph.get(), "Add", {n, 1.5}).status();
  EXPECT_EQ(status.code(), Code::kPyTypeError);
  EXPECT_EQ(status.message(),
            "Expected int32 passed to parameter 'y' of op 'Add', got 1.5 of "
            "type 'float' instead. Error: Expected int32, got 1.5 of type "
            "'float' instead.");
  // An array is converted as numpy's are.
  const graph::Node* sum = Must(ApplyOp(
      graph.get(), "Add", {n, VectorOf<float>(DType::kFloat, {1.75f})}));
  EXPECT_EQ(NodeText(*sum->input(1).node),
            "Add_1/y = Const() dtype=int32 value=<int32[1] 1> : [1]");
}

TEST(ApplyOp, AVariableIsItsRefOrItsSnapshot) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const graph::Variable* v = Must(MakeVariable(graph.get(), 1.0, {}));
  EXPECT_EQ(Must(ApplyOp(graph.get(), "Assign", {v, v}))->InputNames(),
            (std::vector<std::string>{"Variable", "Variable/read"}));
  const Status status = ApplyOp(graph.get(), "Assign", {1.0, v}).status();
  EXPECT_EQ(status.code(), Code::kPyTypeError);
  EXPECT_EQ(status.message(),
            "'Assign' Op requires that input 'ref' be a mutable tensor (e.g.: "
            "a tf.Variable)");
}

TEST(ApplyOp, NamesTheOpThatItDoesNotKnow) {
  const std::shared_ptr<Graph> graph = NewGraph();
  EXPECT_EQ(ApplyOp(graph.get(), "Frobnicate", {}).status().code(),
            Code::kNotFound);
}

}  // namespace
}  // namespace tensorbundle::ops
