// OpDefs of TensorFlow 1.15: saving and restoring. The runtime has no kernels
// for them that do I/O; engine/train reads what they say and does it.
#include <string>

#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::PartialShape;

// prefix is a scalar; tensor_names and shape_and_slices are equal vectors.
Status CheckNames(InferenceContext& context, PartialShape* names) {
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(0), 0).status());
  TB_ASSIGN_OR_RETURN(PartialShape tensors,
                      graph::WithRank(context.input(1), 1));
  TB_ASSIGN_OR_RETURN(PartialShape slices,
                      graph::WithRank(context.input(2), 1));
  TB_ASSIGN_OR_RETURN(*names, graph::Merge(tensors, slices));
  return OkStatus();
}

Status SaveShape(InferenceContext& context) {
  PartialShape names;
  TB_RETURN_IF_ERROR(CheckNames(context, &names));
  const PartialShape expected = PartialShape::Of({context.num_inputs() - 3});
  return graph::Merge(names, expected).status();
}

Status RestoreShape(InferenceContext& context) {
  PartialShape names;
  TB_RETURN_IF_ERROR(CheckNames(context, &names));
  const Tensor* slices = context.input_tensor(2);
  if (slices != nullptr && slices->num_elements() != context.num_outputs()) {
    return InvalidArgumentError(
        "The number of shape_and_slice doesn't match tensor outputs.");
  }
  return OkStatus();
}

Status ScalarShape(InferenceContext& context) {
  for (int i = 0; i < context.num_outputs(); ++i) {
    context.set_output(i, PartialShape::Of({}));
  }
  return OkStatus();
}

constexpr graph::OpSpec kIoOps[] = {
    {"MergeV2Checkpoints",
     "checkpoint_prefixes: string; destination_prefix: string", "",
     "delete_old_dirs: bool = true", graph::kStateful, nullptr},
    {"RestoreV2",
     "prefix: string; tensor_names: string; "
     "shape_and_slices: string",
     "tensors: dtypes", "dtypes: list(type) >= 1", graph::kStateful,
     RestoreShape},
    {"SaveSlices",
     "filename: string; tensor_names: string; shapes_and_slices: string; "
     "data: T",
     "", "T: list(type) >= 1", graph::kStateful, SaveShape},
    {"SaveV2",
     "prefix: string; tensor_names: string; "
     "shape_and_slices: string; tensors: dtypes",
     "", "dtypes: list(type) >= 1", graph::kStateful, SaveShape},
    {"ShardedFilename", "basename: string; shard: int32; num_shards: int32",
     "filename: string", "", graph::kPure, ScalarShape},
    {"ShardedFilespec", "basename: string; num_shards: int32",
     "filename: string", "", graph::kPure, ScalarShape},
    {"StringJoin", "inputs: N * string", "output: string",
     "N: int >= 1; separator: string = ''", graph::kPure, ScalarShape},
};

}  // namespace

std::span<const graph::OpSpec> IoOps() { return kIoOps; }

}  // namespace tensorbundle::ops
