// Shapes that do not fit are refused with TensorFlow's text and its context.
#include "engine/graph/shape_inference.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

TEST_F(GraphTest, BroadcastsLikeNumpy) {
  struct {
    PartialShape a, b;
    const char* result;
  } const facts[] = {
      {PartialShape::Of({2, 3}), PartialShape::Of({2, 3}), "[2,3]"},
      {PartialShape::Of({2, 3}), PartialShape::Of({3}), "[2,3]"},
      {PartialShape::Of({2, 1}), PartialShape::Of({1, 3}), "[2,3]"},
      {PartialShape::Of({}), PartialShape::Of({4}), "[4]"},
      {PartialShape::Of({0}), PartialShape::Of({1}), "[0]"},
      {PartialShape::Of({-1}), PartialShape::Of({3}), "[3]"},
      {PartialShape::Of({-1}), PartialShape::Of({1}), "[?]"},
      {PartialShape::Of({-1}), PartialShape::Of({-1}), "[?]"},
      {PartialShape(), PartialShape::Of({3}), "<unknown>"},
  };
  for (const auto& fact : facts) {
    EXPECT_EQ(Broadcast(fact.a, fact.b)->ToString(), fact.result);
    EXPECT_EQ(Broadcast(fact.b, fact.a)->ToString(), fact.result);
  }
}

TEST_F(GraphTest, ErrorsCarryTheirContext) {
  const Output a = Placeholder(PartialShape::Of({2, 3}));
  NodeSpec spec = Spec("Add", {a, Placeholder(PartialShape::Of({2, 4}))});
  spec.name = "add";
  const Status status = TryAdd(spec);
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(),
            "Dimensions must be equal, but are 3 and 4 for 'add' (op: 'Add') "
            "with input shapes: [2,3], [2,4].");

  const Output v = Variable(PartialShape::Of({2, 3}));
  EXPECT_EQ(
      TryAdd(Spec("Assign", {v, Placeholder(PartialShape::Of({3, 2}))}))
          .message(),
      "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are "
      "[2,3] and [3,2]. for 'Assign' (op: 'Assign') with input shapes: [2,3], "
      "[3,2].");
  EXPECT_EQ(
      TryAdd(Spec("Assign", {v, Placeholder(PartialShape::Of({3}))})).message(),
      "Shapes must be equal rank, but are 2 and 1 for 'Assign_1' (op: "
      "'Assign') with input shapes: [2,3], [3].");
}

TEST_F(GraphTest, ReadsShapesOutOfConstants) {
  EXPECT_EQ(Add(Spec("Fill", {Constant({2, -1})}))->output(0).shape(),
            PartialShape::Of({2, -1}));
  const auto fill = [&](PartialShape shape) {
    const Output dims = Placeholder(std::move(shape), DType::kInt32);
    return Add(Spec("Fill", {dims}))->output(0).shape();
  };
  EXPECT_EQ(fill(PartialShape::Of({3})), PartialShape::OfRank(3));
  EXPECT_EQ(fill(PartialShape::Of({-1})), PartialShape());
  EXPECT_EQ(fill(PartialShape()), PartialShape());

  EXPECT_EQ(TryAdd(Spec("Fill", {Constant({2, -2})})).message(),
            "Invalid value in tensor used for shape: -2 for 'Fill_4' (op: "
            "'Fill') with input shapes: [2] and with computed input tensors: "
            "input[0] = <2 -2>.");
  const Output matrix = Placeholder(PartialShape::Of({2, 2}), DType::kInt32);
  EXPECT_EQ(TryAdd(Spec("Fill", {matrix})).message(),
            "Shape must be rank 1 but is rank 2 for 'Fill_5' (op: 'Fill') with "
            "input shapes: [2,2].");
}

}  // namespace
}  // namespace tensorbundle::graph
