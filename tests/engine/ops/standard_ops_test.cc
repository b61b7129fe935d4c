// Every row of the op tables is readable and says what ops.pbtxt of
// TensorFlow 1.15 says.
#include "engine/ops/standard_ops.h"

#include <gtest/gtest.h>

#include "engine/graph/op_spec_parser.h"

namespace tensorbundle::ops {
namespace {

TEST(StandardOps, EveryRowParses) {
  size_t rows = 0;
  for (std::span<const graph::OpSpec> table :
       {ArrangeOps(), ArrayOps(), ConvOps(), IndexingOps(), IoOps(),
        LinalgOps(), MathOps(), NnOps(), RandomOps(), ReductionOps(),
        StateOps(), TrainingOps()}) {
    for (const graph::OpSpec& spec : table) {
      const Result<graph::OpDef> def = graph::ParseOpSpec(spec);
      EXPECT_TRUE(def.ok()) << def.status().message();
      EXPECT_NE(StandardOps().Find(spec.name), nullptr);
      ++rows;
    }
  }
  EXPECT_EQ(StandardOps().All().size(), rows);
}

TEST(StandardOps, FlagsAreTensorFlows) {
  struct {
    const char* name;
    bool stateful, commutative, aggregate, uninitialized;
  } const facts[] = {
      {"Add", false, false, false, false},
      {"AddV2", false, true, true, false},
      {"Assign", false, false, false, true},
      {"Mul", false, true, false, false},
      {"RestoreV2", true, false, false, false},
      {"SaveV2", true, false, false, false},
      {"TruncatedNormal", true, false, false, false},
      {"VariableV2", true, false, false, false},
  };
  for (const auto& fact : facts) {
    const graph::OpDef* def = StandardOps().Find(fact.name);
    ASSERT_NE(def, nullptr) << fact.name;
    EXPECT_EQ(def->is_stateful, fact.stateful) << fact.name;
    EXPECT_EQ(def->is_commutative, fact.commutative) << fact.name;
    EXPECT_EQ(def->is_aggregate, fact.aggregate) << fact.name;
    EXPECT_EQ(def->allows_uninitialized_input, fact.uninitialized) << fact.name;
  }
}

TEST(StandardOps, AttributesKeepTheirOrder) {
  const graph::OpDef* def = StandardOps().Find("TruncatedNormal");
  std::vector<std::string> names;
  for (const graph::AttrDef& attr : def->attrs) names.push_back(attr.name);
  EXPECT_EQ(names, (std::vector<std::string>{"seed", "seed2", "dtype", "T"}));
  EXPECT_EQ(*def->FindAttr("dtype")->allowed_values,
            graph::AttrValue::Types({DType::kHalf, DType::kBfloat16,
                                     DType::kFloat, DType::kDouble}));
}

}  // namespace
}  // namespace tensorbundle::ops
