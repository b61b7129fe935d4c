#include "engine/ops/variable.h"

#include <algorithm>
#include <utility>

#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"
#include "engine/ops/array.h"
#include "engine/ops/control_flow.h"

namespace tensorbundle::ops {

using graph::AttrMap;
using graph::AttrValue;
using graph::Graph;
using graph::Output;
using graph::Variable;

namespace {

Result<Output> VariableOp(Graph* graph, DType dtype, graph::PartialShape shape,
                          std::string_view name) {
  return ApplyOpOutput(graph, "VariableV2", {},
                       {{"dtype", AttrValue::Type(dtype)},
                        {"shape", AttrValue::Shape(std::move(shape))}},
                       name);
}

void AddToCollections(Graph* graph, const Variable* variable,
                      const VariableOptions& options) {
  std::vector<std::string> keys = options.collections.value_or(
      std::vector<std::string>{std::string(graph::kGlobalVariables)});
  const std::string trainable(graph::kTrainableVariables);
  if (options.trainable &&
      std::find(keys.begin(), keys.end(), trainable) == keys.end()) {
    keys.push_back(trainable);
  }
  for (const std::string& key : keys) graph->collections().Add(key, variable);
}

Result<Output> Update(Graph* graph, std::string_view op, const Output& ref,
                      const Operand& value, AttrMap attrs,
                      const AssignOptions& options) {
  attrs["use_locking"] = AttrValue::Bool(options.use_locking);
  return ApplyOpOutput(graph, op, {ref, value}, std::move(attrs), options.name);
}

// The variable `name`, given its initial value, in the scope of that name.
Result<const Variable*> Complete(Graph* graph, const Output& initial_value,
                                 const Output& variable_op,
                                 const VariableOptions& options) {
  Variable variable;
  variable.trainable = options.trainable;
  variable.initial_value = initial_value;
  variable.variable = variable_op;
  if (options.validate_shape && !initial_value.shape().IsFullyDefined()) {
    return PyValueError("initial_value must have a shape specified: " +
                        ToPythonString(initial_value));
  }
  AssignOptions assign;
  assign.use_locking = true;
  assign.validate_shape = options.validate_shape;
  TB_ASSIGN_OR_RETURN(const Output assigned,
                      Assign(graph, variable_op, initial_value, assign));
  variable.initializer = assigned.node;
  {
    const graph::ColocationScope colocation(graph, variable_op.node);
    TB_ASSIGN_OR_RETURN(variable.snapshot,
                        Identity(graph, variable_op, "read"));
  }
  const Variable* added = graph->AddVariable(std::move(variable));
  AddToCollections(graph, added, options);
  return added;
}

graph::PartialShape ShapeOf(const Output& initial_value,
                            const VariableOptions& options) {
  return options.validate_shape ? initial_value.shape() : graph::PartialShape();
}

// A variable waits for nothing: ops.init_scope().
class NoControlScope {
 public:
  explicit NoControlScope(Graph* graph) : graph_(graph) {
    graph_->scopes().PushNoControl();
  }
  NoControlScope(const NoControlScope&) = delete;
  NoControlScope& operator=(const NoControlScope&) = delete;
  ~NoControlScope() { graph_->scopes().PopControl(); }

 private:
  Graph* graph_;
};

}  // namespace

Result<const Variable*> MakeVariable(Graph* graph, const Operand& initial_value,
                                     const VariableOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  const NoControlScope no_control(graph);
  TB_ASSIGN_OR_RETURN(
      const graph::NameScope scope,
      graph::NameScope::Enter(graph, options.name.empty()
                                         ? std::string_view("Variable")
                                         : std::string_view(options.name)));
  TB_ASSIGN_OR_RETURN(
      const Output value,
      initial_value.ToTensor(graph, options.dtype, "initial_value"));
  TB_ASSIGN_OR_RETURN(const Output variable_op,
                      VariableOp(graph, value.dtype(), ShapeOf(value, options),
                                 scope.prefix()));
  return Complete(graph, value, variable_op, options);
}

Result<std::unique_ptr<VariableDraft>> VariableDraft::Begin(
    Graph* graph, const VariableOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  graph::Names& names = graph->names();
  TB_ASSIGN_OR_RETURN(
      std::string scope,
      names.ScopeName(options.name.empty() ? std::string_view("Variable")
                                           : std::string_view(options.name)));
  std::string outer = names.SetScope(std::move(scope));
  return std::unique_ptr<VariableDraft>(
      new VariableDraft(graph, options, std::move(outer)));
}

// The variable does not exist yet, so nothing can be colocated with it; the
// attribute says as much.
VariableDraft::VariableDraft(Graph* graph, const VariableOptions& options,
                             std::string outer_scope)
    : graph_(graph),
      options_(options),
      outer_scope_(std::move(outer_scope)),
      scope_(graph->names().scope()) {
  graph_->scopes().PushNoControl();
  graph_->scopes().PushAttrs(
      {{"_class", AttrValue::Strings({"loc:@" + scope_})}});
  graph_->scopes().PushNoDevice();
  // The scope's name is new, and so is every name in it.
  graph_->names().SetScope(graph_->names().Unique("Initializer"));
}

void VariableDraft::LeaveInitializer() {
  if (!in_initializer_) return;
  in_initializer_ = false;
  graph_->names().SetScope(scope_);
  graph_->scopes().PopDevice();
}

VariableDraft::~VariableDraft() {
  const bool unfinished = in_initializer_;
  LeaveInitializer();
  if (unfinished) graph_->scopes().PopAttrs();
  graph_->scopes().PopControl();
  graph_->names().SetScope(outer_scope_);
}

Result<const Variable*> VariableDraft::Finish(const Operand& initial_value) {
  const Result<Output> value =
      initial_value.ToTensor(graph_, options_.dtype, "initial_value");
  LeaveInitializer();
  Result<Output> variable_op =
      value.ok() ? VariableOp(graph_, value->dtype(), ShapeOf(*value, options_),
                              scope_ + "/")
                 : value;
  graph_->scopes().PopAttrs();
  if (!variable_op.ok()) return variable_op.status();
  return Complete(graph_, *value, *variable_op, options_);
}

Result<Output> Assign(Graph* graph, const Output& ref, const Operand& value,
                      const AssignOptions& options) {
  return Update(graph, "Assign", ref, value,
                {{"validate_shape", AttrValue::Bool(options.validate_shape)}},
                options);
}

Result<Output> AssignAdd(Graph* graph, const Output& ref, const Operand& delta,
                         const AssignOptions& options) {
  return Update(graph, "AssignAdd", ref, delta, {}, options);
}

Result<Output> AssignSub(Graph* graph, const Output& ref, const Operand& delta,
                         const AssignOptions& options) {
  return Update(graph, "AssignSub", ref, delta, {}, options);
}

Result<const graph::Node*> VariablesInitializer(
    Graph* graph, std::span<const Variable* const> variables,
    std::string_view name) {
  std::vector<const graph::Node*> initializers;
  for (const Variable* variable : variables) {
    initializers.push_back(variable->initializer);
  }
  return Group(graph, initializers, name);
}

Result<const graph::Node*> GlobalVariablesInitializer(Graph* graph) {
  return VariablesInitializer(
      graph, graph->collections().Variables(graph::kGlobalVariables));
}

}  // namespace tensorbundle::ops
