// OpDefs of TensorFlow 1.15: variables.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;

Status AssignShape(InferenceContext& context) {
  if (*context.attr("validate_shape")->boolean()) {
    return graph::MergedShape(context);
  }
  context.set_output(0, context.input(1));
  return OkStatus();
}

constexpr graph::OpSpec kStateOps[] = {
    {"Assign", "ref: Ref(T); value: T", "output_ref: Ref(T)",
     "T: type; validate_shape: bool = true; use_locking: bool = true",
     graph::kAllowsUninitializedInput, AssignShape},
    {"AssignAdd", "ref: Ref(T); value: T", "output_ref: Ref(T)",
     "T: numbertype; use_locking: bool = false", graph::kPure,
     graph::MergedShape},
    {"AssignSub", "ref: Ref(T); value: T", "output_ref: Ref(T)",
     "T: numbertype; use_locking: bool = false", graph::kPure,
     graph::MergedShape},
    {"VariableV2", "", "ref: Ref(dtype)",
     "shape: shape; dtype: type; container: string = ''; "
     "shared_name: string = ''",
     graph::kStateful, graph::AttrShape},
};

}  // namespace

std::span<const graph::OpSpec> StateOps() { return kStateOps; }

}  // namespace tensorbundle::ops
