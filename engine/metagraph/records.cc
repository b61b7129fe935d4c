// SaverDef           1 filename_tensor_name   2 save_tensor_name
//                    3 restore_op_name   4 max_to_keep   5 sharded
//                    6 keep_checkpoint_every_n_hours, a float   7 version
// VariableDef        1 variable_name   2 initializer_name   3 snapshot_name
//                    4 save_slice_info_def   5 is_resource
//                    6 initial_value_name   7 trainable
//                    8 synchronization   9 aggregation
// SaveSliceInfoDef   1 full_name   2 full_shape   3 var_offset   4 var_shape
//
// A field that has its default is not written.
#include "engine/metagraph/records.h"

#include <utility>

#include "engine/graph/lookup.h"
#include "engine/metagraph/attr_codec.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::Element;
using graph::ElementKinds;
using graph::Graph;
using graph::SaveSliceInfo;
using graph::Variable;

namespace {

void AppendText(std::string* out, uint32_t number, std::string_view text) {
  if (!text.empty()) AppendWireBytes(out, number, text);
}

void AppendNumber(std::string* out, uint32_t number, uint64_t value) {
  if (value != 0) AppendWireVarint(out, number, value);
}

void AppendNumbers(std::string* out, uint32_t number,
                   const std::vector<int64_t>& values) {
  std::string packed;
  for (const int64_t value : values) {
    AppendVarint64(&packed, static_cast<uint64_t>(value));
  }
  AppendText(out, number, packed);
}

std::string EncodeSlice(const SaveSliceInfo& slice) {
  std::string out;
  AppendText(&out, 1, slice.full_name);
  AppendNumbers(&out, 2, slice.full_shape);
  AppendNumbers(&out, 3, slice.var_offset);
  AppendNumbers(&out, 4, slice.var_shape);
  return out;
}

bool AddNumbers(const WireField& field, std::vector<int64_t>* out) {
  if (field.type != WireType::kBytes) {
    out->push_back(static_cast<int64_t>(field.value));
    return true;
  }
  Cursor cursor(field.bytes);
  while (!cursor.empty()) {
    uint64_t value = 0;
    if (!cursor.ReadVarint64(&value)) return false;
    out->push_back(static_cast<int64_t>(value));
  }
  return true;
}

Result<SaveSliceInfo> DecodeSlice(Bytes message, std::string_view scope) {
  SaveSliceInfo slice;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    bool read = true;
    if (field.number == 1) {
      slice.full_name = std::string(scope) + std::string(AsString(field.bytes));
    }
    if (field.number == 2) read = AddNumbers(field, &slice.full_shape);
    if (field.number == 3) read = AddNumbers(field, &slice.var_offset);
    if (field.number == 4) read = AddNumbers(field, &slice.var_shape);
    if (!read) return ParseError();
  }
  if (slice.var_offset.size() != slice.full_shape.size() ||
      slice.var_shape.size() != slice.full_shape.size()) {
    return InvalidArgumentError("The slice of variable " + slice.full_name +
                                " has another rank than the variable");
  }
  return slice;
}

std::string_view WithoutScope(std::string_view name, std::string_view scope) {
  return name.substr(0, scope.size()) == scope ? name.substr(scope.size())
                                               : name;
}

}  // namespace

bool HoldsVariableDefs(std::string_view collection) {
  for (const std::string_view key :
       {"variables", "trainable_variables", "moving_average_variables",
        "local_variables", "model_variables", "metric_variables", "global_step",
        "eval_step"}) {
    if (collection == key) return true;
  }
  return false;
}

std::string EncodeSaverDef(const train::SaverDef& def) {
  std::string out;
  AppendText(&out, 1, def.filename_tensor_name);
  AppendText(&out, 2, def.save_tensor_name);
  AppendText(&out, 3, def.restore_op_name);
  AppendNumber(&out, 4,
               static_cast<uint64_t>(static_cast<int64_t>(def.max_to_keep)));
  AppendNumber(&out, 5, def.sharded ? 1 : 0);
  const uint32_t hours = BitCast<uint32_t>(def.keep_checkpoint_every_n_hours);
  if (hours != 0) AppendWireFixed32(&out, 6, hours);
  AppendNumber(&out, 7, static_cast<uint64_t>(def.version));
  return out;
}

