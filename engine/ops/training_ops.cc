// OpDefs of TensorFlow 1.15: what optimizers do to variables and their slots.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::PartialShape;

// The variable, its slots and the gradient are alike, everything else is a
// number.
Status TrainingShape(InferenceContext& context) {
  const graph::Node& node = context.node();
  PartialShape shape = context.input(0);
  for (int i = 1; i < context.num_inputs(); ++i) {
    const graph::ArgDef& arg = node.def()->inputs[static_cast<size_t>(i)];
    if (arg.is_ref || arg.name == "grad" || arg.name == "delta") {
      TB_ASSIGN_OR_RETURN(shape, graph::Merge(shape, context.input(i)));
    } else {
      TB_RETURN_IF_ERROR(graph::WithRank(context.input(i), 0).status());
    }
  }
  context.set_output(0, std::move(shape));
  return OkStatus();
}

constexpr char kAttrs[] = "T: numbertype; use_locking: bool = false";

constexpr graph::OpSpec kTrainingOps[] = {
    {"ApplyAdadelta",
     "var: Ref(T); accum: Ref(T); accum_update: Ref(T); lr: T; rho: T; "
     "epsilon: T; grad: T",
     "out: Ref(T)", kAttrs, graph::kPure, TrainingShape},
    {"ApplyAdagrad", "var: Ref(T); accum: Ref(T); lr: T; grad: T",
     "out: Ref(T)",
     "T: numbertype; use_locking: bool = false; update_slots: bool = true",
     graph::kPure, TrainingShape},
    {"ApplyAdam",
     "var: Ref(T); m: Ref(T); v: Ref(T); beta1_power: T; beta2_power: T; "
     "lr: T; beta1: T; beta2: T; epsilon: T; grad: T",
     "out: Ref(T)",
     "T: numbertype; use_locking: bool = false; use_nesterov: bool = false",
     graph::kPure, TrainingShape},
    {"ApplyCenteredRMSProp",
     "var: Ref(T); mg: Ref(T); ms: Ref(T); mom: Ref(T); lr: T; rho: T; "
     "momentum: T; epsilon: T; grad: T",
     "out: Ref(T)", kAttrs, graph::kPure, TrainingShape},
    {"ApplyFtrl",
     "var: Ref(T); accum: Ref(T); linear: Ref(T); grad: T; lr: T; l1: T; "
     "l2: T; lr_power: T",
     "out: Ref(T)", kAttrs, graph::kPure, TrainingShape},
    {"ApplyFtrlV2",
     "var: Ref(T); accum: Ref(T); linear: Ref(T); grad: T; lr: T; l1: T; "
     "l2: T; l2_shrinkage: T; lr_power: T",
     "out: Ref(T)", kAttrs, graph::kPure, TrainingShape},
    {"ApplyGradientDescent", "var: Ref(T); alpha: T; delta: T", "out: Ref(T)",
     kAttrs, graph::kPure, TrainingShape},
    {"ApplyMomentum", "var: Ref(T); accum: Ref(T); lr: T; grad: T; momentum: T",
     "out: Ref(T)",
     "T: numbertype; use_locking: bool = false; use_nesterov: bool = false",
     graph::kPure, TrainingShape},
    {"ApplyRMSProp",
     "var: Ref(T); ms: Ref(T); mom: Ref(T); lr: T; rho: T; momentum: T; "
     "epsilon: T; grad: T",
     "out: Ref(T)", kAttrs, graph::kPure, TrainingShape},
};

}  // namespace

std::span<const graph::OpSpec> TrainingOps() { return kTrainingOps; }

}  // namespace tensorbundle::ops
