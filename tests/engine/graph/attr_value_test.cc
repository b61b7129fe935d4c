// Attribute values are told apart by kind and compared bit for bit.
#include "engine/graph/attr_value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tensorbundle::graph {
namespace {

Tensor Vector(float a, float b) {
  Tensor tensor = *Tensor::Create(DType::kFloat, Shape::Of({2}));
  tensor.mutable_as<float>()[0] = a;
  tensor.mutable_as<float>()[1] = b;
  return tensor;
}

TEST(AttrValue, IsEqualToItselfAndToNothingElse) {
  FunctionAttr function{"f", std::make_shared<FunctionAttrs>(FunctionAttrs{
                                 {{"T", AttrValue::Type(DType::kFloat)}}})};
  AttrList list;
  list.shape = {PartialShape(), PartialShape::Of({2})};
  const AttrValue values[] = {
      AttrValue(),
      AttrValue::String(""),
      AttrValue::String("a"),
      AttrValue::Int(0),
      AttrValue::Int(1),
      AttrValue::Float(0.0f),
      AttrValue::Float(-0.0f),
      AttrValue::Float(std::nanf("")),
      AttrValue::Bool(false),
      AttrValue::Bool(true),
      AttrValue::Type(DType::kFloat),
      AttrValue::Shape(PartialShape()),
      AttrValue::Shape(PartialShape::Of({})),
      AttrValue::Tensor(Vector(1, 2)),
      AttrValue::Tensor(Vector(1, 3)),
      AttrValue::Tensor(Tensor::FromStrings(Shape(), {"a"})),
      AttrValue::Tensor(Tensor::FromStrings(Shape(), {"b"})),
      AttrValue::List({}),
      AttrValue::List(list),
      AttrValue::Strings({"a"}),
      AttrValue::Types({DType::kFloat, DType::kInt32}),
      AttrValue::Placeholder("a"),
      AttrValue::Function({"f", nullptr}),
      AttrValue::Function(function),
  };
  const size_t count = std::size(values);
  for (size_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < count; ++k) {
      const AttrValue copy = values[k];
      EXPECT_EQ(values[i] == copy, i == k) << i << ' ' << k;
    }
  }
}

TEST(AttrValue, GivesItsValueToThoseWhoAskForItsKind) {
  const AttrValue value = AttrValue::Strings({"loc:@Variable"});
  ASSERT_NE(value.list(), nullptr);
  EXPECT_EQ(value.list()->s[0], "loc:@Variable");
  EXPECT_EQ(value.string(), nullptr);
  EXPECT_EQ(AttrValue::Placeholder("T").string(), nullptr);
  EXPECT_EQ(*AttrValue::Placeholder("T").placeholder(), "T");
}

}  // namespace
}  // namespace tensorbundle::graph
