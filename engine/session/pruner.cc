#include "engine/session/pruner.h"

#include <algorithm>

namespace tensorbundle::session {

using graph::Node;
using graph::Output;

namespace {

// Whether it takes or gives references, so that it may assign, or fail because
// a variable has no value yet.
bool TouchesVariables(const Node& node) {
  for (int i = 0; i < node.num_outputs(); ++i) {
    if (node.output(i).is_ref()) return true;
  }
  const auto& inputs = node.inputs();
  return std::any_of(inputs.begin(), inputs.end(),
                     [](const Output& input) { return input.is_ref(); });
}

}  // namespace

bool IsFreeOfEffects(const Node& node) {
  return node.def() != nullptr && !node.def()->is_stateful &&
         node.op() != "Placeholder" && !TouchesVariables(node);
}

void Pruner::Need(const Output& output) {
  if (!IsFed(output)) Need(output.node);
}

void Pruner::Need(const Node* node) { Mark(node, Reach::kNeeded); }

void Pruner::NeedBefore(const Node* node) {
  // As in TensorFlow, a control edge out of a fed placeholder is one out of the
  // feed; any other node runs though its outputs are fed.
  if (node->op() == "Placeholder" && IsFed(node->output(0))) return;
  Mark(node, IsFreeOfEffects(*node) ? Reach::kBefore : Reach::kNeeded);
}

void Pruner::Mark(const Node* node, Reach reach) {
  const size_t index = static_cast<size_t>(node->id() - 1);
  if (reach_.size() <= index) reach_.resize(index + 1, Reach::kNone);
  if (reach_[index] >= reach) return;
  reach_[index] = reach;
  pending_.push_back(node);
  if (reach == Reach::kNeeded) needed_.push_back(node);
}

std::vector<const Node*> Pruner::Nodes() {
  while (!pending_.empty()) {
    const Node* node = pending_.back();
    pending_.pop_back();
    const bool runs =
        reach_[static_cast<size_t>(node->id() - 1)] == Reach::kNeeded;
    for (const Output& input : node->inputs()) {
      if (IsFed(input)) continue;
      runs ? Need(input.node) : NeedBefore(input.node);
    }
    for (const Node* control : node->control_inputs()) NeedBefore(control);
  }
  std::sort(needed_.begin(), needed_.end(),
            [](const Node* a, const Node* b) { return a->id() < b->id(); });
  return needed_;
}

bool Pruner::IsFed(const Output& output) const {
  return std::find(feeds_.begin(), feeds_.end(), output) != feeds_.end();
}

}  // namespace tensorbundle::session
