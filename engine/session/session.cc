#include "engine/session/session.h"

#include <string>
#include <utility>

#include "engine/session/state_update.h"

namespace tensorbundle::session {

using graph::Node;
using graph::Output;

Session::Session(std::shared_ptr<const graph::Graph> graph, Random64 random)
    : graph_(std::move(graph)), resources_(random) {}

Session::~Session() = default;

Status Session::CheckOpen() const {
  if (!closed_) return OkStatus();
  return PyRuntimeError("Attempted to use a closed Session.");
}

Status Session::CheckFeed(const Feed& feed) const {
  const Output& target = feed.target;
  if (!target.shape().IsCompatibleWith(feed.value.shape())) {
    return PyValueError(
        "Cannot feed value of shape " +
        graph::PartialShape(feed.value.shape()).ToPythonString() +
        " for Tensor '" + target.name() + "', which has shape '" +
        target.shape().ToPythonString() + "'");
  }
  if (target.dtype() != feed.value.dtype()) {
    return InvalidArgumentError(
        "Expects '" + target.name() + "' to be " + DTypeString(target.dtype()) +
        " but " + DTypeString(feed.value.dtype()) + " is provided");
  }
  return OkStatus();
}

namespace {

// Plans are found by the ids of what they were compiled for.
std::vector<int64_t> KeyOf(std::span<const Output> feeds,
                           std::span<const Output> fetches,
                           std::span<const Node* const> targets) {
  std::vector<int64_t> key = {static_cast<int64_t>(feeds.size()),
                              static_cast<int64_t>(fetches.size())};
  for (std::span<const Output> outputs : {feeds, fetches}) {
    for (const Output& output : outputs) {
      key.push_back(output.node->id());
      key.push_back(output.index);
    }
  }
  for (const Node* target : targets) key.push_back(target->id());
  return key;
}

}  // namespace

Result<std::vector<Tensor>> Session::Run(std::span<const Feed> feeds,
                                         std::span<const Output> fetches,
                                         std::span<const Node* const> targets) {
  TB_RETURN_IF_ERROR(CheckOpen());
  if (graph_->num_nodes() == 0) {
    return PyRuntimeError(
        "The Session graph is empty.  Add operations to the graph before "
        "calling run().");
  }
  std::vector<Output> fed;
  std::vector<Tensor> values;
  for (const Feed& feed : feeds) {
    TB_RETURN_IF_ERROR(CheckFeed(feed));
    fed.push_back(feed.target);
    values.push_back(feed.value);
  }
  std::unique_ptr<Plan>& plan = plans_[KeyOf(fed, fetches, targets)];
  if (plan == nullptr) {
    TB_ASSIGN_OR_RETURN(
        plan, Plan::Compile(fed, fetches, targets, &kernels_, &resources_));
  }
  return plan->Run(values);
}

Result<Tensor> Session::VariableValue(const Node& variable,
                                      const Node& reader) const {
  TB_RETURN_IF_ERROR(CheckOpen());
  const VariableState* state = resources_.FindVariable(variable);
  if (state == nullptr || !state->initialized()) {
    return AtNode(
        FailedPreconditionError("Attempting to use uninitialized value " +
                                variable.name()),
        reader.name());
  }
  return state->value;
}

namespace {

// AssignVariableOp, which has no such attribute, is held to the same rule.
bool ValidatesShape(const Node& assign) {
  const graph::AttrValue* value = assign.attr("validate_shape");
  return value == nullptr || *value->boolean();
}

}  // namespace

Status Session::CheckAssignVariable(const Node& assign, const Shape& shape) {
  TB_RETURN_IF_ERROR(CheckOpen());
  const Status status = CheckAssign(*resources_.Variable(*assign.input(0).node),
                                    shape, ValidatesShape(assign));
  return status.ok() ? status : AtNode(status, assign.name());
}

Status Session::AssignVariable(const Node& assign, Tensor value) {
  TB_RETURN_IF_ERROR(CheckOpen());
  const Node& variable = *assign.input(0).node;
  const DType dtype = variable.type_attr("dtype");
  if (value.dtype() != dtype) {
    return AtNode(InvalidArgumentError(
                      "Assign of a " + DTypeString(value.dtype()) +
                      " tensor to a variable of dtype " + DTypeString(dtype)),
                  assign.name());
  }
  const Status status = AssignTo(resources_.Variable(variable),
                                 std::move(value), ValidatesShape(assign));
  return status.ok() ? status : AtNode(status, assign.name());
}

void Session::Close() {
  closed_ = true;
  plans_.clear();
  kernels_.Clear();
  resources_.Clear();
}

}  // namespace tensorbundle::session
