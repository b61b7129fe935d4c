#include "engine/train/checkpoint_initializer.h"

#include <string_view>
#include <utility>

#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"
#include "engine/ops/variable.h"

namespace tensorbundle::train {

using graph::AttrValue;
using graph::Output;

namespace {

Tensor OneString(const std::string& text) {
  return Tensor::FromStrings(Shape::Of({1}), {text});
}

}  // namespace

Status InitializeFromCheckpoint(graph::Graph* graph,
                                const graph::Variable* variable,
                                const CheckpointTensor& tensor) {
  const Output& ref = variable->variable;
  if (tensor.value.dtype() != ref.dtype()) {
    return InvalidArgumentError("tensor_name = " + tensor.key +
                                "; expected dtype " + DTypeString(ref.dtype()) +
                                " does not equal original dtype " +
                                DTypeString(tensor.value.dtype()));
  }
  Output restored;
  {
    // The file is read by the CPU, wherever the variable is.
    const graph::DeviceScope device(graph, "/device:CPU:0");
    TB_ASSIGN_OR_RETURN(
        restored, ops::ApplyOpOutput(
                      graph, "RestoreV2",
                      {std::string_view(tensor.prefix), OneString(tensor.key),
                       OneString(tensor.slice_spec)},
                      {{"dtypes", AttrValue::Types({ref.dtype()})}},
                      "checkpoint_initializer"));
  }
  ops::AssignOptions options;
  options.use_locking = true;
  options.validate_shape = ref.shape().IsFullyDefined();
  TB_ASSIGN_OR_RETURN(const Output assigned,
                      ops::Assign(graph, ref, restored, options));
  TB_RETURN_IF_ERROR(graph->MergeShape(restored, ref.shape()));
  graph->SetRestored(*restored.node, tensor.value);
  graph->SetInitializer(variable, assigned.node, restored);
  return OkStatus();
}

}  // namespace tensorbundle::train
