// Collections keep their items in the order of addition.
#include "engine/graph/collections.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

TEST_F(GraphTest, CollectionsHoldEveryKindOfItem) {
  tensorbundle::graph::Variable record;
  record.variable = Variable(PartialShape::Of({2}));
  const auto* variable = graph_.AddVariable(record);
  EXPECT_EQ(graph_.FindVariable(*record.variable.node), variable);
  EXPECT_EQ(variable->op_name(), "VariableV2");
  const Output tensor = Constant({1});

  Collections& collections = graph_.collections();
  EXPECT_TRUE(collections.Get(kGlobalVariables).empty());
  collections.Add(kGlobalVariables, variable);
  collections.Add(kGlobalVariables, tensor);
  collections.Add(kGlobalVariables, tensor.node);
  collections.Add(kGlobalVariables, std::string("text"));
  collections.Add("numbers", int64_t{7});

  const std::span<const CollectionItem> items =
      collections.Get(kGlobalVariables);
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(ItemName(items[0]), "VariableV2:0");
  EXPECT_EQ(ItemName(items[1]), "Const:0");
  EXPECT_EQ(ItemName(items[2]), "Const");
  EXPECT_EQ(ItemName(items[3]), "");
  EXPECT_EQ(collections.Variables(kGlobalVariables), (std::vector{variable}));
  EXPECT_EQ(collections.Keys(),
            (std::vector<std::string>{"numbers", "variables"}));
  collections.Clear("numbers");
  EXPECT_TRUE(collections.Get("numbers").empty());
}

TEST(SaveSliceInfo, SpellsItsSpec) {
  const SaveSliceInfo slice{"w", {4, 2}, {2, 0}, {2, 2}};
  EXPECT_EQ(slice.Spec(), "4 2 2,2:0,2");
}

}  // namespace
}  // namespace tensorbundle::graph
