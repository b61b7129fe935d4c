// A variable whose initial value is made for it: the nodes that TensorFlow
// 1.15's get_variable makes, and scopes that are left again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/graph/scopes.h"
#include "engine/ops/array.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/random.h"
#include "engine/ops/variable.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using graph::Variable;
using testing::ElementsAre;

class VariableDraftTest : public testing::Test {
 protected:
  std::shared_ptr<Graph> graph_ = NewGraph();

  std::unique_ptr<VariableDraft> Begin(const std::string& name) {
    return Must(VariableDraft::Begin(graph_.get(), {.name = name}));
  }
};

TEST_F(VariableDraftTest, BindsTheValueToTheVariable) {
  {
    const auto draft = Begin("a/w");
    const graph::Output value =
        Must(RandomUniform(graph_.get(), Dims({2}), -1.0, Operand(1.0), {}));
    const Variable* variable = Must(draft->Finish(value));
    EXPECT_EQ(variable->op_name(), "a/w");
    EXPECT_EQ(variable->initial_value, value);
  }
  EXPECT_EQ(graph_->names().scope(), "");
  EXPECT_THAT(
      GraphText(*graph_),
      ElementsAre(
          "a/w/Initializer/random_uniform/shape = Const() "
          "_class=[loc:@a/w] dtype=int32 value=<int32[1] 2> : [1]",
          "a/w/Initializer/random_uniform/min = Const() _class=[loc:@a/w] "
          "dtype=float value=<float[] -1.000000> : []",
          "a/w/Initializer/random_uniform/max = Const() _class=[loc:@a/w] "
          "dtype=float value=<float[] 1.000000> : []",
          "a/w/Initializer/random_uniform/RandomUniform = "
          "RandomUniform(a/w/Initializer/random_uniform/shape) T=int32 "
          "_class=[loc:@a/w] dtype=float seed=0 seed2=0 : [2]",
          "a/w/Initializer/random_uniform/sub = "
          "Sub(a/w/Initializer/random_uniform/max, "
          "a/w/Initializer/random_uniform/min) T=float _class=[loc:@a/w] : []",
          "a/w/Initializer/random_uniform/mul = "
          "Mul(a/w/Initializer/random_uniform/RandomUniform, "
          "a/w/Initializer/random_uniform/sub) T=float _class=[loc:@a/w] : [2]",
          "a/w/Initializer/random_uniform = "
          "Add(a/w/Initializer/random_uniform/mul, "
          "a/w/Initializer/random_uniform/min) T=float _class=[loc:@a/w] : [2]",
          "a/w = VariableV2() _class=[loc:@a/w] container=\"\" dtype=float "
          "shape=[2] shared_name=\"\" : [2]",
          "a/w/Assign = Assign(a/w, a/w/Initializer/random_uniform) T=float "
          "_class=[loc:@a/w] use_locking=true validate_shape=true : [2]",
          "a/w/read = Identity(a/w) T=float _class=[loc:@a/w] : [2]"));
}

TEST_F(VariableDraftTest, WaitsForNothingAndIsPlacedByItself) {
  const graph::Node* before = Must(NoOp(graph_.get(), "before"));
  const graph::ControlScope control(graph_.get(), {before});
  const graph::DeviceScope device(graph_.get(), "/job:ps/task:0");
  const Variable* variable = nullptr;
  {
    const auto draft = Begin("w");
    variable = Must(draft->Finish(
        Must(Constant(graph_.get(), VectorOf<float>(DType::kFloat, {1})))));
  }
  EXPECT_TRUE(variable->variable.node->control_inputs().empty());
  EXPECT_EQ(variable->variable.node->device(), "/job:ps/task:0");
  EXPECT_EQ(variable->initial_value.node->device(), "");
  // What follows is in the scopes again.
  const graph::Node* after = Must(NoOp(graph_.get(), "after"));
  EXPECT_THAT(after->control_inputs(), ElementsAre(before));
  EXPECT_EQ(after->attr("_class"), nullptr);
}

TEST_F(VariableDraftTest, LeavesItsScopesWhenItIsGivenUp) {
  Begin("w");
  EXPECT_EQ(graph_->names().scope(), "");
  const graph::Output x =
      Must(Constant(graph_.get(), VectorOf<float>(DType::kFloat, {1}), "x"));
  EXPECT_EQ(NodeText(*x.node),
            "x = Const() dtype=float value=<float[1] 1.000000> : [1]");
  {
    const auto draft = Begin("v");
    EXPECT_FALSE(
        draft->Finish(Must(Placeholder(graph_.get(), DType::kFloat, {}))).ok());
  }
  EXPECT_EQ(graph_->names().scope(), "");
  EXPECT_EQ(Must(NoOp(graph_.get()))->attr("_class"), nullptr);
}

TEST_F(VariableDraftTest, TheVariablesOfAControlScopeDoNotWait) {
  const graph::Node* before = Must(NoOp(graph_.get(), "before"));
  const graph::ControlScope control(graph_.get(), {before});
  const Variable* variable =
      Must(MakeVariable(graph_.get(), Numbers({1}), {.name = "v"}));
  for (const graph::Node* node :
       {variable->variable.node, variable->initializer, variable->snapshot.node,
        variable->initial_value.node}) {
    EXPECT_TRUE(node->control_inputs().empty()) << node->name();
  }
}

}  // namespace
}  // namespace tensorbundle::ops
