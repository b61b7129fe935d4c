// tf.Variable: dtypes, collections, errors, and what updates it.
#include "engine/ops/variable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/array.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using graph::Variable;
using testing::ElementsAre;

class VariableTest : public testing::Test {
 protected:
  std::shared_ptr<Graph> graph_ = NewGraph();

  const Variable* Make(const Operand& value, VariableOptions options = {}) {
    return Must(MakeVariable(graph_.get(), value, options));
  }
  size_t CountIn(std::string_view collection) {
    return graph_->collections().Variables(collection).size();
  }
};

TEST_F(VariableTest, TakesTheDTypeOfItsInitialValue) {
  EXPECT_EQ(Make(1.5)->variable.dtype(), DType::kFloat);
  EXPECT_EQ(Make(Numbers({1, 2}, DType::kInt32))->variable.dtype(),
            DType::kInt32);
  EXPECT_EQ(Make(VectorOf<double>(DType::kDouble, {1}))->variable.dtype(),
            DType::kDouble);
  EXPECT_EQ(Make("text")->variable.dtype(), DType::kString);
  EXPECT_EQ(Make(1.5, {.dtype = DType::kHalf})->variable.dtype(), DType::kHalf);
}

TEST_F(VariableTest, IsRecorded) {
  const Variable* variable = Make(1.0);
  EXPECT_EQ(variable->variable.name(), "Variable:0");
  EXPECT_TRUE(variable->variable.is_ref());
  EXPECT_EQ(variable->initializer->name(), "Variable/Assign");
  EXPECT_EQ(variable->snapshot.name(), "Variable/read:0");
  EXPECT_EQ(variable->initial_value.name(), "Variable/initial_value:0");
  EXPECT_EQ(graph_->FindVariable(*variable->variable.node), variable);
}

TEST_F(VariableTest, JoinsCollections) {
  Make(1.0);
  Make(1.0, {.trainable = false});
  Make(1.0, {.collections = {{"mine"}}});
  Make(1.0, {.collections = {{"trainable_variables"}}});
  Make(1.0, {.trainable = false, .collections = {std::vector<std::string>()}});
  EXPECT_EQ(CountIn(graph::kGlobalVariables), 2u);
  EXPECT_EQ(CountIn(graph::kTrainableVariables), 3u);
  EXPECT_EQ(CountIn("mine"), 1u);
}

TEST_F(VariableTest, NeedsAShapeUnlessTold) {
  const graph::Output x = Must(
      Placeholder(graph_.get(), DType::kFloat, graph::PartialShape::Of({-1})));
  const Status status = MakeVariable(graph_.get(), x, {}).status();
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(),
            "initial_value must have a shape specified: "
            "Tensor(\"Placeholder:0\", shape=(?,), dtype=float32)");
  const Variable* variable = Make(x, {.validate_shape = false});
  EXPECT_EQ(NodeText(*variable->variable.node),
            "Variable_1 = VariableV2() container=\"\" dtype=float "
            "shape=<unknown> shared_name=\"\" : <unknown>");
  EXPECT_FALSE(variable->initializer->bool_attr("validate_shape"));
}

TEST_F(VariableTest, RefusesADTypeThatItsTensorHasNot) {
  const graph::Output x = Must(
      Placeholder(graph_.get(), DType::kInt32, graph::PartialShape::Of({2})));
  const Status status =
      MakeVariable(graph_.get(), x, {.dtype = DType::kFloat}).status();
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(),
            "Tensor conversion requested dtype float32 for Tensor with dtype "
            "int32: 'Tensor(\"Placeholder:0\", shape=(2,), dtype=int32)'");
}

TEST_F(VariableTest, AssigningNamesOpsAndValues) {
  const Variable* v = Make(Numbers({1, 2}));
  Graph* graph = graph_.get();
  Must(Assign(graph, v->variable, Numbers({3, 4}), {}));
  Must(Assign(graph, v->variable, v, {}));
  Must(AssignAdd(graph, v->variable, Numbers({1, 1}), {}));
  Must(AssignSub(graph, v->variable, Numbers({1, 1}), {.name = "less"}));
  const std::vector<std::string> all = GraphText(*graph_);
  EXPECT_THAT(
      std::vector<std::string>(all.begin() + 4, all.end()),
      ElementsAre(
          "Assign/value = Const() dtype=float value=<float[2] 3.000000 "
          "4.000000> : [2]",
          "Assign = Assign(Variable, Assign/value) T=float "
          "_class=[loc:@Variable] use_locking=false validate_shape=true : [2]",
          "Assign_1 = Assign(Variable, Variable/read) T=float "
          "_class=[loc:@Variable] use_locking=false validate_shape=true : [2]",
          "AssignAdd/value = Const() dtype=float value=<float[2] 1.000000 "
          "1.000000> : [2]",
          "AssignAdd = AssignAdd(Variable, AssignAdd/value) T=float "
          "_class=[loc:@Variable] use_locking=false : [2]",
          "less/value = Const() dtype=float value=<float[2] 1.000000 "
          "1.000000> : [2]",
          "less = AssignSub(Variable, less/value) T=float "
          "_class=[loc:@Variable] use_locking=false : [2]"));
}

TEST_F(VariableTest, InitializersCountUpAndMayBeEmpty) {
  Must(GlobalVariablesInitializer(graph_.get()));
  EXPECT_EQ(NodeText(graph_->node(1)), "init = NoOp()");
  Make(1.0, {.name = "b"});
  Make(1.0, {.name = "a"});
  EXPECT_EQ(NodeText(*Must(GlobalVariablesInitializer(graph_.get()))),
            "init_1 = NoOp(^a/Assign, ^b/Assign)");
  graph_->Finalize();
  EXPECT_EQ(GlobalVariablesInitializer(graph_.get()).status().message(),
            "Graph is finalized and cannot be modified.");
}

}  // namespace
}  // namespace tensorbundle::ops
