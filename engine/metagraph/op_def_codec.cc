// OpDef     1 name   2 input_arg   3 output_arg   4 attr   5 summary
//           6 description   8 deprecation   16 is_aggregate   17 is_stateful
//           18 is_commutative   19 allows_uninitialized_input
// ArgDef    1 name   2 description   3 type   4 type_attr   5 number_attr
//           6 type_list_attr   16 is_ref
// AttrDef   1 name   2 type   3 default_value   4 description   5 has_minimum
//           6 minimum   7 allowed_values
#include "engine/metagraph/op_def_codec.h"

#include <utility>

#include "engine/metagraph/attr_codec.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::ArgDef;
using graph::AttrDef;
using graph::AttrValue;
using graph::OpDef;

namespace {

void AppendText(std::string* out, uint32_t number, const std::string& text) {
  if (!text.empty()) AppendWireBytes(out, number, text);
}

void AppendFlag(std::string* out, uint32_t number, bool flag) {
  if (flag) AppendWireVarint(out, number, 1);
}

std::string EncodeArg(const ArgDef& arg) {
  std::string out;
  AppendText(&out, 1, arg.name);
  if (arg.type != DType::kInvalid) {
    AppendWireVarint(&out, 3, static_cast<uint64_t>(arg.type));
  }
  AppendText(&out, 4, arg.type_attr);
  AppendText(&out, 5, arg.number_attr);
  AppendText(&out, 6, arg.type_list_attr);
  AppendFlag(&out, 16, arg.is_ref);
  return out;
}

std::string EncodeAttr(const AttrDef& attr) {
  std::string out;
  AppendText(&out, 1, attr.name);
  AppendText(&out, 2, attr.type);
  if (attr.default_value) {
    AppendWireBytes(&out, 3, EncodeAttrValue(*attr.default_value));
  }
  if (attr.minimum) {
    AppendWireVarint(&out, 5, 1);
    if (*attr.minimum != 0) {
      AppendWireVarint(&out, 6, static_cast<uint64_t>(*attr.minimum));
    }
  }
  if (attr.allowed_values) {
    AppendWireBytes(&out, 7, EncodeAttrValue(*attr.allowed_values));
  }
  return out;
}

Result<ArgDef> DecodeArg(Bytes message) {
  ArgDef arg;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    const std::string text(AsString(field.bytes));
    if (field.number == 1) arg.name = text;
    if (field.number == 3) {
      arg.type = static_cast<DType>(static_cast<int32_t>(field.value));
    }
    if (field.number == 4) arg.type_attr = text;
    if (field.number == 5) arg.number_attr = text;
    if (field.number == 6) arg.type_list_attr = text;
    if (field.number == 16) arg.is_ref = field.value != 0;
  }
  return arg;
}

Result<AttrDef> DecodeAttr(Bytes message) {
  AttrDef attr;
  bool has_minimum = false;
  int64_t minimum = 0;
  uint64_t no_expansion = 0;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    if (field.number == 1) attr.name = AsString(field.bytes);
    if (field.number == 2) attr.type = AsString(field.bytes);
    if (field.number == 5) has_minimum = field.value != 0;
    if (field.number == 6) minimum = static_cast<int64_t>(field.value);
    if (field.number == 3) {
      TB_ASSIGN_OR_RETURN(attr.default_value,
                          DecodeAttrValue(field.bytes, &no_expansion));
    }
    if (field.number == 7) {
      TB_ASSIGN_OR_RETURN(AttrValue allowed,
                          DecodeAttrValue(field.bytes, &no_expansion));
      if (allowed.list() != nullptr) attr.allowed_values = std::move(allowed);
    }
  }
  if (has_minimum) attr.minimum = minimum;
  return attr;
}

// True for "", and for an attribute of that type whose default, if any, is of
// the type, too.
bool HasAttr(const OpDef& op, const std::string& name, std::string_view type) {
  if (name.empty()) return true;
  const AttrDef* attr = op.FindAttr(name);
  if (attr == nullptr || attr->type != type) return false;
  if (!attr->default_value) return true;
  const AttrValue& value = *attr->default_value;
  return type == "int"    ? value.integer() != nullptr
         : type == "type" ? value.type() != nullptr
                          : value.list() != nullptr;
}

bool IsConsistent(const OpDef& op) {
  for (const std::vector<ArgDef>* args : {&op.inputs, &op.outputs}) {
    for (const ArgDef& arg : *args) {
      if (!HasAttr(op, arg.type_attr, "type") ||
          !HasAttr(op, arg.number_attr, "int") ||
          !HasAttr(op, arg.type_list_attr, "list(type)")) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

std::string EncodeOpDef(const OpDef& op) {
  std::string out;
  AppendText(&out, 1, op.name);
  for (const ArgDef& arg : op.inputs) AppendWireBytes(&out, 2, EncodeArg(arg));
  for (const ArgDef& arg : op.outputs) AppendWireBytes(&out, 3, EncodeArg(arg));
  for (const AttrDef& attr : op.attrs) {
    AppendWireBytes(&out, 4, EncodeAttr(attr));
  }
  AppendFlag(&out, 16, op.is_aggregate);
  AppendFlag(&out, 17, op.is_stateful);
  AppendFlag(&out, 18, op.is_commutative);
  AppendFlag(&out, 19, op.allows_uninitialized_input);
  return out;
}

Result<OpDef> DecodeOpDef(Bytes message) {
  OpDef op;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    switch (field.number) {
      case 1:
        op.name = AsString(field.bytes);
        break;
      case 2:
      case 3: {
        TB_ASSIGN_OR_RETURN(ArgDef arg, DecodeArg(field.bytes));
        (field.number == 2 ? op.inputs : op.outputs).push_back(std::move(arg));
        break;
      }
      case 4: {
        TB_ASSIGN_OR_RETURN(AttrDef attr, DecodeAttr(field.bytes));
        op.attrs.push_back(std::move(attr));
        break;
      }
      case 16:
        op.is_aggregate = field.value != 0;
        break;
      case 17:
        op.is_stateful = field.value != 0;
        break;
      case 18:
        op.is_commutative = field.value != 0;
        break;
      case 19:
        op.allows_uninitialized_input = field.value != 0;
        break;
      default:
        break;
    }
  }
  if (!IsConsistent(op)) {
    return InvalidArgumentError("The OpDef of '" + op.name +
                                "' contradicts itself");
  }
  return op;
}

}  // namespace tensorbundle::metagraph
