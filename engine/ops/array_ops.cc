// OpDefs of TensorFlow 1.15: constants, placeholders, identity.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;

Status ConstShape(InferenceContext& context) {
  context.set_output(0, context.attr("value")->tensor()->shape());
  return OkStatus();
}

// The default must fit the declared shape; what is known of it is the latter.
Status PlaceholderWithDefaultShape(InferenceContext& context) {
  const graph::PartialShape& declared = *context.attr("shape")->shape();
  TB_RETURN_IF_ERROR(graph::Merge(context.input(0), declared).status());
  context.set_output(0, declared);
  return OkStatus();
}

constexpr graph::OpSpec kArrayOps[] = {
    {"Const", "", "output: dtype", "value: tensor; dtype: type", graph::kPure,
     ConstShape},
    {"Identity", "input: T", "output: T", "T: type", graph::kPure,
     graph::UnchangedShape},
    {"NoOp", "", "", "", graph::kPure, nullptr},
    {"Placeholder", "", "output: dtype",
     "dtype: type; shape: shape = { unknown_rank: true }", graph::kPure,
     graph::AttrShape},
    {"PlaceholderWithDefault", "input: dtype", "output: dtype",
     "dtype: type; shape: shape", graph::kPure, PlaceholderWithDefaultShape},
};

}  // namespace

std::span<const graph::OpSpec> ArrayOps() { return kArrayOps; }

}  // namespace tensorbundle::ops
