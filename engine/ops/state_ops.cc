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

// Of the time when a scalar's shape was that of an unknown one, too.
Status LegacyVariableShape(InferenceContext& context) {
  const graph::PartialShape& shape = *context.attr("shape")->shape();
  if (shape.has_rank() && shape.rank() > 0) context.set_output(0, shape);
  return OkStatus();
}

Status ReadVariableShape(InferenceContext& context) {
  const graph::Node& handle = *context.node().input(0).node;
  if (handle.op() == "VarHandleOp") {
    context.set_output(0, *handle.attr("shape")->shape());
  }
  return OkStatus();
}

constexpr char kVariableAttrs[] =
    "shape: shape; dtype: type; container: string = ''; "
    "shared_name: string = ''";

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
    {"AssignVariableOp", "resource: resource; value: dtype", "", "dtype: type",
     graph::kStateful, nullptr},
    {"ReadVariableOp", "resource: resource", "value: dtype", "dtype: type",
     graph::kStateful, ReadVariableShape},
    {"VarHandleOp", "", "resource: resource",
     "container: string = ''; shared_name: string = ''; dtype: type; "
     "shape: shape",
     graph::kStateful, graph::ScalarShape},
    {"VarIsInitializedOp", "resource: resource", "is_initialized: bool", "",
     graph::kStateful, graph::ScalarShape},
    {"Variable", "", "ref: Ref(dtype)", kVariableAttrs, graph::kStateful,
     LegacyVariableShape},
    {"VariableV2", "", "ref: Ref(dtype)", kVariableAttrs, graph::kStateful,
     graph::AttrShape},
};

}  // namespace

std::span<const graph::OpSpec> StateOps() { return kStateOps; }

}  // namespace tensorbundle::ops
