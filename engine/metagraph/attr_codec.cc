// AttrValue, one of   1 list   2 s   3 i   4 f   5 b   6 type   7 shape
//                     8 tensor   9 placeholder   10 func
// ListValue           2 s   3 i   4 f   5 b   6 type   7 shape   8 tensor
//                     9 func                    numbers are packed
// NameAttrList        1 name   2 attr { 1 key   2 value }
//
// A member of the first is written whatever its value: an int of 0 is 18 00.
#include "engine/metagraph/attr_codec.h"

#include <optional>
#include <utility>

#include "engine/metagraph/tensor_proto.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::AttrList;
using graph::AttrValue;
using graph::FunctionAttr;
using graph::PartialShape;

namespace {

std::string EncodeFunction(const FunctionAttr& function) {
  std::string out;
  if (!function.name.empty()) AppendWireBytes(&out, 1, function.name);
  if (function.attrs == nullptr) return out;
  for (const auto& [name, value] : function.attrs->map) {
    std::string entry;
    AppendWireBytes(&entry, 1, name);
    AppendWireBytes(&entry, 2, EncodeAttrValue(value));
    AppendWireBytes(&out, 2, entry);
  }
  return out;
}

template <typename T>
void AppendPacked(std::string* out, uint32_t number, const std::vector<T>& v) {
  if (v.empty()) return;
  std::string packed;
  for (const T value : v) {
    AppendVarint64(&packed, static_cast<uint64_t>(value));
  }
  AppendWireBytes(out, number, packed);
}

std::string EncodeShape(const PartialShape& shape) {
  std::string out;
  AppendShapeProto(&out, shape);
  return out;
}

std::string EncodeTensor(const Tensor& tensor) {
  std::string out;
  AppendTensorProto(&out, tensor);
  return out;
}

std::string EncodeList(const AttrList& list) {
  std::string out;
  for (const std::string& s : list.s) AppendWireBytes(&out, 2, s);
  AppendPacked(&out, 3, list.i);
  if (!list.f.empty()) {
    std::string packed;
    for (const float f : list.f) AppendFixed32(&packed, BitCast<uint32_t>(f));
    AppendWireBytes(&out, 4, packed);
  }
  AppendPacked(&out, 5, list.b);
  AppendPacked(&out, 6, list.type);
  for (const PartialShape& shape : list.shape) {
    AppendWireBytes(&out, 7, EncodeShape(shape));
  }
  for (const Tensor& tensor : list.tensor) {
    AppendWireBytes(&out, 8, EncodeTensor(tensor));
  }
  for (const FunctionAttr& function : list.func) {
    AppendWireBytes(&out, 9, EncodeFunction(function));
  }
  return out;
}

// Calls `add` with each varint of a packed field, or the one of another.
template <typename Add>
bool ForEachVarint(const WireField& field, Add add) {
  if (field.type != WireType::kBytes) {
    add(field.value);
    return true;
  }
  Cursor cursor(field.bytes);
  while (!cursor.empty()) {
    uint64_t value = 0;
    if (!cursor.ReadVarint64(&value)) return false;
    add(value);
  }
  return true;
}

bool AddFloats(const WireField& field, std::vector<float>* out) {
  if (field.type != WireType::kBytes) {
    out->push_back(BitCast<float>(static_cast<uint32_t>(field.value)));
    return true;
  }
  Cursor cursor(field.bytes);
  while (!cursor.empty()) {
    uint32_t bits = 0;
    if (!cursor.ReadFixed32(&bits)) return false;
    out->push_back(BitCast<float>(bits));
  }
  return true;
}

// What one message came to: its bytes were wrong, its value is beyond this
// engine, or there it is.
enum class Outcome { kMalformed, kUnknown, kRead };

Outcome AddToList(const WireField& field, uint64_t* expansion, AttrList* list) {
  const auto read = [](bool ok) {
    return ok ? Outcome::kRead : Outcome::kMalformed;
  };
  switch (field.number) {
    case 2:
      list->s.emplace_back(AsString(field.bytes));
      return Outcome::kRead;
    case 3:
      return read(ForEachVarint(field, [list](uint64_t value) {
        list->i.push_back(static_cast<int64_t>(value));
      }));
    case 4:
      return read(AddFloats(field, &list->f));
    case 5:
      return read(ForEachVarint(
          field, [list](uint64_t value) { list->b.push_back(value != 0); }));
    case 6:
      return read(ForEachVarint(field, [list](uint64_t value) {
        list->type.push_back(static_cast<DType>(static_cast<int32_t>(value)));
      }));
    case 7: {
      auto shape = ParseShapeProto(field.bytes);
      if (!shape) return Outcome::kUnknown;
      list->shape.push_back(std::move(*shape));
      return Outcome::kRead;
    }
    case 8: {
      auto tensor = ParseTensorProto(field.bytes, expansion);
      if (!tensor) return Outcome::kUnknown;
      list->tensor.push_back(std::move(*tensor));
      return Outcome::kRead;
    }
    default:
      return Outcome::kUnknown;
  }
}

Outcome ReadList(Bytes message, uint64_t* expansion, AttrList* list) {
  Outcome outcome = Outcome::kRead;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return Outcome::kMalformed;
    const Outcome item = AddToList(field, expansion, list);
    if (item == Outcome::kMalformed) return item;
    if (item == Outcome::kUnknown) outcome = item;
  }
  return outcome;
}

