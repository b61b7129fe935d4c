// The registry of the ops that this engine knows, one table per family.
#ifndef TB_OPS_STANDARD_OPS_H_
#define TB_OPS_STANDARD_OPS_H_

#include <memory>
#include <span>

#include "engine/graph/graph.h"
#include "engine/graph/op_def.h"

namespace tensorbundle::ops {

std::span<const graph::OpSpec> ArrangeOps();
std::span<const graph::OpSpec> ArrayOps();
std::span<const graph::OpSpec> ConvOps();
std::span<const graph::OpSpec> IndexingOps();
std::span<const graph::OpSpec> LinalgOps();
std::span<const graph::OpSpec> MathOps();
std::span<const graph::OpSpec> NnOps();
std::span<const graph::OpSpec> ReductionOps();
std::span<const graph::OpSpec> RandomOps();
std::span<const graph::OpSpec> StateOps();
std::span<const graph::OpSpec> IoOps();
std::span<const graph::OpSpec> TrainingOps();

// All of them. Made at the first call, never destroyed.
const graph::OpRegistry& StandardOps();

// A graph over StandardOps().
std::shared_ptr<graph::Graph> NewGraph();

}  // namespace tensorbundle::ops

#endif  // TB_OPS_STANDARD_OPS_H_
