#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

const graph::OpRegistry& StandardOps() {
  static const graph::OpRegistry* const kRegistry = [] {
    const std::span<const graph::OpSpec> tables[] = {
        ArrangeOps(), ArrayOps(),     ConvOps(),  IndexingOps(),
        IoOps(),      LinalgOps(),    MathOps(),  NnOps(),
        RandomOps(),  ReductionOps(), StateOps(), TrainingOps()};
    return new graph::OpRegistry(tables);
  }();
  return *kRegistry;
}

std::shared_ptr<graph::Graph> NewGraph() {
  return std::make_shared<graph::Graph>(&StandardOps());
}

}  // namespace tensorbundle::ops
