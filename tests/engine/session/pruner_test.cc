// A run has the nodes that can be told from not having run, and no others.
#include "engine/session/pruner.h"

#include <string>
#include <vector>

#include "engine/ops/apply_op.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/gradients.h"
#include "engine/ops/random.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Node;
using graph::Output;
using testing::ElementsAre;
using testing::IsEmpty;

class PrunerTest : public SessionTest {
 protected:
  // Names of the nodes of a run for `target`.
  std::vector<std::string> Run(const Node* target,
                               std::vector<Output> feeds = {}) {
    Pruner pruner(feeds);
    pruner.Need(target);
    std::vector<std::string> names;
    for (const Node* node : pruner.Nodes()) names.push_back(node->name());
    return names;
  }
  // Those that run because something waits for `before`.
  std::vector<std::string> Behind(const Node* before,
                                  std::vector<Output> feeds = {}) {
    const Node* const after = Must(ops::Group(graph_.get(), {before}, "after"));
    std::vector<std::string> names = Run(after, std::move(feeds));
    std::erase(names, after->name());
    return names;
  }
  Output Apply(const char* op, const ops::Argument& x) {
    return Must(ops::ApplyOp(graph_.get(), op, {x}, {}))->output(0);
  }
};

TEST_F(PrunerTest, TargetsAndFetchesRunWhateverTheyAre) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y = Apply("Neg", Apply("Abs", x));
  EXPECT_THAT(Run(y.node, {x}), ElementsAre("Abs", "Neg"));
}

TEST_F(PrunerTest, NobodyWaitsForWhatHasNoEffects) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y = Apply("Neg", Apply("Abs", x));
  EXPECT_THAT(Behind(y.node, {x}), IsEmpty());
  EXPECT_THAT(Behind(Must(ops::Group(graph_.get(), {y.node})), {x}), IsEmpty());
}

TEST_F(PrunerTest, WhatStandsBehindItIsWaitedFor) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({1, 1}), {}));
  const Output sum = Apply("Neg", Apply("Abs", added));
  // Abs reads a reference: that may fail.
  EXPECT_THAT(Behind(sum.node),
              ElementsAre("Variable", "AssignAdd/value", "AssignAdd", "Abs"));
  EXPECT_THAT(Behind(Must(ops::Group(graph_.get(), {sum.node}))),
              ElementsAre("Variable", "AssignAdd/value", "AssignAdd", "Abs"));
}

TEST_F(PrunerTest, AnUnfedPlaceholderIsStillMissed) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y = Apply("Neg", x);
  EXPECT_THAT(Behind(y.node), ElementsAre("Placeholder"));
  EXPECT_THAT(Behind(x.node, {x}), IsEmpty());
}

TEST_F(PrunerTest, RandomNumbersAreDrawn) {
  const Output x =
      Must(ops::RandomUniform(graph_.get(), Dims({2}), 0.0, 1.0, {}));
  EXPECT_THAT(Behind(Apply("Neg", x).node),
              testing::Contains("random_uniform/RandomUniform"));
}

// A value is needed by one and waited for by another.
TEST_F(PrunerTest, ANeedOutweighsAWait) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y = Apply("Neg", x);
  const Output z = Must(ops::WithDependencies(graph_.get(), {y.node}, y));
  EXPECT_THAT(Run(z.node, {x}), ElementsAre("Neg", z.node->name()));
}

// tf.gradients with GATE_OP ties the gradients of x and w together.
TEST_F(PrunerTest, AStepLeavesOutTheGradientOfItsImages) {
  const Output x = Placeholder(graph::PartialShape::Of({5, 3}));
  const graph::Variable* w = Variable(Apply(
      "OnesLike", Tensor(*Tensor::Create(DType::kFloat, Shape::Of({3, 2})))));
  const Output y =
      Must(ops::ApplyOp(graph_.get(), "MatMul", {x, w}, {}))->output(0);
  ops::GradientOptions options;
  options.gate_gradients = true;
  const std::vector<ops::Gradient> gradients =
      Must(ops::Gradients(graph_.get(), {y}, {w->variable}, options));
  const std::vector<std::string> names = Run(gradients[0].values.node, {x});
  EXPECT_THAT(names, testing::Contains("gradients/MatMul_grad/MatMul_1"));
  EXPECT_THAT(names,
              testing::Not(testing::Contains("gradients/MatMul_grad/MatMul")));
}

}  // namespace
}  // namespace tensorbundle::session
