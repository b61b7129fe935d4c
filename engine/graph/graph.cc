#include "engine/graph/graph.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/graph/shape_inference.h"
#include "engine/graph/signature.h"

namespace tensorbundle::graph {

Status Graph::CheckNotFinalized() const {
  if (!finalized_) return OkStatus();
  return PyRuntimeError("Graph is finalized and cannot be modified.");
}

// Makes a node out of `spec` but for its signature and outputs.
Result<std::unique_ptr<Node>> Graph::Draft(NodeSpec spec) {
  for (const Output& input : spec.inputs) {
    if (input.node != nullptr && &input.node->graph() != this) {
      return PyValueError(ToPythonString(input) +
                          " is not an element of this graph.");
    }
  }
  if (spec.imported) names_.Take(spec.name);
  TB_ASSIGN_OR_RETURN(std::string name,
                      names_.NodeName(spec.imported       ? spec.name + "/"
                                      : spec.name.empty() ? spec.op
                                                          : spec.name));
  if (by_name_.count(name) > 0) {
    return PyValueError("Duplicate node name in graph: '" + name + "'");
  }
  std::unique_ptr<Node> node(new Node);
  node->graph_ = this;
  node->name_ = std::move(name);
  node->op_ = std::move(spec.op);
  node->inputs_ = std::move(spec.inputs);
  node->control_inputs_ = std::move(spec.control_inputs);
  node->device_ = std::move(spec.device);
  if (node->device_.empty()) node->device_ = scopes_.device();
  return node;
}

void Graph::ApplyScopes(Node* node) const {
  for (auto& [name, value] : scopes_.Attrs()) {
    node->attrs_.emplace(name, value);
  }
  std::vector<std::string> groups = scopes_.ColocationGroups();
  if (!groups.empty()) {
    node->attrs_["_class"] = AttrValue::Strings(std::move(groups));
  }
  std::vector<const Node*>& control = node->control_inputs_;
  for (const Node* each : scopes_.ControlInputs(node->inputs_)) {
    control.push_back(each);
  }
}

const Node* Graph::Commit(std::unique_ptr<Node> node) {
  std::vector<const Node*>& control = node->control_inputs_;
  std::sort(control.begin(), control.end(),
            [](const Node* a, const Node* b) { return a->name() < b->name(); });
  control.erase(std::unique(control.begin(), control.end()), control.end());
  node->id_ = num_nodes() + 1;
  nodes_.push_back(std::move(node));
  const Node* added = nodes_.back().get();
  by_name_.emplace(added->name(), added);
  return added;
}

Result<const Node*> Graph::AddNode(NodeSpec spec) {
  TB_RETURN_IF_ERROR(CheckNotFinalized());
  const OpDef* def = ops_->Find(spec.op);
  if (def == nullptr) {
    return NotFoundError("Op type not registered '" + spec.op +
                         "' in binary running on tensorbundle.");
  }
  TB_ASSIGN_OR_RETURN(Signature signature, ResolveSignature(*def, spec));
  const bool imported = spec.imported;
  TB_ASSIGN_OR_RETURN(std::unique_ptr<Node> node, Draft(std::move(spec)));
  node->def_ = def;
  node->attrs_ = std::move(signature.attrs);
  if (!imported) ApplyScopes(node.get());

  InferenceContext context(*node, static_cast<int>(signature.outputs.size()));
  if (def->shape_function != nullptr) {
    const Status status = def->shape_function(context);
    if (!status.ok())
      return PyValueError(context.WithContext(status).message());
  }
  std::vector<PartialShape> shapes = context.TakeOutputs();
  for (size_t i = 0; i < shapes.size(); ++i) {
    const Signature::Type& type = signature.outputs[i];
    node->outputs_.push_back({type.dtype, type.is_ref, std::move(shapes[i])});
  }
  const Node* added = Commit(std::move(node));
  if (!imported) scopes_.RecordMade(*added);
  return added;
}

Result<const Node*> Graph::AddOpaqueNode(NodeSpec spec,
                                         std::vector<OutputInfo> outputs) {
  TB_RETURN_IF_ERROR(CheckNotFinalized());
  AttrMap attrs = std::move(spec.attrs);
  TB_ASSIGN_OR_RETURN(std::unique_ptr<Node> node, Draft(std::move(spec)));
  node->attrs_ = std::move(attrs);
  node->outputs_ = std::move(outputs);
  return Commit(std::move(node));
}

void Graph::CloseLoop(const Node& node, int input, const Output& output) {
  Output& open = nodes_[static_cast<size_t>(node.id() - 1)]
                     ->inputs_[static_cast<size_t>(input)];
  assert(node.def() == nullptr && open.node == nullptr);
  open = output;
}

void Graph::RemoveNodesFrom(int id) {
  while (num_nodes() >= id) {
    by_name_.erase(nodes_.back()->name());
    nodes_.pop_back();
  }
}

const Node* Graph::FindNode(std::string_view name) const {
  const auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : it->second;
}

Status Graph::MergeShape(const Output& output, const PartialShape& shape) {
  assert(&output.node->graph() == this);
  Node& node = *nodes_[static_cast<size_t>(output.node->id() - 1)];
  PartialShape& known = node.outputs_[static_cast<size_t>(output.index)].shape;
  const Result<PartialShape> merged = Merge(known, shape);
  if (!merged.ok()) {
    return PyValueError("Shapes " + known.ToPythonString() + " and " +
                        shape.ToPythonString() + " are not compatible");
  }
  known = *merged;
  return OkStatus();
}

const Variable* Graph::AddVariable(Variable variable) {
  variables_.push_back(std::make_unique<Variable>(std::move(variable)));
  Variable* added = variables_.back().get();
  variable_of_.emplace(added->variable.node, added);
  return added;
}

const Variable* Graph::FindVariable(const Node& node) const {
  const auto it = variable_of_.find(&node);
  return it == variable_of_.end() ? nullptr : it->second;
}

void Graph::SetSlice(const Variable* variable, SaveSliceInfo slice) {
  variable_of_.at(variable->variable.node)->slice = std::move(slice);
}

void Graph::SetInitializer(const Variable* variable, const Node* initializer,
                           Output initial_value) {
  Variable& record = *variable_of_.at(variable->variable.node);
  record.initializer = initializer;
  record.initial_value = initial_value;
}

void Graph::SetRestored(const Node& node, Tensor value) {
  restored_[&node] = std::move(value);
}

const Tensor* Graph::FindRestored(const Node& node) const {
  const auto it = restored_.find(&node);
  return it == restored_.end() ? nullptr : &it->second;
}

}  // namespace tensorbundle::graph
