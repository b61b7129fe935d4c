#include "engine/session/resources.h"

namespace tensorbundle::session {

namespace {

// ContainerInfo: container and name, the node's own where none is given.
std::string ResourceName(const graph::Node& node) {
  const std::string& shared = node.string_attr("shared_name");
  return node.string_attr("container") + "/" +
         (shared.empty() ? node.name() : shared);
}

}  // namespace

VariableState* Resources::Variable(const graph::Node& node) {
  std::unique_ptr<VariableState>& state = variables_[ResourceName(node)];
  if (state == nullptr) {
    state = std::make_unique<VariableState>();
    // Where the graph knows no shape, TensorFlow starts from a scalar's.
    const std::optional<Shape> shape = node.attr("shape")->shape()->AsShape();
    if (shape) state->shape = *shape;
  }
  return state.get();
}

const VariableState* Resources::FindVariable(const graph::Node& node) const {
  const auto it = variables_.find(ResourceName(node));
  return it == variables_.end() ? nullptr : it->second.get();
}

}  // namespace tensorbundle::session
