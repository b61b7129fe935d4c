// Groups have one level for one device, two for several.
#include "engine/ops/control_flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/graph/scopes.h"
#include "engine/ops/array.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using graph::Node;
using testing::ElementsAre;

TEST(Group, WaitsForAll) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Node* a = Must(NoOp(graph.get(), "a"));
  const Node* b = Must(NoOp(graph.get(), "b"));
  EXPECT_EQ(NodeText(*Must(Group(graph.get(), {b, a}))),
            "group_deps = NoOp(^a, ^b)");
  EXPECT_EQ(NodeText(*Must(Group(graph.get(), {}, "none"))), "none = NoOp()");
}

TEST(Group, HasANodeForEachDevice) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const Node* a = Must(NoOp(graph.get(), "a"));
  const Node* b = [&] {
    const graph::DeviceScope device(graph.get(), "/device:GPU:0");
    return Must(NoOp(graph.get(), "b"));
  }();
  Must(Group(graph.get(), {a, b}, "all"));
  EXPECT_THAT(
      GraphText(*graph),
      ElementsAre("a = NoOp()", "b = NoOp() @/device:GPU:0",
                  "all/NoOp = NoOp(^a)", "all/NoOp_1 = NoOp(^b) @/device:GPU:0",
                  "all = NoOp(^all/NoOp, ^all/NoOp_1)"));
}

TEST(WithDependencies, IsAnIdentityBesideItsTensor) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const graph::Output x =
      Must(Constant(graph.get(), VectorOf<int32_t>(DType::kInt32, {1})));
  const Node* first = Must(NoOp(graph.get(), "first"));
  EXPECT_EQ(NodeText(*Must(WithDependencies(graph.get(), {first}, x)).node),
            "control_dependency = Identity(Const, ^first) T=int32 "
            "_class=[loc:@Const] : [1]");
}

}  // namespace
}  // namespace tensorbundle::ops
