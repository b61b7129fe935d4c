#include "engine/graph/seed.h"

namespace tensorbundle::graph {

namespace {

constexpr int64_t kDefaultGraphSeed = 87654321;
constexpr int64_t kModulus = 0x7fffffff;  // random_seed.py: _MAXINT32

// Python's %: the result has the sign of the divisor.
int64_t Modulo(int64_t value) {
  const int64_t remainder = value % kModulus;
  return remainder < 0 ? remainder + kModulus : remainder;
}

}  // namespace

Seeds GetSeed(const Graph& graph, std::optional<int64_t> op_seed) {
  if (!graph.seed() && !op_seed) return {};
  Seeds seeds;
  seeds.seed = Modulo(graph.seed().value_or(kDefaultGraphSeed));
  seeds.seed2 = Modulo(op_seed.value_or(graph.num_nodes()));
  // (0, 0) would mean no seed at all.
  if (seeds.seed == 0 && seeds.seed2 == 0) seeds.seed2 = kModulus;
  return seeds;
}

}  // namespace tensorbundle::graph
