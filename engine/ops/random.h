// tf.truncated_normal, tf.random_normal, tf.random_uniform: node for node what
// TensorFlow 1.15 adds to the graph.
#ifndef TB_OPS_RANDOM_H_
#define TB_OPS_RANDOM_H_

#include <cstdint>
#include <optional>
#include <string>

#include "engine/graph/graph.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

struct RandomOptions {
  DType dtype = DType::kFloat;
  std::optional<int64_t> seed;
  std::string name;  // "": the function's name in Python
};

Result<graph::Output> TruncatedNormal(graph::Graph* graph, const Operand& shape,
                                      const Operand& mean,
                                      const Operand& stddev,
                                      const RandomOptions& options);

Result<graph::Output> RandomNormal(graph::Graph* graph, const Operand& shape,
                                   const Operand& mean, const Operand& stddev,
                                   const RandomOptions& options);

// In [minval, maxval). Without maxval: 1, and for integers ValueError "Must
// specify maxval for integer dtype tf.int32".
Result<graph::Output> RandomUniform(graph::Graph* graph, const Operand& shape,
                                    const Operand& minval,
                                    const std::optional<Operand>& maxval,
                                    const RandomOptions& options);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_RANDOM_H_
