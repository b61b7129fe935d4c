#include "engine/graph/op_spec_parser.h"

#include <span>
#include <utility>

namespace tensorbundle::graph {

namespace {

// The types that TensorFlow's "numbertype" stands for, in its order.
constexpr DType kNumberTypes[] = {
    DType::kFloat,  DType::kDouble,     DType::kInt32,     DType::kUint8,
    DType::kInt16,  DType::kInt8,       DType::kComplex64, DType::kInt64,
    DType::kQint8,  DType::kQuint8,     DType::kQint32,    DType::kBfloat16,
    DType::kUint16, DType::kComplex128, DType::kHalf,      DType::kUint32,
    DType::kUint64};

// "realnumbertype".
constexpr DType kRealNumberTypes[] = {
    DType::kFloat,  DType::kDouble, DType::kInt32,  DType::kUint8,
    DType::kInt16,  DType::kInt8,   DType::kInt64,  DType::kBfloat16,
    DType::kUint16, DType::kHalf,   DType::kUint32, DType::kUint64};

// Whether `name` is a family of types; adds them to `types`.
bool AddFamily(std::string_view name, std::vector<DType>* types) {
  std::span<const DType> family;
  if (name == "numbertype") family = kNumberTypes;
  if (name == "realnumbertype") family = kRealNumberTypes;
  types->insert(types->end(), family.begin(), family.end());
  return !family.empty();
}

std::string_view Strip(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The part of `*rest` before `separator`; both are stripped.
std::string_view Take(std::string_view* rest, char separator) {
  const size_t end = rest->find(separator);
  const std::string_view part = Strip(rest->substr(0, end));
  *rest = end == rest->npos ? "" : Strip(rest->substr(end + 1));
  return part;
}

// What lies between `open` and `close`, if `text` begins and ends with them.
std::optional<std::string_view> Inside(std::string_view text,
                                       std::string_view open,
                                       std::string_view close) {
  if (text.size() < open.size() + close.size() ||
      text.substr(0, open.size()) != open ||
      text.substr(text.size() - close.size()) != close) {
    return std::nullopt;
  }
  text.remove_prefix(open.size());
  text.remove_suffix(close.size());
  return Strip(text);
}

std::optional<int64_t> ParseInt(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return std::nullopt;
  int64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

// Decimal fractions without an exponent: all that defaults need.
std::optional<float> ParseFloat(std::string_view text) {
  std::string_view fraction = text;
  const std::optional<int64_t> whole = ParseInt(Take(&fraction, '.'));
  if (!whole) return std::nullopt;
  if (fraction.empty()) return static_cast<float>(*whole);
  const std::optional<int64_t> digits = ParseInt(fraction);
  if (!digits || *digits < 0) return std::nullopt;
  double scale = 1;
  for (size_t i = 0; i < fraction.size(); ++i) scale *= 10;
  const double part = static_cast<double>(*digits) / scale;
  const double value = static_cast<double>(*whole);
  return static_cast<float>(text.front() == '-' ? value - part : value + part);
}

std::optional<AttrValue> ParseValue(std::string_view type,
                                    std::string_view text) {
  if (type == "int") {
    if (const auto i = ParseInt(text)) return AttrValue::Int(*i);
  } else if (type == "float") {
    if (const auto f = ParseFloat(text)) return AttrValue::Float(*f);
  } else if (type == "bool") {
    if (text == "true" || text == "false")
      return AttrValue::Bool(text == "true");
  } else if (type == "string") {
    if (const auto s = Inside(text, "'", "'")) {
      return AttrValue::String(std::string(*s));
    }
  } else if (type == "type") {
    if (const auto dtype = ParseDType(text)) return AttrValue::Type(*dtype);
  } else if (type == "shape") {
    if (text == "{ unknown_rank: true }") return AttrValue::Shape({});
    if (text == "{}") return AttrValue::Shape(PartialShape::Of({}));
  } else if (const auto element = Inside(type, "list(", ")")) {
    std::optional<std::string_view> items = Inside(text, "[", "]");
    if (!items) return std::nullopt;
    AttrList list;
    while (!items->empty()) {
      const auto item = ParseValue(*element, Take(&*items, ','));
      if (!item) return std::nullopt;
      if (item->integer()) list.i.push_back(*item->integer());
      if (item->real()) list.f.push_back(*item->real());
      if (item->boolean()) list.b.push_back(*item->boolean());
      if (item->string()) list.s.push_back(*item->string());
      if (item->type()) list.type.push_back(*item->type());
    }
    return AttrValue::List(std::move(list));
  }
  return std::nullopt;
}

// "{float, int32}", "{'NHWC', 'NCHW'}", "numbertype" or "{numbertype, bool}".
std::optional<AttrValue> ParseAllowed(std::string_view text) {
  AttrList list;
  if (AddFamily(text, &list.type)) return AttrValue::List(std::move(list));
  std::optional<std::string_view> items = Inside(text, "{", "}");
  if (!items) return std::nullopt;
  while (!items->empty()) {
    const std::string_view item = Take(&*items, ',');
    if (const auto s = Inside(item, "'", "'")) {
      list.s.emplace_back(*s);
    } else if (const auto dtype = ParseDType(item)) {
      list.type.push_back(*dtype);
    } else if (!AddFamily(item, &list.type)) {
      return std::nullopt;
    }
  }
  return AttrValue::List(std::move(list));
}

std::optional<AttrDef> ParseAttr(std::string_view item) {
  AttrDef def;
  def.name = std::string(Take(&item, ':'));
  std::string_view type = item;
  std::string_view default_text;
  // ">= 1" comes before "= default".
  if (const size_t at = type.find(">="); at != type.npos) {
    std::string_view rest = type.substr(at + 2);
    def.minimum = ParseInt(Take(&rest, '='));
    if (!def.minimum) return std::nullopt;
    default_text = rest;
    type = Strip(type.substr(0, at));
  } else {
    std::string_view rest = type;
    type = Take(&rest, '=');
    default_text = rest;
  }
  const std::optional<std::string_view> element = Inside(type, "list(", ")");
  def.allowed_values = ParseAllowed(element.value_or(type));
  if (def.allowed_values) {
    const bool strings = !def.allowed_values->list()->s.empty();
    const std::string base = strings ? "string" : "type";
    def.type = element ? "list(" + base + ")" : base;
  } else {
    def.type = std::string(type);
  }
  if (!default_text.empty()) {
    def.default_value = ParseValue(def.type, default_text);
    if (!def.default_value) return std::nullopt;
  }
  if (def.name.empty() || def.type.empty()) return std::nullopt;
  return def;
}

std::optional<ArgDef> ParseArg(std::string_view item, const OpDef& op) {
  ArgDef arg;
  arg.name = std::string(Take(&item, ':'));
  std::string_view type = item;
  if (const auto inner = Inside(item, "Ref(", ")")) {
    arg.is_ref = true;
    type = *inner;
  } else if (item.find('*') != item.npos) {
    arg.number_attr = std::string(Take(&type, '*'));
    const AttrDef* number = op.FindAttr(arg.number_attr);
    if (number == nullptr || number->type != "int") return std::nullopt;
  }
  if (const AttrDef* attr = op.FindAttr(type)) {
    if (attr->type == "type") {
      arg.type_attr = attr->name;
    } else if (attr->type == "list(type)" && arg.number_attr.empty()) {
      arg.type_list_attr = attr->name;
    } else {
      return std::nullopt;
    }
  } else if (const auto dtype = ParseDType(type)) {
    arg.type = *dtype;
  } else {
    return std::nullopt;
  }
  if (arg.name.empty()) return std::nullopt;
  return arg;
}

}  // namespace

Result<OpDef> ParseOpSpec(const OpSpec& spec) {
  OpDef op;
  op.name = spec.name;
  op.is_aggregate = (spec.flags & kAggregate) != 0;
  op.is_stateful = (spec.flags & kStateful) != 0;
  op.is_commutative = (spec.flags & kCommutative) != 0;
  op.allows_uninitialized_input = (spec.flags & kAllowsUninitializedInput) != 0;
  op.shape_function = spec.shape_function;
  const auto wrong = [&](std::string_view item) {
    return InvalidArgumentError(op.name + ": cannot read '" +
                                std::string(item) + "'");
  };
  for (std::string_view rest = spec.attrs; !rest.empty();) {
    const std::string_view item = Take(&rest, ';');
    std::optional<AttrDef> attr = ParseAttr(item);
    if (!attr) return wrong(item);
    op.attrs.push_back(std::move(*attr));
  }
  for (std::string_view rest = spec.inputs; !rest.empty();) {
    const std::string_view item = Take(&rest, ';');
    std::optional<ArgDef> arg = ParseArg(item, op);
    if (!arg) return wrong(item);
    op.inputs.push_back(std::move(*arg));
  }
  for (std::string_view rest = spec.outputs; !rest.empty();) {
    const std::string_view item = Take(&rest, ';');
    std::optional<ArgDef> arg = ParseArg(item, op);
    if (!arg) return wrong(item);
    op.outputs.push_back(std::move(*arg));
  }
  return op;
}

}  // namespace tensorbundle::graph