train::SaverDef EmptySaverDef() {
  train::SaverDef def;
  def.max_to_keep = 0;
  def.keep_checkpoint_every_n_hours = 0;
  def.version = train::CheckpointVersion::kLegacy;
  return def;
}

Status DecodeSaverDef(Bytes message, train::SaverDef* def) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    if (field.number == 1) def->filename_tensor_name = AsString(field.bytes);
    if (field.number == 2) def->save_tensor_name = AsString(field.bytes);
    if (field.number == 3) def->restore_op_name = AsString(field.bytes);
    if (field.number == 4) {
      def->max_to_keep = static_cast<int32_t>(field.value);
    }
    if (field.number == 5) def->sharded = field.value != 0;
    if (field.number == 6) {
      def->keep_checkpoint_every_n_hours =
          BitCast<float>(static_cast<uint32_t>(field.value));
    }
    if (field.number == 7) {
      def->version = static_cast<train::CheckpointVersion>(
          static_cast<int32_t>(field.value));
    }
  }
  return OkStatus();
}

std::string EncodeVariableDef(const Variable& variable,
                              std::string_view scope) {
  std::string out;
  AppendText(&out, 1, WithoutScope(variable.variable.name(), scope));
  AppendText(&out, 2, WithoutScope(variable.initializer->name(), scope));
  AppendText(&out, 3, WithoutScope(variable.snapshot.name(), scope));
  if (variable.slice) {
    SaveSliceInfo slice = *variable.slice;
    slice.full_name = WithoutScope(slice.full_name, scope);
    AppendWireBytes(&out, 4, EncodeSlice(slice));
  }
  AppendNumber(&out, 5, variable.is_resource ? 1 : 0);
  if (variable.initial_value.node != nullptr) {
    AppendText(&out, 6, WithoutScope(variable.initial_value.name(), scope));
  }
  AppendNumber(&out, 7, variable.trainable ? 1 : 0);
  return out + variable.other_fields;
}

Result<Variable> DecodeVariableDef(const Graph& graph, std::string_view scope,
                                   Bytes message) {
  Variable variable;
  variable.trainable = false;
  const auto find = [&](const WireField& field, ElementKinds kind) {
    return FindElement(
        graph, std::string(scope) + std::string(AsString(field.bytes)), kind);
  };
  const auto output = [](const Element& element) {
    return graph::Output{element.node, *element.output};
  };
  Cursor cursor(message);
  while (!cursor.empty()) {
    const size_t begin = cursor.position();
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    switch (field.number) {
      case 1: {
        TB_ASSIGN_OR_RETURN(const Element found,
                            find(field, ElementKinds::kTensor));
        variable.variable = output(found);
        break;
      }
      case 2: {
        TB_ASSIGN_OR_RETURN(const Element found,
                            find(field, ElementKinds::kOperation));
        variable.initializer = found.node;
        break;
      }
      case 3: {
        TB_ASSIGN_OR_RETURN(const Element found,
                            find(field, ElementKinds::kTensor));
        variable.snapshot = output(found);
        break;
      }
      case 4: {
        TB_ASSIGN_OR_RETURN(variable.slice, DecodeSlice(field.bytes, scope));
        break;
      }
      case 5:
        variable.is_resource = field.value != 0;
        break;
      case 6: {
        TB_ASSIGN_OR_RETURN(const Element found,
                            find(field, ElementKinds::kTensor));
        variable.initial_value = output(found);
        break;
      }
      case 7:
        variable.trainable = field.value != 0;
        break;
      default:
        variable.other_fields +=
            AsString(message.subspan(begin, cursor.position() - begin));
    }
  }
  if (variable.variable.node == nullptr || variable.initializer == nullptr ||
      variable.snapshot.node == nullptr) {
    return PyValueError(
        "A VariableDef names no variable, initializer or value");
  }
  return variable;
}

}  // namespace tensorbundle::metagraph
