// OpDefs of TensorFlow 1.15: random numbers.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;

Status RandomShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(graph::PartialShape shape, context.ShapeFromInput(0));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status RandomIntShape(InferenceContext& context) {
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(1), 0).status());
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(2), 0).status());
  return RandomShape(context);
}

constexpr char kRealAttrs[] =
    "seed: int = 0; seed2: int = 0; dtype: {half, bfloat16, float, double}; "
    "T: {int32, int64}";

constexpr graph::OpSpec kRandomOps[] = {
    {"RandomStandardNormal", "shape: T", "output: dtype", kRealAttrs,
     graph::kStateful, RandomShape},
    {"RandomUniform", "shape: T", "output: dtype", kRealAttrs, graph::kStateful,
     RandomShape},
    {"RandomUniformInt", "shape: T; minval: Tout; maxval: Tout", "output: Tout",
     "seed: int = 0; seed2: int = 0; Tout: {int32, int64}; T: {int32, int64}",
     graph::kStateful, RandomIntShape},
    {"TruncatedNormal", "shape: T", "output: dtype", kRealAttrs,
     graph::kStateful, RandomShape},
};

}  // namespace

std::span<const graph::OpSpec> RandomOps() { return kRandomOps; }

}  // namespace tensorbundle::ops
