// The op tables are written in the notation of REGISTER_OP.
#include "engine/graph/op_spec_parser.h"

#include <gtest/gtest.h>

namespace tensorbundle::graph {
namespace {

OpDef Parse(OpSpec spec) {
  Result<OpDef> def = ParseOpSpec(spec);
  EXPECT_TRUE(def.ok()) << def.status().message();
  return def.ok() ? *def : OpDef();
}

TEST(OpSpecParser, ReadsEveryKindOfArgument) {
  const OpDef def =
      Parse({"Op",
             "x: T; n: int32; many: N * T; some: N * string; "
             "all: types; ref: Ref(T)",
             "out: T; outs: types", "T: type; N: int >= 2; types: list(type)",
             kStateful | kCommutative, nullptr});
  ASSERT_EQ(def.inputs.size(), 6u);
  EXPECT_EQ(def.inputs[0].type_attr, "T");
  EXPECT_FALSE(def.inputs[0].is_list());
  EXPECT_EQ(def.inputs[1].type, DType::kInt32);
  EXPECT_EQ(def.inputs[2].number_attr, "N");
  EXPECT_EQ(def.inputs[2].type_attr, "T");
  EXPECT_EQ(def.inputs[3].type, DType::kString);
  EXPECT_EQ(def.inputs[4].type_list_attr, "types");
  EXPECT_TRUE(def.inputs[4].is_list());
  EXPECT_TRUE(def.inputs[5].is_ref);
  EXPECT_EQ(def.inputs[5].type_attr, "T");
  ASSERT_EQ(def.outputs.size(), 2u);
  EXPECT_TRUE(def.is_stateful);
  EXPECT_TRUE(def.is_commutative);
  EXPECT_FALSE(def.is_aggregate);
  EXPECT_FALSE(def.allows_uninitialized_input);
  EXPECT_EQ(def.FindAttr("N")->minimum, 2);
  EXPECT_EQ(def.FindAttr("U"), nullptr);
}

TEST(OpSpecParser, ReadsEveryKindOfAttribute) {
  const OpDef def =
      Parse({"Op", "", "",
             "i: int = -3; f: float = 0.001; g: float = -2; b: bool = true; "
             "s: string = 'a b'; t: type = float; u: shape = {}; "
             "v: shape = { unknown_rank: true }; l: list(int) = [1, 2]; "
             "e: list(type) = []; w: {half, float}; "
             "d: {'NHWC', 'NCHW'} = 'NHWC'; n: numbertype; m: list(int) >= 4",
             kPure, nullptr});
  const auto value = [&](const char* name) {
    return *def.FindAttr(name)->default_value;
  };
  EXPECT_EQ(value("i"), AttrValue::Int(-3));
  EXPECT_EQ(value("f"), AttrValue::Float(0.001f));
  EXPECT_EQ(value("g"), AttrValue::Float(-2));
  EXPECT_EQ(value("b"), AttrValue::Bool(true));
  EXPECT_EQ(value("s"), AttrValue::String("a b"));
  EXPECT_EQ(value("t"), AttrValue::Type(DType::kFloat));
  EXPECT_EQ(value("u"), AttrValue::Shape(PartialShape::Of({})));
  EXPECT_EQ(value("v"), AttrValue::Shape(PartialShape()));
  EXPECT_EQ(value("l").list()->i, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(value("e"), AttrValue::List({}));
  EXPECT_EQ(value("d"), AttrValue::String("NHWC"));
  EXPECT_EQ(def.FindAttr("w")->type, "type");
  EXPECT_EQ(*def.FindAttr("w")->allowed_values,
            AttrValue::Types({DType::kHalf, DType::kFloat}));
  EXPECT_EQ(def.FindAttr("d")->type, "string");
  EXPECT_EQ(def.FindAttr("n")->allowed_values->list()->type.size(), 17u);
  EXPECT_EQ(def.FindAttr("m")->minimum, 4);
  EXPECT_EQ(def.FindAttr("m")->type, "list(int)");
}

TEST(OpSpecParser, QuotesWhatItCannotRead) {
  const auto error = [](const char* inputs, const char* attrs) {
    return ParseOpSpec({"Op", inputs, "", attrs, kPure, nullptr})
        .status()
        .message();
  };
  EXPECT_EQ(error("x: T", ""), "Op: cannot read 'x: T'");
  EXPECT_EQ(error("x: N * float", "N: float"),
            "Op: cannot read 'x: N * float'");
  EXPECT_EQ(error("x: S", "S: string"), "Op: cannot read 'x: S'");
  EXPECT_EQ(error("", "i: int = x"), "Op: cannot read 'i: int = x'");
  EXPECT_EQ(error("", "i: int >= y"), "Op: cannot read 'i: int >= y'");
  EXPECT_EQ(error("", "b: bool = 1"), "Op: cannot read 'b: bool = 1'");
}

}  // namespace
}  // namespace tensorbundle::graph
