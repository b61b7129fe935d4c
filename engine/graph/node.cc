#include "engine/graph/node.h"

#include <cassert>

namespace tensorbundle::graph {

std::string Output::name() const {
  return node->name() + ":" + std::to_string(index);
}

DType Output::dtype() const {
  return node->outputs_[static_cast<size_t>(index)].dtype;
}

bool Output::is_ref() const {
  return node->outputs_[static_cast<size_t>(index)].is_ref;
}

const PartialShape& Output::shape() const {
  return node->outputs_[static_cast<size_t>(index)].shape;
}

std::string ToPythonString(const Output& output) {
  std::string text = "Tensor(\"" + output.name() + "\"";
  if (output.shape().has_rank()) {
    text += ", shape=" + output.shape().ToPythonString();
  }
  text += ", dtype=" + DTypePythonName(output.dtype());
  if (output.is_ref()) text += "_ref";
  if (!output.node->device().empty()) {
    text += ", device=" + output.node->device();
  }
  return text + ")";
}

const AttrValue* Node::attr(std::string_view name) const {
  const auto it = attrs_.find(name);
  return it == attrs_.end() ? nullptr : &it->second;
}

const std::string& Node::string_attr(std::string_view name) const {
  assert(attr(name) != nullptr && attr(name)->string() != nullptr);
  return *attr(name)->string();
}

int64_t Node::int_attr(std::string_view name) const {
  assert(attr(name) != nullptr && attr(name)->integer() != nullptr);
  return *attr(name)->integer();
}

bool Node::bool_attr(std::string_view name) const {
  assert(attr(name) != nullptr && attr(name)->boolean() != nullptr);
  return *attr(name)->boolean();
}

DType Node::type_attr(std::string_view name) const {
  assert(attr(name) != nullptr && attr(name)->type() != nullptr);
  return *attr(name)->type();
}

std::span<const int64_t> Node::ints_attr(std::string_view name) const {
  assert(attr(name) != nullptr && attr(name)->list() != nullptr);
  return attr(name)->list()->i;
}

std::string Node::InputName(int i) const {
  const Output& from = input(i);
  return from.index == 0 ? from.node->name() : from.name();
}

std::vector<std::string> Node::InputNames() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    names.push_back(InputName(static_cast<int>(i)));
  }
  for (const Node* node : control_inputs_) names.push_back("^" + node->name());
  return names;
}

std::vector<std::string> Node::ColocationGroups() const {
  constexpr std::string_view kPrefix = "loc:@";
  std::vector<std::string> groups;
  const AttrValue* classes = attr("_class");
  if (classes != nullptr && classes->list() != nullptr) {
    for (const std::string& group : classes->list()->s) {
      if (std::string_view(group).substr(0, kPrefix.size()) == kPrefix) {
        groups.push_back(group);
      }
    }
  }
  if (groups.empty()) groups.push_back(std::string(kPrefix) + name_);
  return groups;
}

}  // namespace tensorbundle::graph
