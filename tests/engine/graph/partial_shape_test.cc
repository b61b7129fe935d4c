// A shape has two texts: C++'s in op errors, Python's in everything else.
#include "engine/graph/partial_shape.h"

#include <gtest/gtest.h>

namespace tensorbundle::graph {
namespace {

TEST(PartialShape, HasBothTexts) {
  struct {
    PartialShape shape;
    const char* text;
    const char* python;
  } const facts[] = {
      {PartialShape(), "<unknown>", "<unknown>"},
      {PartialShape::Of({}), "[]", "()"},
      {PartialShape::Of({3}), "[3]", "(3,)"},
      {PartialShape::Of({-1}), "[?]", "(?,)"},
      {PartialShape::Of({-1, 784}), "[?,784]", "(?, 784)"},
      {Shape::Of({2, 3}), "[2,3]", "(2, 3)"},
      {PartialShape::OfRank(2), "[?,?]", "(?, ?)"},
  };
  for (const auto& fact : facts) {
    EXPECT_EQ(fact.shape.ToString(), fact.text);
    EXPECT_EQ(fact.shape.ToPythonString(), fact.python);
  }
}

TEST(PartialShape, IsCompatibleWhenSomeShapeAgreesWithBoth) {
  const PartialShape rows = PartialShape::Of({-1, 784});
  EXPECT_TRUE(rows.IsCompatibleWith(Shape::Of({128, 784})));
  EXPECT_TRUE(rows.IsCompatibleWith(PartialShape()));
  EXPECT_TRUE(PartialShape().IsCompatibleWith(rows));
  EXPECT_FALSE(rows.IsCompatibleWith(Shape::Of({128, 783})));
  EXPECT_FALSE(rows.IsCompatibleWith(Shape::Of({784})));
}

TEST(PartialShape, IsAShapeOnlyWhenAllIsKnown) {
  EXPECT_EQ(*PartialShape::Of({2, 0}).AsShape(), Shape::Of({2, 0}));
  EXPECT_EQ(PartialShape::Of({2, -1}).AsShape(), std::nullopt);
  EXPECT_EQ(PartialShape().AsShape(), std::nullopt);
  const int64_t huge = int64_t{1} << 62;
  EXPECT_EQ(PartialShape::Of({huge, 4}).AsShape(), std::nullopt);
}

TEST(PartialShape, RefusesWhatIsNoDimension) {
  const int64_t dims[] = {2, -2};
  EXPECT_EQ(PartialShape::Create(dims).status().message(),
            "Dimension -2 must be >= -1");
  const std::vector<int64_t> many(255, 1);
  EXPECT_FALSE(PartialShape::Create(many).ok());
}

}  // namespace
}  // namespace tensorbundle::graph
