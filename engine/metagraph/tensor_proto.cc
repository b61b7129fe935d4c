// TensorProto   1 dtype   2 tensor_shape   4 tensor_content, raw elements
//               5 float_val   6 double_val   7 int_val   8 string_val
//               9 scomplex_val   10 int64_val   11 bool_val   12 dcomplex_val
//               13 half_val   16 uint32_val   17 uint64_val
//
// The numbers of 5 to 17 are packed. int_val holds every integer type of up to
// 32 bits that has no field of its own, half_val the bits of both half types.
//
// TensorShapeProto   2 dim { 1 size   2 name }   3 unknown_rank
#include "engine/metagraph/tensor_proto.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/util/allocation.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::PartialShape;

namespace {

enum class Form { kVarint, kFixed32, kFixed64, kString };

// Where the values of a type stand, if not in tensor_content.
struct ValueField {
  uint32_t number = 0;  // 0: the type has no values
  Form form = Form::kVarint;
  bool is_signed = false;
  bool raw_if_many = false;  // tensor_util.py: _TENSOR_CONTENT_TYPES
};

constexpr ValueField FieldOf(DType dtype) {
  switch (dtype) {
    case DType::kFloat:
      return {5, Form::kFixed32, false, true};
    case DType::kDouble:
      return {6, Form::kFixed64, false, true};
    case DType::kInt32:
    case DType::kInt16:
    case DType::kInt8:
    case DType::kQint8:
    case DType::kQint16:
    case DType::kQint32:
      return {7, Form::kVarint, true, true};
    case DType::kUint8:
    case DType::kQuint8:
    case DType::kQuint16:
      return {7, Form::kVarint, false, true};
    case DType::kUint16:
      return {7, Form::kVarint, false, false};
    case DType::kString:
      return {8, Form::kString, false, false};
    case DType::kComplex64:
      return {9, Form::kFixed32, false, false};
    case DType::kInt64:
      return {10, Form::kVarint, true, true};
    case DType::kBool:
      return {11, Form::kVarint, false, false};
    case DType::kComplex128:
      return {12, Form::kFixed64, false, false};
    case DType::kHalf:
    case DType::kBfloat16:
      return {13, Form::kVarint, false, false};
    case DType::kUint32:
      return {16, Form::kVarint, false, true};
    case DType::kUint64:
      return {17, Form::kVarint, false, true};
    default:
      return {};
  }
}

// A little-endian integer of 1 to 8 bytes.
uint64_t LoadInteger(const uint8_t* p, size_t size, bool is_signed) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= uint64_t{p[i]} << (8 * i);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(size);
  if (!is_signed || unused == 0) return value;
  return static_cast<uint64_t>(static_cast<int64_t>(value << unused) >> unused);
}

void AppendLittleEndian(std::string* out, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

std::string_view AsText(Bytes bytes) { return AsString(bytes); }

// The values of a packed field, or the one of an unpacked one, each as
// `size` bytes.
bool AppendValues(const WireField& wire, const ValueField& field, size_t size,
                  std::string* out) {
  if (wire.type != WireType::kBytes) {
    AppendLittleEndian(out, wire.value, size);
    return true;
  }
  if (field.form != Form::kVarint) {
    if (wire.bytes.size() % size != 0) return false;
    out->append(AsText(wire.bytes));
    return true;
  }
  Cursor cursor(wire.bytes);
  while (!cursor.empty()) {
    uint64_t value = 0;
    if (!cursor.ReadVarint64(&value)) return false;
    AppendLittleEndian(out, value, size);
  }
  return true;
}

struct Parts {
  DType dtype = DType::kInvalid;
  PartialShape shape = PartialShape::Of({});
  Bytes content;
};

bool ReadParts(Bytes message, Parts* parts) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return false;
    if (field.number == 1) {
      parts->dtype = static_cast<DType>(static_cast<int32_t>(field.value));
    } else if (field.number == 2) {
      const auto shape = ParseShapeProto(field.bytes);
      if (!shape) return false;
      parts->shape = *shape;
    } else if (field.number == 4) {
      parts->content = field.bytes;
    }
  }
  return true;
}

// Takes what the missing elements cost off `*expansion`. False when that is too
// much, or more than there is memory.
bool Spend(uint64_t elements, size_t size, uint64_t* expansion) {
  const auto bytes = CheckedMul(elements, size);
  if (!bytes || *bytes > *expansion || !CanAllocate(*bytes)) return false;
  *expansion -= *bytes;
  return true;
}

std::optional<Tensor> ParseStrings(Bytes message, const Shape& shape,
                                   uint64_t* expansion) {
  std::vector<std::string> values;
  const uint64_t count = static_cast<uint64_t>(shape.num_elements());
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return std::nullopt;
    if (field.number == 8 && values.size() < count) {
      values.emplace_back(AsText(field.bytes));
    }
  }
  if (values.size() < count) {
    const std::string last = values.empty() ? std::string() : values.back();
    if (!Spend(count - values.size(), last.size() + sizeof(last), expansion)) {
      return std::nullopt;
    }
    values.resize(static_cast<size_t>(count), last);
  }
  return Tensor::FromStrings(shape, std::move(values));
}

