#include "engine/metagraph/node_order.h"

#include <functional>
#include <queue>
#include <string>

#include "engine/graph/names.h"

namespace tensorbundle::metagraph {

std::optional<InputRef> ParseInput(std::string_view input) {
  InputRef ref;
  if (input.substr(0, 1) == "^") {
    ref.is_control = true;
    ref.node = input.substr(1);
    return ref;
  }
  const size_t colon = input.rfind(':');
  ref.node = input.substr(0, colon);
  if (colon == input.npos) return ref;
  const std::string_view digits = input.substr(colon + 1);
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    ref.output = ref.output * 10 + (c - '0');
  }
  return ref;
}

Result<NodeIndex> IndexNodes(const std::vector<NodeDef>& nodes) {
  NodeIndex index;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const std::string name(nodes[i].name);
    if (!graph::IsValidNodeName(name)) {
      return PyValueError("Node '" + name +
                          "': Node name contains invalid characters");
    }
    if (nodes[i].op.empty()) {
      return PyValueError("Node '" + name + "' does not specify an op");
    }
    if (!index.emplace(nodes[i].name, i).second) {
      return PyValueError("Node '" + name + "' is not unique");
    }
  }
  return index;
}

bool ClosesLoop(std::string_view from, std::string_view to) {
  return (from == "NextIteration" || from == "RefNextIteration") &&
         (to == "Merge" || to == "RefMerge");
}

Result<std::vector<size_t>> OrderNodes(const std::vector<NodeDef>& nodes,
                                       const NodeIndex& index) {
  std::vector<size_t> waiting(nodes.size(), 0);
  std::vector<std::vector<size_t>> users(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string_view input : nodes[i].inputs) {
      const std::optional<InputRef> ref = ParseInput(input);
      const auto from = ref ? index.find(ref->node) : index.end();
      if (from == index.end()) continue;
      if (!ref->is_control && ClosesLoop(nodes[from->second].op, nodes[i].op)) {
        continue;
      }
      users[from->second].push_back(i);
      ++waiting[i];
    }
  }
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t next = ready.top();
    ready.pop();
    order.push_back(next);
    for (const size_t user : users[next]) {
      if (--waiting[user] == 0) ready.push(user);
    }
  }
  if (order.size() < nodes.size()) {
    return PyValueError(std::to_string(nodes.size() - order.size()) +
                        " nodes in a cycle");
  }
  return order;
}

}  // namespace tensorbundle::metagraph
