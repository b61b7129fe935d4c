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

}  // namespace

Result<const Variable*> MakeVariable(Graph* graph, const Operand& initial_value,
                                     const VariableOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(
      const graph::NameScope scope,
      graph::NameScope::Enter(graph, options.name.empty()
                                         ? std::string_view("Variable")
                                         : std::string_view(options.name)));
  Variable variable;
  variable.trainable = options.trainable;
  TB_ASSIGN_OR_RETURN(
      variable.initial_value,
      initial_value.ToTensor(graph, options.dtype, "initial_value"));
  const graph::PartialShape& shape = variable.initial_value.shape();
  TB_ASSIGN_OR_RETURN(
      variable.variable,
      VariableOp(graph, variable.initial_value.dtype(),
                 options.validate_shape ? shape : graph::PartialShape(),
                 scope.prefix()));
  if (options.validate_shape && !shape.IsFullyDefined()) {
    return PyValueError("initial_value must have a shape specified: " +
                        ToPythonString(variable.initial_value));
  }
  AssignOptions assign;
  assign.use_locking = true;
  assign.validate_shape = options.validate_shape;
  TB_ASSIGN_OR_RETURN(
      const Output assigned,
      Assign(graph, variable.variable, variable.initial_value, assign));
  variable.initializer = assigned.node;
  {
    const graph::ColocationScope colocation(graph, variable.variable.node);
    TB_ASSIGN_OR_RETURN(variable.snapshot,
                        Identity(graph, variable.variable, "read"));
  }
  const Variable* added = graph->AddVariable(std::move(variable));
  AddToCollections(graph, added, options);
  return added;
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
