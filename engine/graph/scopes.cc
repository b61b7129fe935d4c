#include "engine/graph/scopes.h"

#include <algorithm>
#include <utility>

#include "engine/graph/device.h"
#include "engine/graph/graph.h"

namespace tensorbundle::graph {

void Scopes::PushDevice(std::string_view device) {
  devices_.push_back(
      MergeDevices(devices_.empty() ? "" : devices_.back(), device));
}

void Scopes::PushColocation(const Node* node) {
  colocations_.push_back(node);
  devices_.emplace_back();
}

void Scopes::PopColocation() {
  colocations_.pop_back();
  devices_.pop_back();
}

void Scopes::PushControl(std::vector<const Node*> nodes) {
  controls_.push_back(Control{std::move(nodes), {}, false});
}

void Scopes::PushNoControl() { controls_.push_back(Control{{}, {}, true}); }

std::string Scopes::device() const {
  if (!devices_.empty() && !devices_.back().empty()) return devices_.back();
  // A colocation brings the device of what it colocates with.
  if (!colocations_.empty()) return colocations_.back()->device();
  return "";
}

std::vector<std::string> Scopes::ColocationGroups() const {
  std::vector<std::string> groups;
  for (const Node* node : colocations_) {
    for (std::string& group : node->ColocationGroups()) {
      groups.push_back(std::move(group));
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

std::vector<const Node*> Scopes::ControlInputs(
    std::span<const Output> inputs) const {
  const auto is_input = [&](const Node* node) {
    return std::any_of(inputs.begin(), inputs.end(),
                       [&](const Output& o) { return o.node == node; });
  };
  const auto made_in = [&](const Control& control) {
    return std::any_of(inputs.begin(), inputs.end(), [&](const Output& input) {
      return std::binary_search(
          control.made.begin(), control.made.end(), input.node,
          [](const Node* a, const Node* b) { return a->id() < b->id(); });
    });
  };
  std::vector<const Node*> nodes;
  for (auto it = controls_.rbegin(); it != controls_.rend(); ++it) {
    if (it->hides_outer) break;
    if (made_in(*it)) continue;
    for (const Node* node : it->nodes) {
      if (!is_input(node)) nodes.push_back(node);
    }
  }
  return nodes;
}

AttrMap Scopes::Attrs() const {
  AttrMap attrs;
  for (auto it = attrs_.rbegin(); it != attrs_.rend(); ++it) {
    attrs.insert(it->begin(), it->end());  // the innermost wins
  }
  return attrs;
}

void Scopes::RecordMade(const Node& node) {
  for (Control& control : controls_) control.made.push_back(&node);
}

Result<NameScope> NameScope::Enter(Graph* graph, std::string_view name) {
  TB_ASSIGN_OR_RETURN(std::string scope, graph->names().ScopeName(name));
  std::string prefix = scope.empty() ? "" : scope + "/";
  std::string outer = graph->names().SetScope(std::move(scope));
  return NameScope(graph, std::move(outer), std::move(prefix));
}

void NameScope::Leave::operator()(Graph* graph) const {
  graph->names().SetScope(outer);
}

DeviceScope::DeviceScope(Graph* graph, std::string_view device)
    : graph_(graph) {
  graph_->scopes().PushDevice(device);
}
DeviceScope::~DeviceScope() { graph_->scopes().PopDevice(); }

ColocationScope::ColocationScope(Graph* graph, const Node* node)
    : graph_(graph) {
  graph_->scopes().PushColocation(node);
}
ColocationScope::~ColocationScope() { graph_->scopes().PopColocation(); }

ControlScope::ControlScope(Graph* graph, std::vector<const Node*> nodes)
    : graph_(graph) {
  graph_->scopes().PushControl(std::move(nodes));
}
ControlScope::~ControlScope() { graph_->scopes().PopControl(); }

}  // namespace tensorbundle::graph
