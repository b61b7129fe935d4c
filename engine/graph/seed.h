// The two seeds that an op's random numbers start from.
#ifndef TB_GRAPH_SEED_H_
#define TB_GRAPH_SEED_H_

#include <cstdint>
#include <optional>

#include "engine/graph/graph.h"

namespace tensorbundle::graph {

struct Seeds {
  int64_t seed = 0;  // both 0: the op draws fresh seeds in every session
  int64_t seed2 = 0;
};

// tf.get_seed: the attributes seed and seed2 of the op that is made next, from
// the graph's seed, the op's own and the number of nodes made so far.
Seeds GetSeed(const Graph& graph, std::optional<int64_t> op_seed);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_SEED_H_
