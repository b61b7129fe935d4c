#include "bindings/embind/graph_call.h"

#include <cassert>
#include <cstdlib>
#include <utility>

#include "bindings/embind/convert.h"
#include "engine/ops/array.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/math.h"
#include "engine/ops/variable.h"
#include "engine/train/checkpoint_initializer.h"

namespace tensorbundle::embind {

void GraphCall::Push(ops::Operand operand) {
  if (in_list_) {
    arguments_.back().operands.push_back(std::move(operand));
  } else {
    arguments_.emplace_back(std::move(operand));
  }
}

void GraphCall::AddTensor(int node, int output) {
  Push(graph_->node(node).output(output));
}

void GraphCall::AddVariable(int node) {
  const graph::Variable* variable = graph_->FindVariable(graph_->node(node));
  assert(variable != nullptr);
  Push(variable);
}

void GraphCall::AddNode(int node) { nodes_.push_back(&graph_->node(node)); }

int GraphCall::Hold(Result<Tensor> tensor, std::optional<DType> natural) {
  if (!tensor.ok()) return Report(tensor.status());
  // The operand shares this buffer; JavaScript fills it before the call.
  held_ = *tensor;
  next_string_ = 0;
  if (natural) {
    Push(ops::Literal{held_, *natural});
  } else {
    Push(held_);
  }
  return Report(OkStatus());
}

int GraphCall::AddArray(int dtype, const std::string& dims) {
  const Result<Shape> shape = ParseShape(dims);
  if (!shape.ok()) return Report(shape.status());
  return Hold(Tensor::Create(static_cast<DType>(dtype), *shape), std::nullopt);
}

int GraphCall::AddLiteral(int dtype, int natural, const std::string& dims) {
  const Result<Shape> shape = ParseShape(dims);
  if (!shape.ok()) return Report(shape.status());
  return Hold(Tensor::Create(static_cast<DType>(dtype), *shape),
              static_cast<DType>(natural));
}

void GraphCall::AddString(const std::string& element) {
  held_.mutable_strings()[next_string_++] = element;
}

uintptr_t GraphCall::data_address() const {
  return reinterpret_cast<uintptr_t>(held_.bytes().data());
}

void GraphCall::BeginList() {
  arguments_.emplace_back(std::vector<ops::Operand>());
  in_list_ = true;
}

void GraphCall::EndList() { in_list_ = false; }

int GraphCall::SetShape(const std::string& dims) {
  Result<graph::PartialShape> shape = ParsePartialShape(dims);
  if (!shape.ok()) return Report(shape.status());
  shape_ = std::move(shape).value();
  return Report(OkStatus());
}

void GraphCall::AddCollection(const std::string& key) {
  if (!collections_) collections_.emplace();
  if (!key.empty()) collections_->push_back(key);
}

void GraphCall::SetAttrBool(const std::string& name, bool value) {
  attrs_[name] = graph::AttrValue::Bool(value);
}
void GraphCall::SetAttrInt(const std::string& name, int64_t value) {
  attrs_[name] = graph::AttrValue::Int(value);
}
void GraphCall::SetAttrFloat(const std::string& name, float value) {
  attrs_[name] = graph::AttrValue::Float(value);
}
void GraphCall::SetAttrString(const std::string& name,
                              const std::string& value) {
  attrs_[name] = graph::AttrValue::String(value);
}
void GraphCall::SetAttrType(const std::string& name, int value) {
  attrs_[name] = graph::AttrValue::Type(static_cast<DType>(value));
}

void GraphCall::SetAttrInts(const std::string& name,
                            const std::string& values) {
  std::vector<int64_t> ints;
  for (const char* at = values.c_str(); *at != '\0';) {
    char* end = nullptr;
    ints.push_back(std::strtoll(at, &end, 10));
    at = *end == ',' ? end + 1 : end;
  }
  attrs_[name] = graph::AttrValue::Ints(std::move(ints));
}

ops::Operand GraphCall::Take() {
  assert(taken_ < arguments_.size());
  return arguments_[taken_++].operands.front();
}

int GraphCall::Return(const Result<graph::Output>& result) {
  if (!result.ok()) return Report(result.status());
  node_ = result->node->id();
  output_ = result->index;
  return Report(OkStatus());
}

int GraphCall::Return(const Result<const graph::Node*>& result) {
  if (!result.ok()) return Report(result.status());
  node_ = (*result)->id();
  output_ = 0;
  return Report(OkStatus());
}

int GraphCall::Apply(const std::string& op) {
  return Return(ops::ApplyOp(graph_.get(), op, std::move(arguments_),
                             std::move(attrs_), name_));
}

int GraphCall::ApplyOperator(int op) {
  const ops::Operand x = Take();
  const ops::Operand y = Take();
  return Return(
      ops::ApplyOperator(graph_.get(), static_cast<ops::Operator>(op), x, y));
}

int GraphCall::Constant() {
  return Return(
      ops::Constant(graph_.get(), held_, name_.empty() ? "Const" : name_));
}

int GraphCall::Placeholder() {
  return Return(ops::Placeholder(graph_.get(), dtype_.value_or(DType::kFloat),
                                 shape_, name_));
}

int GraphCall::Identity() {
  return Return(ops::Identity(graph_.get(), Take(), name_));
}

int GraphCall::NoOp() { return Return(ops::NoOp(graph_.get(), name_)); }

int GraphCall::Group() {
  return Return(
      ops::Group(graph_.get(), nodes_, name_.empty() ? "group_deps" : name_));
}

int GraphCall::TruncatedNormal() {
  const ops::Operand shape = Take();
  const ops::Operand mean = Take();
  const ops::Operand stddev = Take();
  return Return(ops::TruncatedNormal(graph_.get(), shape, mean, stddev,
                                     random_options()));
}

int GraphCall::RandomNormal() {
  const ops::Operand shape = Take();
  const ops::Operand mean = Take();
  const ops::Operand stddev = Take();
  return Return(
      ops::RandomNormal(graph_.get(), shape, mean, stddev, random_options()));
}

int GraphCall::RandomUniform() {
  const ops::Operand shape = Take();
  const ops::Operand minval = Take();
  std::optional<ops::Operand> maxval;
  if (taken_ < arguments_.size()) maxval = Take();
  return Return(ops::RandomUniform(graph_.get(), shape, minval, maxval,
                                   random_options()));
}

ops::RandomOptions GraphCall::random_options() const {
  return {dtype_.value_or(DType::kFloat), seed_, name_};
}

ops::VariableOptions GraphCall::variable_options() const {
  ops::VariableOptions options;
  options.name = name_;
  options.trainable = trainable_;
  options.collections = collections_;
  options.validate_shape = validate_shape_;
  options.dtype = dtype_;
  return options;
}

int GraphCall::BeginVariable() {
  Result<std::unique_ptr<ops::VariableDraft>> draft =
      ops::VariableDraft::Begin(graph_.get(), variable_options());
  if (!draft.ok()) return Report(draft.status());
  draft_ = std::move(draft).value();
  return Report(OkStatus());
}

int GraphCall::EndVariable() {
  const Result<const graph::Variable*> variable = draft_->Finish(Take());
  draft_ = nullptr;
  if (!variable.ok()) return Report(variable.status());
  return Return(Result<graph::Output>((*variable)->variable));
}

int GraphCall::InitializeFromCheckpoint(const std::string& prefix,
                                        const std::string& key,
                                        const std::string& slice_spec) {
  const ops::Operand variable = Take();
  return Report(train::InitializeFromCheckpoint(
      graph_.get(), variable.variable(), {prefix, key, slice_spec, held_}));
}

int GraphCall::MakeVariable() {
  const Result<const graph::Variable*> variable =
      ops::MakeVariable(graph_.get(), Take(), variable_options());
  if (!variable.ok()) return Report(variable.status());
  return Return(Result<graph::Output>((*variable)->variable));
}

int GraphCall::Assign(int kind) {
  const ops::Operand ref = Take();
  const ops::Operand value = Take();
  const Result<graph::Output> target = ref.ToRef();
  if (!target.ok()) return Report(target.status());
  const ops::AssignOptions options{name_, use_locking_, validate_shape_};
  switch (kind) {
    case 1:
      return Return(ops::AssignAdd(graph_.get(), *target, value, options));
    case 2:
      return Return(ops::AssignSub(graph_.get(), *target, value, options));
    default:
      return Return(ops::Assign(graph_.get(), *target, value, options));
  }
}

int GraphCall::VariablesInitializer() {
  std::vector<const graph::Variable*> variables;
  for (const ops::Argument& argument : arguments_) {
    variables.push_back(argument.operands.front().variable());
  }
  return Return(ops::VariablesInitializer(graph_.get(), variables,
                                          name_.empty() ? "init" : name_));
}

}  // namespace tensorbundle::embind
