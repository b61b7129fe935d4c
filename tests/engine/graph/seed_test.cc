// tf.get_seed: from the graph's seed, the op's and the last op's id.
#include "engine/graph/seed.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

TEST_F(GraphTest, SeedsFollowTheTable) {
  for (int i = 0; i < 3; ++i) Constant({i});  // the last id is 3
  constexpr int64_t kMax = 2147483647;
  struct {
    std::optional<int64_t> graph, op;
    int64_t seed, seed2;
  } const facts[] = {
      {std::nullopt, std::nullopt, 0, 0},
      {std::nullopt, 7, 87654321, 7},
      {1, std::nullopt, 1, 3},
      {1, 7, 1, 7},
      {0, 0, 0, kMax},
      {kMax, kMax, 0, kMax},
      {-1, -1, kMax - 1, kMax - 1},  // Python's remainder is not negative
      {int64_t{1} << 40, std::nullopt, 512, 3},
      {std::nullopt, 0, 87654321, 0},
  };
  for (const auto& fact : facts) {
    graph_.set_seed(fact.graph);
    const Seeds seeds = GetSeed(graph_, fact.op);
    EXPECT_EQ(seeds.seed, fact.seed);
    EXPECT_EQ(seeds.seed2, fact.seed2);
  }
}

}  // namespace
}  // namespace tensorbundle::graph
