#include "engine/graph/signature.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>

namespace tensorbundle::graph {

namespace {

std::string TypeName(const Output& output) {
  return DTypePythonName(output.dtype());
}

bool HasKind(const AttrValue& value, const std::string& type) {
  using Kind = AttrValue::Kind;
  switch (value.kind()) {
    case Kind::kString:
      return type == "string";
    case Kind::kInt:
      return type == "int";
    case Kind::kFloat:
      return type == "float";
    case Kind::kBool:
      return type == "bool";
    case Kind::kType:
      return type == "type";
    case Kind::kShape:
      return type == "shape";
    case Kind::kTensor:
      return type == "tensor";
    case Kind::kList:
      return type.compare(0, 5, "list(") == 0;
    case Kind::kFunction:
      return type == "func";
    case Kind::kNone:
    case Kind::kPlaceholder:
      return false;
  }
  return false;
}

// Works through the arguments of an op, collecting what their types imply.
class Resolver {
 public:
  Resolver(const OpDef& def, const NodeSpec& spec) : def_(def), spec_(spec) {
    signature_.attrs = spec.attrs;
  }

  Result<Signature> Resolve() {
    TB_RETURN_IF_ERROR(CountInputs());
    size_t next = 0;
    for (size_t i = 0; i < def_.inputs.size(); ++i) {
      const size_t count = static_cast<size_t>(counts_[i]);
      TB_RETURN_IF_ERROR(ResolveInput(
          def_.inputs[i], std::span(spec_.inputs).subspan(next, count)));
      next += count;
    }
    for (const AttrDef& attr : def_.attrs) TB_RETURN_IF_ERROR(CheckAttr(attr));
    for (const ArgDef& arg : def_.outputs) AddOutputs(arg);
    return std::move(signature_);
  }

 private:
  Status CountInputs() {
    counts_ = spec_.input_counts;
    if (counts_.empty()) counts_.assign(def_.inputs.size(), 1);
    int total = 0;
    for (int count : counts_) total += count;
    if (counts_.size() != def_.inputs.size() ||
        total != static_cast<int>(spec_.inputs.size())) {
      return InvalidArgumentError(
          "Op '" + def_.name + "' takes " + std::to_string(def_.inputs.size()) +
          " inputs; " + std::to_string(spec_.inputs.size()) + " were given");
    }
    return OkStatus();
  }

  Status ResolveInput(const ArgDef& arg, std::span<const Output> inputs) {
    if (arg.is_ref) {
      for (const Output& input : inputs) {
        if (!input.is_ref()) {
          return PyTypeError("'" + def_.name + "' Op requires that input '" +
                             arg.name +
                             "' be a mutable tensor (e.g.: a tf.Variable)");
        }
      }
    }
    if (!arg.type_list_attr.empty()) {
      std::vector<DType> types;
      for (const Output& input : inputs) types.push_back(input.dtype());
      signature_.attrs[arg.type_list_attr] = AttrValue::Types(std::move(types));
      return OkStatus();
    }
    if (!arg.number_attr.empty()) {
      TB_RETURN_IF_ERROR(ResolveCount(arg, inputs));
    }
    for (const Output& input : inputs) {
      TB_RETURN_IF_ERROR(ResolveType(arg, input, inputs));
    }
    return OkStatus();
  }

  Status ResolveCount(const ArgDef& arg, std::span<const Output> inputs) {
    const int64_t count = static_cast<int64_t>(inputs.size());
    const int64_t minimum = def_.FindAttr(arg.number_attr)->minimum.value_or(0);
    if (count < minimum) {
      return PyValueError("List argument '" + arg.name + "' to '" + def_.name +
                          "' Op with length " + std::to_string(count) +
                          " shorter than minimum length " +
                          std::to_string(minimum) + ".");
    }
    signature_.attrs[arg.number_attr] = AttrValue::Int(count);
    return OkStatus();
  }

  Status ResolveType(const ArgDef& arg, const Output& input,
                     std::span<const Output> inputs) {
    const std::string prefix = "Input '" + arg.name + "' of '" + def_.name +
                               "' Op has type " + TypeName(input) +
                               " that does not match ";
    if (arg.type_attr.empty()) {
      if (input.dtype() == arg.type) return OkStatus();
      return PyTypeError(prefix + "expected type of " +
                         DTypePythonName(arg.type) + ".");
    }
    AttrValue& known = signature_.attrs[arg.type_attr];
    if (known.type() == nullptr) {
      TB_RETURN_IF_ERROR(
          CheckAllowed(*def_.FindAttr(arg.type_attr), input.dtype(), arg.name));
      known = AttrValue::Type(input.dtype());
      inferred_from_[arg.type_attr] = arg.name;
      return OkStatus();
    }
    if (*known.type() == input.dtype()) return OkStatus();
    if (arg.is_list()) {
      std::string types;
      for (const Output& each : inputs) {
        types += (types.empty() ? "" : ", ") + TypeName(each);
      }
      return PyTypeError("Tensors in list passed to '" + arg.name + "' of '" +
                         def_.name + "' Op have types [" + types +
                         "] that don't all match.");
    }
    const auto from = inferred_from_.find(arg.type_attr);
    return PyTypeError(
        prefix + "type " + DTypePythonName(*known.type()) + " of argument '" +
        (from == inferred_from_.end() ? arg.type_attr : from->second) + "'.");
  }

