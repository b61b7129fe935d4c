// tf.constant, tf.placeholder, tf.identity.
#ifndef TB_OPS_ARRAY_H_
#define TB_OPS_ARRAY_H_

#include <string_view>

#include "engine/graph/graph.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

// A Const. Unlike other ops it opens no scope of its own.
Result<graph::Output> Constant(graph::Graph* graph, Tensor value,
                               std::string_view name = "Const");

Result<graph::Output> Placeholder(graph::Graph* graph, DType dtype,
                                  graph::PartialShape shape,
                                  std::string_view name = "");

Result<graph::Output> PlaceholderWithDefault(graph::Graph* graph,
                                             const Operand& value,
                                             graph::PartialShape shape,
                                             std::string_view name = "");

Result<graph::Output> Identity(graph::Graph* graph, const Operand& value,
                               std::string_view name = "");

}  // namespace tensorbundle::ops

#endif  // TB_OPS_ARRAY_H_
