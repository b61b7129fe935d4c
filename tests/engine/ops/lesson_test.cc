// The graphs of the lesson, node by node, as TensorFlow 1.15 makes them
// (engine/docs/runtime.md, "The lesson's graph").
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/random.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using testing::ElementsAre;

TEST(Lesson, TwoVariablesAreEighteenNodes) {
  const std::shared_ptr<Graph> graph = NewGraph();
  for (const Operand& shape : {Dims({2, 3}), Dims({3})}) {
    Must(MakeVariable(graph.get(),
                      Must(TruncatedNormal(graph.get(), shape, 0.0, 1.0, {})),
                      {}));
  }
  Must(GlobalVariablesInitializer(graph.get()));
  EXPECT_THAT(
      GraphText(*graph),
      ElementsAre(
          "truncated_normal/shape = Const() dtype=int32 value=<int32[2] 2 3> : "
          "[2]",
          "truncated_normal/mean = Const() dtype=float value=<float[] "
          "0.000000> : []",
          "truncated_normal/stddev = Const() dtype=float value=<float[] "
          "1.000000> : []",
          "truncated_normal/TruncatedNormal = "
          "TruncatedNormal(truncated_normal/shape) T=int32 dtype=float seed=0 "
          "seed2=0 : [2,3]",
          "truncated_normal/mul = Mul(truncated_normal/TruncatedNormal, "
          "truncated_normal/stddev) T=float : [2,3]",
          "truncated_normal = Add(truncated_normal/mul, truncated_normal/mean) "
          "T=float : [2,3]",
          "Variable = VariableV2() container=\"\" dtype=float shape=[2,3] "
          "shared_name=\"\" : [2,3]",
          "Variable/Assign = Assign(Variable, truncated_normal) T=float "
          "_class=[loc:@Variable] use_locking=true validate_shape=true : [2,3]",
          "Variable/read = Identity(Variable) T=float _class=[loc:@Variable] : "
          "[2,3]",
          "truncated_normal_1/shape = Const() dtype=int32 value=<int32[1] 3> : "
          "[1]",
          "truncated_normal_1/mean = Const() dtype=float value=<float[] "
          "0.000000> : []",
          "truncated_normal_1/stddev = Const() dtype=float value=<float[] "
          "1.000000> : []",
          "truncated_normal_1/TruncatedNormal = "
          "TruncatedNormal(truncated_normal_1/shape) T=int32 dtype=float "
          "seed=0 seed2=0 : [3]",
          "truncated_normal_1/mul = Mul(truncated_normal_1/TruncatedNormal, "
          "truncated_normal_1/stddev) T=float : [3]",
          "truncated_normal_1 = Add(truncated_normal_1/mul, "
          "truncated_normal_1/mean) T=float : [3]",
          "Variable_1 = VariableV2() container=\"\" dtype=float shape=[3] "
          "shared_name=\"\" : [3]",
          "Variable_1/Assign = Assign(Variable_1, truncated_normal_1) T=float "
          "_class=[loc:@Variable_1] use_locking=true validate_shape=true : "
          "[3]",
          "Variable_1/read = Identity(Variable_1) T=float "
          "_class=[loc:@Variable_1] : [3]",
          "init = NoOp(^Variable/Assign, ^Variable_1/Assign)"));
}

// The seeds that the op `name` got.
std::pair<int64_t, int64_t> SeedsOf(const Graph& graph, const char* name) {
  const graph::Node* node = graph.FindNode(name);
  return {node->int_attr("seed"), node->int_attr("seed2")};
}

TEST(Lesson, TheSecondSeedIsTheIdOfTheLastOp) {
  const std::shared_ptr<Graph> graph = NewGraph();
  graph->set_seed(1);
  for (const Operand& shape : {Dims({2, 3}), Dims({3})}) {
    Must(MakeVariable(graph.get(),
                      Must(TruncatedNormal(graph.get(), shape, 0.0, 1.0, {})),
                      {}));
  }
  EXPECT_EQ(SeedsOf(*graph, "truncated_normal/TruncatedNormal"),
            (std::pair<int64_t, int64_t>(1, 3)));
  EXPECT_EQ(SeedsOf(*graph, "truncated_normal_1/TruncatedNormal"),
            (std::pair<int64_t, int64_t>(1, 12)));
}

TEST(Lesson, AnExplicitNameIsTheVariablesScope) {
  const std::shared_ptr<Graph> graph = NewGraph();
  for (int i = 0; i < 2; ++i) {
    Must(MakeVariable(graph.get(), Numbers({1, 2}), {.name = "w"}));
  }
  EXPECT_THAT(
      NodeNames(*graph),
      ElementsAre("w/initial_value Const", "w VariableV2", "w/Assign Assign",
                  "w/read Identity", "w_1/initial_value Const",
                  "w_1 VariableV2", "w_1/Assign Assign", "w_1/read Identity"));
}

}  // namespace
}  // namespace tensorbundle::ops
