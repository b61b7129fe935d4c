#include "engine/ops/apply_op.h"

#include <cassert>
#include <optional>
#include <utility>

#include "engine/graph/scopes.h"

namespace tensorbundle::ops {

using graph::ArgDef;
using graph::AttrMap;
using graph::AttrValue;
using graph::Graph;
using graph::OpDef;
using graph::Output;

namespace {

// Turns arguments into inputs one after another, as what the first ones are
// decides what the next ones become.
class InputConverter {
 public:
  InputConverter(Graph* graph, const OpDef& def, graph::NodeSpec* spec)
      : graph_(graph), def_(def), spec_(spec) {}

  Status Convert(const ArgDef& arg, const Argument& argument) {
    if (arg.is_list() != argument.is_list) {
      return PyTypeError(
          "Expected " + std::string(arg.is_list() ? "list" : "one value") +
          " for '" + arg.name + "' argument to '" + def_.name + "' Op.");
    }
    std::optional<DType> dtype = Known(arg);
    if (arg.is_list() && !dtype) dtype = TensorAmong(arg, argument);
    for (size_t i = 0; i < argument.operands.size(); ++i) {
      const std::string name =
          arg.is_list() ? arg.name + "_" + std::to_string(i) : arg.name;
      TB_ASSIGN_OR_RETURN(const Output input,
                          ConvertOne(arg, argument.operands[i], dtype, name));
      if (!arg.type_attr.empty() && !dtype) dtype = input.dtype();
      spec_->inputs.push_back(input);
    }
    spec_->input_counts.push_back(static_cast<int>(argument.operands.size()));
    if (!arg.type_attr.empty() && dtype) {
      // AddNode derives it again and checks it; here it guides what follows.
      known_.emplace(arg.type_attr, *dtype);
    }
    return OkStatus();
  }

 private:
  // The dtype that the op or an earlier argument prescribes.
  std::optional<DType> Known(const ArgDef& arg) const {
    if (arg.type != DType::kInvalid) return arg.type;
    if (arg.type_attr.empty()) return std::nullopt;
    const auto given = spec_->attrs.find(arg.type_attr);
    if (given != spec_->attrs.end()) return *given->second.type();
    const auto known = known_.find(arg.type_attr);
    if (known != known_.end()) return known->second;
    return std::nullopt;
  }

  static std::optional<DType> TensorAmong(const ArgDef& arg,
                                          const Argument& argument) {
    if (arg.type_attr.empty()) return std::nullopt;
    for (const Operand& operand : argument.operands) {
      if (const auto tensor = operand.tensor()) return tensor->dtype();
    }
    return std::nullopt;
  }

  Result<Output> ConvertOne(const ArgDef& arg, const Operand& operand,
                            std::optional<DType> dtype,
                            const std::string& name) {
    // Tensors go as they are: AddNode finds the words when the type is wrong.
    if (arg.is_ref) {
      const Result<Output> ref = operand.ToRef();
      if (ref.ok()) return ref;
    }
    if (const auto tensor = operand.tensor()) return *tensor;
    const graph::AttrDef* attr =
        arg.type_attr.empty() ? nullptr : def_.FindAttr(arg.type_attr);
    if (!dtype && attr != nullptr && attr->default_value) {
      return operand.ToTensorPreferring(graph_, *attr->default_value->type(),
                                        name);
    }
    Result<Output> converted = operand.ToTensor(graph_, dtype, name);
    if (!converted.ok() && dtype)
      return Refuse(arg, *dtype, converted.status());
    return converted;
  }

  // "Expected int32, got 1.5 of ..." with the place where it happened.
  Status Refuse(const ArgDef& arg, DType dtype, const Status& status) const {
    const std::string expected = "Expected " + DTypePythonName(dtype);
    const std::string& message = status.message();
    if (status.code() != Code::kPyTypeError ||
        message.compare(0, expected.size(), expected) != 0) {
      return status;
    }
    return PyTypeError(expected + " passed to parameter '" + arg.name +
                       "' of op '" + def_.name + "'" +
                       message.substr(expected.size()) + " Error: " + message);
  }

  Graph* graph_;
  const OpDef& def_;
  graph::NodeSpec* spec_;
  std::map<std::string, DType> known_;
};

// The nodes behind the inputs that are refs.
std::vector<const graph::Node*> RefNodes(const OpDef& def,
                                         const graph::NodeSpec& spec) {
  std::vector<const graph::Node*> nodes;
  size_t next = 0;
  for (size_t i = 0; i < def.inputs.size(); ++i) {
    const size_t end = next + static_cast<size_t>(spec.input_counts[i]);
    for (; next < end; ++next) {
      if (def.inputs[i].is_ref) nodes.push_back(spec.inputs[next].node);
    }
  }
  return nodes;
}

}  // namespace

Result<const graph::Node*> ApplyOp(Graph* graph, std::string_view op,
                                   std::vector<Argument> arguments,
                                   AttrMap attrs, std::string_view name) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  graph::NodeSpec spec;
  spec.op = std::string(op);
  spec.attrs = std::move(attrs);
  const OpDef* def = graph->ops().Find(op);
  if (def == nullptr) return graph->AddNode(std::move(spec));  // which says so
  assert(arguments.size() == def->inputs.size());

  TB_ASSIGN_OR_RETURN(const graph::NameScope scope,
                      graph::NameScope::Enter(graph, name.empty() ? op : name));
  InputConverter converter(graph, *def, &spec);
  for (size_t i = 0; i < arguments.size(); ++i) {
    TB_RETURN_IF_ERROR(converter.Convert(def->inputs[i], arguments[i]));
  }
  spec.name = scope.prefix();

  // An op that changes a variable has to be where the variable is.
  const std::vector<const graph::Node*> refs = RefNodes(*def, spec);
  for (const graph::Node* ref : refs) graph->scopes().PushColocation(ref);
  Result<const graph::Node*> node = graph->AddNode(std::move(spec));
  for (size_t i = 0; i < refs.size(); ++i) graph->scopes().PopColocation();
  return node;
}

Result<Output> ApplyOpOutput(Graph* graph, std::string_view op,
                             std::vector<Argument> arguments, AttrMap attrs,
                             std::string_view name) {
  TB_ASSIGN_OR_RETURN(
      const graph::Node* node,
      ApplyOp(graph, op, std::move(arguments), std::move(attrs), name));
  assert(node->num_outputs() == 1);
  return node->output(0);
}

}  // namespace tensorbundle::ops
