// An initializer that loads a variable from a checkpoint.
#ifndef TB_TRAIN_CHECKPOINT_INITIALIZER_H_
#define TB_TRAIN_CHECKPOINT_INITIALIZER_H_

#include <string>

#include "engine/graph/graph.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

struct CheckpointTensor {
  std::string prefix;      // of the checkpoint
  std::string key;         // in it
  std::string slice_spec;  // "": all of it
  Tensor value;            // what the host has read there
};

// tf.train.init_from_checkpoint for one variable: adds the nodes
// "checkpoint_initializer" (RestoreV2) and "Assign", which become the
// variable's initial value and initializer. A session gives the node the
// value read now. Returns InvalidArgument "tensor_name = v; expected dtype
// float does not equal original dtype int32".
Status InitializeFromCheckpoint(graph::Graph* graph,
                                const graph::Variable* variable,
                                const CheckpointTensor& tensor);

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_CHECKPOINT_INITIALIZER_H_