// `values`, and its last element, or zero, up to the end of the tensor.
std::optional<Tensor> RepeatLast(DType dtype, const Shape& shape,
                                 const std::string& values) {
  Result<Tensor> tensor = Tensor::Create(dtype, shape);
  if (!tensor.ok()) return std::nullopt;
  if (values.empty()) return std::move(tensor).value();
  const size_t size = DTypeSize(dtype);
  const MutableBytes bytes = tensor->mutable_bytes();
  std::copy(values.begin(), values.end(), bytes.begin());
  for (size_t at = values.size(); at < bytes.size(); at += size) {
    std::copy_n(&bytes[at - size], size, &bytes[at]);
  }
  return std::move(tensor).value();
}

std::optional<Tensor> ParseNumbers(Bytes message, const Parts& parts,
                                   const Shape& shape, const ValueField& field,
                                   uint64_t* expansion) {
  const size_t size = DTypeSize(parts.dtype);
  const uint64_t count = static_cast<uint64_t>(shape.num_elements());
  const auto total = CheckedMul(count, size);
  if (!total) return std::nullopt;
  std::string values;
  if (!parts.content.empty()) {
    if (parts.content.size() != *total) return std::nullopt;
    values = AsText(parts.content);
  } else {
    const size_t unit = DTypeComponentSize(parts.dtype);
    Cursor cursor(message);
    while (!cursor.empty()) {
      WireField wire;
      if (!ReadWireField(&cursor, &wire)) return std::nullopt;
      if (wire.number == field.number &&
          !AppendValues(wire, field, unit, &values)) {
        return std::nullopt;
      }
    }
    if (values.size() % size != 0) return std::nullopt;
    if (values.size() > *total) values.resize(static_cast<size_t>(*total));
    if (values.size() < *total) {
      const uint64_t missing = (*total - values.size()) / size;
      if (!Spend(missing, size, expansion)) return std::nullopt;
      return RepeatLast(parts.dtype, shape, values);
    }
  }
  Result<Tensor> tensor =
      Tensor::FromBytes(parts.dtype, shape, AsBytes(values));
  if (!tensor.ok()) return std::nullopt;
  return std::move(tensor).value();
}

}  // namespace

void AppendShapeProto(std::string* out, const PartialShape& shape) {
  if (!shape.has_rank()) {
    AppendWireVarint(out, 3, 1);
    return;
  }
  for (const int64_t dim : shape.dims()) {
    std::string message;
    if (dim != 0) AppendWireVarint(&message, 1, static_cast<uint64_t>(dim));
    AppendWireBytes(out, 2, message);
  }
}

std::optional<PartialShape> ParseShapeProto(Bytes message) {
  std::vector<int64_t> dims;
  bool unknown_rank = false;
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return std::nullopt;
    if (field.number == 3) unknown_rank = field.value != 0;
    if (field.number != 2) continue;
    if (dims.size() == static_cast<size_t>(Shape::kMaxRank)) {
      return std::nullopt;
    }
    int64_t size = 0;
    Cursor dim(field.bytes);
    while (!dim.empty()) {
      WireField part;
      if (!ReadWireField(&dim, &part)) return std::nullopt;
      if (part.number == 1) size = static_cast<int64_t>(part.value);
    }
    dims.push_back(size);
  }
  if (unknown_rank) return PartialShape();
  Result<PartialShape> shape = PartialShape::Create(dims);
  if (!shape.ok()) return std::nullopt;
  return std::move(shape).value();
}

void AppendTensorProto(std::string* out, const Tensor& tensor) {
  const ValueField field = FieldOf(tensor.dtype());
  AppendWireVarint(out, 1, static_cast<uint64_t>(tensor.dtype()));
  std::string shape;
  AppendShapeProto(&shape, tensor.shape());
  AppendWireBytes(out, 2, shape);
  if (tensor.num_elements() == 0) return;
  if (field.form == Form::kString) {
    for (const std::string& value : tensor.strings()) {
      AppendWireBytes(out, field.number, value);
    }
    return;
  }
  const Bytes bytes = tensor.bytes();
  if (tensor.num_elements() > 1 && field.raw_if_many) {
    AppendWireBytes(out, 4, AsText(bytes));
    return;
  }
  if (field.form != Form::kVarint) {
    AppendWireBytes(out, field.number, AsText(bytes));
    return;
  }
  std::string values;
  const size_t size = DTypeSize(tensor.dtype());
  for (size_t at = 0; at < bytes.size(); at += size) {
    AppendVarint64(&values, LoadInteger(&bytes[at], size, field.is_signed));
  }
  AppendWireBytes(out, field.number, values);
}

std::optional<Tensor> ParseTensorProto(Bytes message, uint64_t* expansion) {
  Parts parts;
  if (!ReadParts(message, &parts)) return std::nullopt;
  const ValueField field = FieldOf(parts.dtype);
  const std::optional<Shape> shape = parts.shape.AsShape();
  if (field.number == 0 || !shape) return std::nullopt;
  if (field.form == Form::kString) {
    // Encoded strings in tensor_content: never seen, and never written here.
    if (!parts.content.empty()) return std::nullopt;
    return ParseStrings(message, *shape, expansion);
  }
  return ParseNumbers(message, parts, *shape, field, expansion);
}

}  // namespace tensorbundle::metagraph
