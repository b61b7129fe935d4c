// Open scopes mark the nodes that are made under them as TensorFlow's do.
#include "engine/graph/scopes.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

using Strings = std::vector<std::string>;

TEST_F(GraphTest, NameScopesLeaveWhenDestroyed) {
  {
    Result<NameScope> outer = NameScope::Enter(&graph_, "a");
    EXPECT_EQ(outer->prefix(), "a/");
    {
      Result<NameScope> inner = NameScope::Enter(&graph_, "b");
      EXPECT_EQ(inner->prefix(), "a/b/");
      EXPECT_EQ(Constant({1}).node->name(), "a/b/Const");
      Result<NameScope> root = NameScope::Enter(&graph_, "");
      EXPECT_EQ(root->prefix(), "");
      EXPECT_EQ(Constant({1}).node->name(), "Const");
    }
    EXPECT_EQ(Constant({1}).node->name(), "a/Const");
  }
  EXPECT_EQ(graph_.names().scope(), "");
  EXPECT_EQ(NameScope::Enter(&graph_, "a b").status().code(),
            Code::kPyValueError);
}

TEST_F(GraphTest, TheInnermostDeviceWins) {
  const DeviceScope outer(&graph_, "/device:CPU:0");
  EXPECT_EQ(Constant({1}).node->device(), "/device:CPU:0");
  const DeviceScope inner(&graph_, "/device:GPU:1");
  const Node* gpu = Constant({1}).node;
  EXPECT_EQ(gpu->device(), "/device:GPU:1");
  EXPECT_EQ(ToPythonString(gpu->output(0)),
            "Tensor(\"Const_1:0\", shape=(1,), dtype=int32, "
            "device=/device:GPU:1)");
}

TEST_F(GraphTest, ColocationBringsClassAndDevice) {
  const Node* cpu = [&] {
    const DeviceScope device(&graph_, "/device:CPU:0");
    return Constant({1}).node;
  }();
  const DeviceScope device(&graph_, "/device:GPU:0");
  const Node* first = nullptr;
  {
    const ColocationScope colocation(&graph_, cpu);
    first = Constant({2}).node;
  }
  EXPECT_EQ(*first->attr("_class"), AttrValue::Strings({"loc:@Const"}));
  EXPECT_EQ(first->device(), "/device:CPU:0");
  // What is colocated with it belongs to the same group.
  const ColocationScope colocation(&graph_, first);
  EXPECT_EQ(*Constant({3}).node->attr("_class"),
            AttrValue::Strings({"loc:@Const"}));
  EXPECT_EQ(cpu->attr("_class"), nullptr);
}

TEST_F(GraphTest, ControlScopesAddWhatIsNotWaitedForAnyway) {
  const Node* first = Add(Spec("NoOp"));
  const Output before = Constant({1});
  const ControlScope outer(&graph_, {first, before.node});
  const Output inside = Constant({2});
  EXPECT_EQ(inside.node->InputNames(), (Strings{"^Const", "^NoOp"}));
  // An input is no control input as well.
  EXPECT_EQ(Add(Spec("Add", {before, before}))->InputNames(),
            (Strings{"Const", "Const", "^NoOp"}));
  // Its input already waits.
  EXPECT_EQ(Add(Spec("Add", {inside, inside}))->InputNames(),
            (Strings{"Const_1", "Const_1"}));
  {
    const ControlScope inner(&graph_, {inside.node});
    EXPECT_EQ(Add(Spec("NoOp"))->InputNames(),
              (Strings{"^Const", "^Const_1", "^NoOp"}));
    graph_.scopes().PushNoControl();
    EXPECT_EQ(Add(Spec("NoOp"))->InputNames(), (Strings{}));
    graph_.scopes().PopControl();
  }
}

TEST_F(GraphTest, AttributeScopesGiveWhatANodeLacks) {
  graph_.scopes().PushAttrs(
      {{"_class", AttrValue::Strings({"loc:@w"})}, {"_a", AttrValue::Int(1)}});
  graph_.scopes().PushAttrs({{"_a", AttrValue::Int(2)}});
  const Node* node = Constant({1}).node;
  EXPECT_EQ(*node->attr("_a"), AttrValue::Int(2));
  EXPECT_EQ(node->ColocationGroups(), (Strings{"loc:@w"}));
  graph_.scopes().PopAttrs();
  graph_.scopes().PopAttrs();
  EXPECT_EQ(Constant({1}).node->attr("_a"), nullptr);
}

}  // namespace
}  // namespace tensorbundle::graph