  Status CheckAttr(const AttrDef& attr) {
    const auto it = signature_.attrs.find(attr.name);
    if (it == signature_.attrs.end()) {
      if (!attr.default_value) {
        return PyTypeError("No argument for attr " + attr.name);
      }
      signature_.attrs.emplace(attr.name, *attr.default_value);
      return OkStatus();
    }
    const AttrValue& value = it->second;
    if (!HasKind(value, attr.type)) {
      return PyTypeError("Value for attr '" + attr.name + "' of '" + def_.name +
                         "' Op is no " + attr.type + ".");
    }
    if (value.type() != nullptr) {
      TB_RETURN_IF_ERROR(CheckAllowed(attr, *value.type(), attr.name));
    }
    if (value.string() != nullptr && attr.allowed_values) {
      TB_RETURN_IF_ERROR(CheckAllowedString(attr, *value.string()));
    }
    if (value.integer() != nullptr && attr.minimum &&
        *value.integer() < *attr.minimum) {
      return PyValueError("Attr '" + attr.name + "' of '" + def_.name +
                          "' Op passed " + std::to_string(*value.integer()) +
                          " less than minimum " +
                          std::to_string(*attr.minimum) + ".");
    }
    if (value.list() != nullptr && attr.minimum) {
      const AttrList& list = *value.list();
      const int64_t length = static_cast<int64_t>(
          attr.type == "list(type)" ? list.type.size() : list.i.size());
      if (length < *attr.minimum) {
        return PyValueError("Attr '" + attr.name + "' of '" + def_.name +
                            "' Op passed list of length " +
                            std::to_string(length) + " less than minimum " +
                            std::to_string(*attr.minimum) + ".");
      }
    }
    return OkStatus();
  }

  Status CheckAllowedString(const AttrDef& attr, const std::string& value) {
    const std::vector<std::string>& allowed = attr.allowed_values->list()->s;
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
      return OkStatus();
    }
    std::string names;
    for (const std::string& each : allowed) {
      names += (names.empty() ? "\"" : ", \"") + each + "\"";
    }
    return PyValueError("Attr '" + attr.name + "' of '" + def_.name +
                        "' Op passed string '" + value + "' not in: " + names +
                        ".");
  }

  void AddOutputs(const ArgDef& arg) {
    const AttrMap& attrs = signature_.attrs;
    if (!arg.type_list_attr.empty()) {
      for (DType dtype : attrs.find(arg.type_list_attr)->second.list()->type) {
        signature_.outputs.push_back({dtype, arg.is_ref});
      }
      return;
    }
    const DType dtype = arg.type_attr.empty()
                            ? arg.type
                            : *attrs.find(arg.type_attr)->second.type();
    const int64_t count = arg.number_attr.empty()
                              ? 1
                              : *attrs.find(arg.number_attr)->second.integer();
    for (int64_t i = 0; i < count; ++i) {
      signature_.outputs.push_back({dtype, arg.is_ref});
    }
  }

  const OpDef& def_;
  const NodeSpec& spec_;
  Signature signature_;
  std::vector<int> counts_;
  std::map<std::string, std::string> inferred_from_;  // attr -> argument
};

}  // namespace

Status CheckAllowed(const AttrDef& attr, DType dtype,
                    const std::string& parameter) {
  if (!attr.allowed_values) return OkStatus();
  const std::vector<DType>& allowed = attr.allowed_values->list()->type;
  if (std::find(allowed.begin(), allowed.end(), dtype) != allowed.end()) {
    return OkStatus();
  }
  std::string names;
  for (DType each : allowed) {
    names += (names.empty() ? "" : ", ") + DTypePythonName(each);
  }
  return PyTypeError("Value passed to parameter '" + parameter +
                     "' has DataType " + DTypePythonName(dtype) +
                     " not in list of allowed values: " + names);
}

Result<Signature> ResolveSignature(const OpDef& def, const NodeSpec& spec) {
  return Resolver(def, spec).Resolve();
}

}  // namespace tensorbundle::graph
