// The nodes of a Saver are those of TensorFlow 1.15's bulk builder.
#include "engine/train/saver_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/array.h"
#include "engine/ops/random.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::train {
namespace {

using graph::Graph;
using graph::Variable;
using ops::Dims;
using ops::Must;
using ops::Numbers;
using testing::ElementsAre;

class SaverGraphTest : public testing::Test {
 protected:
  std::shared_ptr<Graph> graph_ = ops::NewGraph();

  const Variable* Make(const char* name = "") {
    return Must(
        ops::MakeVariable(graph_.get(), Numbers({1, 2, 3}), {.name = name}));
  }
  // A part of the variable `full_name`.
  const Variable* Part(const char* name, const char* full_name,
                       int64_t offset) {
    Variable record = *Make(name);
    record.slice = graph::SaveSliceInfo{full_name, {6}, {offset}, {3}};
    return graph_->AddVariable(std::move(record));
  }
  SaverGraph Build(const std::vector<const Variable*>& variables,
                   const SaverGraphOptions& options = {}) {
    return Must(BuildSaverGraph(graph_.get(),
                                Must(SaveablesFromList(variables)), options));
  }
};

TEST_F(SaverGraphTest, TheLessonsSaverIsThirteenNodes) {
  std::vector<const Variable*> variables;
  for (const ops::Operand& shape : {Dims({2, 3}), Dims({3})}) {
    variables.push_back(Must(ops::MakeVariable(
        graph_.get(),
        Must(ops::TruncatedNormal(graph_.get(), shape, 0.0, 1.0, {})), {})));
  }
  const SaverGraph saver = Build(variables);
  Must(ops::GlobalVariablesInitializer(graph_.get()));
  EXPECT_EQ(graph_->num_nodes(), 32);
  const std::vector<std::string> all = ops::GraphText(*graph_);
  EXPECT_THAT(
      std::vector<std::string>(all.begin() + 18, all.end()),
      ElementsAre(
          "save/filename/input = Const() dtype=string value=<string[] "
          "'model'> : []",
          "save/filename = PlaceholderWithDefault(save/filename/input) "
          "dtype=string shape=[] : []",
          "save/Const = PlaceholderWithDefault(save/filename) dtype=string "
          "shape=[] : []",
          "save/SaveV2/tensor_names = Const() dtype=string value=<string[2] "
          "'Variable' 'Variable_1'> : [2]",
          "save/SaveV2/shape_and_slices = Const() dtype=string "
          "value=<string[2] '' ''> : [2]",
          "save/SaveV2 = SaveV2(save/Const, save/SaveV2/tensor_names, "
          "save/SaveV2/shape_and_slices, Variable, Variable_1) "
          "dtypes=[float,float]",
          "save/control_dependency = Identity(save/Const, ^save/SaveV2) "
          "T=string _class=[loc:@save/Const] : []",
          "save/RestoreV2/tensor_names = Const() dtype=string "
          "value=<string[2] 'Variable' 'Variable_1'> @/device:CPU:0 : [2]",
          "save/RestoreV2/shape_and_slices = Const() dtype=string "
          "value=<string[2] '' ''> @/device:CPU:0 : [2]",
          "save/RestoreV2 = RestoreV2(save/Const, "
          "save/RestoreV2/tensor_names, save/RestoreV2/shape_and_slices) "
          "dtypes=[float,float] @/device:CPU:0 : <unknown> <unknown>",
          "save/Assign = Assign(Variable, save/RestoreV2) T=float "
          "_class=[loc:@Variable] use_locking=true validate_shape=true : "
          "[2,3]",
          "save/Assign_1 = Assign(Variable_1, save/RestoreV2:1) T=float "
          "_class=[loc:@Variable_1] use_locking=true validate_shape=true : "
          "[3]",
          "save/restore_all = NoOp(^save/Assign, ^save/Assign_1)",
          "init = NoOp(^Variable/Assign, ^Variable_1/Assign)"));

  EXPECT_EQ(saver.def.filename_tensor_name, "save/Const:0");
  EXPECT_EQ(saver.def.save_tensor_name, "save/control_dependency:0");
  EXPECT_EQ(saver.def.restore_op_name, "save/restore_all");
  EXPECT_EQ(saver.def.max_to_keep, 5);
  EXPECT_FALSE(saver.def.sharded);
  EXPECT_EQ(saver.def.keep_checkpoint_every_n_hours, 10000.0f);
  EXPECT_EQ(saver.def.version, CheckpointVersion::kV2);
  EXPECT_EQ(saver.num_shards, 1);
  ASSERT_EQ(saver.slots.size(), 2u);
  EXPECT_EQ(saver.slots[1].save->name(), "save/SaveV2");
  EXPECT_EQ(saver.slots[1].restore->name(), "save/RestoreV2");
  EXPECT_EQ(saver.slots[1].reshape, nullptr);
  EXPECT_EQ(saver.slots[1].key, "Variable_1");
  EXPECT_EQ(saver.slots[1].slice_spec, "");
  EXPECT_EQ(saver.slots[1].variable, variables[1]->variable.node);
  EXPECT_EQ(saver.slots[1].assign->name(), "save/Assign_1");
  EXPECT_EQ(saver.slots[1].dtype, DType::kFloat);
  EXPECT_EQ(saver.slots[1].shape, graph::PartialShape::Of({3}));
}

TEST_F(SaverGraphTest, ASecondSaverHasAScopeOfItsOwn) {
  const Variable* v = Make();
  Build({v});
  EXPECT_EQ(Build({v}).def.filename_tensor_name, "save_1/Const:0");
  EXPECT_EQ(Build({v}, {.name = "mine", .filename = "f"}).def.restore_op_name,
            "mine/restore_all");
  EXPECT_EQ(*graph_->FindNode("mine/filename/input")->attr("value"),
            graph::AttrValue::Tensor(Tensor::FromStrings(Shape(), {"f"})));
}

TEST_F(SaverGraphTest, KeysAreSorted) {
  const SaverGraph saver = Build({Make("b"), Make("a"), Make("B_")});
  std::vector<std::string> keys;
  for (const SaveSlot& slot : saver.slots) keys.push_back(slot.key);
  EXPECT_THAT(keys, ElementsAre("B_", "a", "b"));
  EXPECT_EQ(saver.slots[1].assign->InputNames(),
            (std::vector<std::string>{"a", "save/RestoreV2:1"}));
}

TEST_F(SaverGraphTest, AMapNamesTheKeys) {
  const Variable* v = Make("v");
  const Variable* w = Make("w");
  const SaverGraph saver =
      Must(BuildSaverGraph(graph_.get(),
                           Must(SaveablesFromMap(std::vector<SaveablesMapEntry>{
                               {"z/v", {v}, false}, {"old name", {w}, false}})),
                           {}));
  EXPECT_EQ(saver.slots[0].key, "old name");
  EXPECT_EQ(saver.slots[0].variable, w->variable.node);
  EXPECT_EQ(saver.slots[1].key, "z/v");
}

TEST_F(SaverGraphTest, PartsComeTogetherUnderTheirFullName) {
  const Variable* second = Part("w/part_1", "w", 3);
  const Variable* first = Part("w/part_0", "w", 0);
  const SaverGraph saver = Build({second, first});
  ASSERT_EQ(saver.slots.size(), 2u);
  EXPECT_EQ(saver.slots[0].key, "w");
  EXPECT_EQ(saver.slots[0].slice_spec, "6 0,3");
  EXPECT_EQ(saver.slots[0].variable->name(), "w/part_0");
  EXPECT_EQ(saver.slots[1].slice_spec, "6 3,3");
}

TEST_F(SaverGraphTest, AnUnknownShapeIsNotValidated) {
  const graph::Output x =
      Must(ops::Placeholder(graph_.get(), DType::kFloat, {}));
  const Variable* v =
      Must(ops::MakeVariable(graph_.get(), x, {.validate_shape = false}));
  EXPECT_FALSE(Build({v}).slots[0].assign->bool_attr("validate_shape"));
}

TEST_F(SaverGraphTest, RefusesWhatCannotBeSaved) {
  const Variable* v = Make("v");
  const Variable* w = Make("w");
  const Variable* part = Part("p", "v", 0);
  const Variable* other = Part("q", "u", 0);
  const auto list = [](std::vector<const Variable*> variables) {
    return SaveablesFromList(variables).status();
  };
  const auto map = [](std::vector<SaveablesMapEntry> entries) {
    return SaveablesFromMap(entries).status();
  };
  const struct {
    Status status;
    const char* message;
  } facts[] = {
      {list({}), "No variables to save"},
      {map({}), "No variables to save"},
      {list({v, w, v}), "At least two variables have the same name: v"},
      {list({v, part}), "At least two variables have the same name: v"},
      {map({{"a", {v}, false}, {"b", {v}, false}}),
       "The same saveable will be restored with two names: b"},
      {map({{"a", {v}, true}}),
       "Slices must all be slices: <tf.Variable 'v:0' shape=(3,) "
       "dtype=float32_ref>"},
      {map({{"a", {part, other}, true}}),
       "Slices must all be from the same tensor: v != u"},
  };
  for (const auto& fact : facts) {
    EXPECT_EQ(fact.status.code(), Code::kPyValueError);
    EXPECT_EQ(fact.status.message(), fact.message);
  }
  const Variable* late = Part("z_part", "w", 0);
  EXPECT_EQ(list({w, late}).message(),
            "Mixing slices and non-slices with the same name: w");
}

TEST_F(SaverGraphTest, AFinalizedGraphTakesNoSaver) {
  const std::vector<const Variable*> variables = {Make()};
  graph_->Finalize();
  EXPECT_EQ(
      BuildSaverGraph(graph_.get(), Must(SaveablesFromList(variables)), {})
          .status()
          .message(),
      "Graph is finalized and cannot be modified.");
}

}  // namespace
}  // namespace tensorbundle::train
