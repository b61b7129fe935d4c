#include "engine/ops/control_flow.h"

#include <map>
#include <string>

#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"

namespace tensorbundle::ops {

using graph::Graph;
using graph::NameScope;
using graph::Node;

namespace {

Result<const Node*> NoOpAfter(Graph* graph, std::vector<const Node*> nodes,
                              const std::string& device,
                              std::string_view name) {
  const graph::ControlScope control(graph, std::move(nodes));
  if (device.empty()) return NoOp(graph, name);
  const graph::DeviceScope on_device(graph, device);
  return NoOp(graph, name);
}

}  // namespace

Result<const Node*> NoOp(Graph* graph, std::string_view name) {
  return ApplyOp(graph, "NoOp", {}, {}, name);
}

Result<const Node*> Group(Graph* graph, const std::vector<const Node*>& nodes,
                          std::string_view name) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(const NameScope scope, NameScope::Enter(graph, name));
  if (nodes.empty()) return NoOp(graph, scope.prefix());
  std::map<std::string, std::vector<const Node*>> by_device;
  for (const Node* node : nodes) by_device[node->device()].push_back(node);
  if (by_device.size() == 1) {
    return NoOpAfter(graph, nodes, by_device.begin()->first, scope.prefix());
  }
  std::vector<const Node*> groups;
  for (auto& [device, members] : by_device) {
    TB_ASSIGN_OR_RETURN(const Node* group,
                        NoOpAfter(graph, std::move(members), device, ""));
    groups.push_back(group);
  }
  return NoOpAfter(graph, std::move(groups), "", scope.prefix());
}

Result<graph::Output> WithDependencies(Graph* graph,
                                       const std::vector<const Node*>& nodes,
                                       const graph::Output& tensor,
                                       std::string_view name) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(const NameScope scope, NameScope::Enter(graph, name));
  const graph::ColocationScope colocation(graph, tensor.node);
  const graph::ControlScope control(graph, nodes);
  return ApplyOpOutput(graph, "Identity", {tensor}, {}, scope.prefix());
}

}  // namespace tensorbundle::ops