Outcome ReadMember(const WireField& field, uint64_t* expansion,
                   AttrValue* value) {
  switch (field.number) {
    case 1: {
      AttrList list;
      const Outcome outcome = ReadList(field.bytes, expansion, &list);
      if (outcome == Outcome::kRead) *value = AttrValue::List(std::move(list));
      return outcome;
    }
    case 2:
      *value = AttrValue::String(std::string(AsString(field.bytes)));
      return Outcome::kRead;
    case 3:
      *value = AttrValue::Int(static_cast<int64_t>(field.value));
      return Outcome::kRead;
    case 4:
      *value =
          AttrValue::Float(BitCast<float>(static_cast<uint32_t>(field.value)));
      return Outcome::kRead;
    case 5:
      *value = AttrValue::Bool(field.value != 0);
      return Outcome::kRead;
    case 6:
      *value = AttrValue::Type(
          static_cast<DType>(static_cast<int32_t>(field.value)));
      return Outcome::kRead;
    case 7: {
      auto shape = ParseShapeProto(field.bytes);
      if (!shape) return Outcome::kUnknown;
      *value = AttrValue::Shape(std::move(*shape));
      return Outcome::kRead;
    }
    case 8: {
      auto tensor = ParseTensorProto(field.bytes, expansion);
      if (!tensor) return Outcome::kUnknown;
      *value = AttrValue::Tensor(std::move(*tensor));
      return Outcome::kRead;
    }
    case 9:
      *value = AttrValue::Placeholder(std::string(AsString(field.bytes)));
      return Outcome::kRead;
    default:
      return Outcome::kUnknown;
  }
}

}  // namespace

Status ParseError() { return InvalidArgumentError("Error parsing message"); }

std::string EncodeAttrValue(const AttrValue& value) {
  if (value.encoding() != nullptr) return *value.encoding();
  std::string out;
  switch (value.kind()) {
    case AttrValue::Kind::kNone:
      break;
    case AttrValue::Kind::kList:
      AppendWireBytes(&out, 1, EncodeList(*value.list()));
      break;
    case AttrValue::Kind::kString:
      AppendWireBytes(&out, 2, *value.string());
      break;
    case AttrValue::Kind::kInt:
      AppendWireVarint(&out, 3, static_cast<uint64_t>(*value.integer()));
      break;
    case AttrValue::Kind::kFloat:
      AppendWireFixed32(&out, 4, BitCast<uint32_t>(*value.real()));
      break;
    case AttrValue::Kind::kBool:
      AppendWireVarint(&out, 5, *value.boolean() ? 1 : 0);
      break;
    case AttrValue::Kind::kType:
      AppendWireVarint(&out, 6, static_cast<uint64_t>(*value.type()));
      break;
    case AttrValue::Kind::kShape:
      AppendWireBytes(&out, 7, EncodeShape(*value.shape()));
      break;
    case AttrValue::Kind::kTensor:
      AppendWireBytes(&out, 8, EncodeTensor(*value.tensor()));
      break;
    case AttrValue::Kind::kPlaceholder:
      AppendWireBytes(&out, 9, *value.placeholder());
      break;
    case AttrValue::Kind::kFunction:
      AppendWireBytes(&out, 10, EncodeFunction(*value.function()));
      break;
  }
  return out;
}

Result<AttrValue> DecodeAttrValue(Bytes message, uint64_t* expansion) {
  AttrValue value;
  const uint64_t before = *expansion;
  Outcome outcome = Outcome::kRead;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    const Outcome member = ReadMember(field, expansion, &value);
    if (member == Outcome::kMalformed) return ParseError();
    if (member == Outcome::kUnknown) outcome = member;
  }
  if (outcome == Outcome::kUnknown) value = AttrValue();
  // What was expanded is encoded otherwise here, and perhaps much longer.
  if (*expansion != before || EncodeAttrValue(value) != AsString(message)) {
    value.set_encoding(std::string(AsString(message)));
  }
  return value;
}

}  // namespace tensorbundle::metagraph
