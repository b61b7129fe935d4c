// tf.no_op, tf.group, and a tensor that waits.
#ifndef TB_OPS_CONTROL_FLOW_H_
#define TB_OPS_CONTROL_FLOW_H_

#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

Result<const graph::Node*> NoOp(graph::Graph* graph,
                                std::string_view name = "");

// A NoOp that waits for `nodes`; when they lie on several devices, one NoOp
// for each device in between.
Result<const graph::Node*> Group(graph::Graph* graph,
                                 const std::vector<const graph::Node*>& nodes,
                                 std::string_view name = "group_deps");

// The value of `tensor`, once `nodes` have run.
Result<graph::Output> WithDependencies(
    graph::Graph* graph, const std::vector<const graph::Node*>& nodes,
    const graph::Output& tensor, std::string_view name = "control_dependency");

}  // namespace tensorbundle::ops

#endif  // TB_OPS_CONTROL_FLOW_H_
