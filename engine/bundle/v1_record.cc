// Of the messages in engine/proto/saved_tensor_slice.proto:
//
//   12 data { 0a name | 12 slice | 1a TensorProto { values } }
//
// The values are one field, chosen by the dtype:
//
//   2a n | float ...      5 float_val        float
//   32 n | double ...     6 double_val       double
//   3a n | varint ...     7 int_val          integers of up to 32 bits; those
//                                            below 0 as 10 bytes
//   42 n | bytes          8 string_val       string: a field an element
//   4a n | float ...      9 scomplex_val     complex64: real, imaginary, ...
//   52 n | varint ...    10 int64_val        int64
//   5a n | varint ...    11 bool_val         bool
//   62 n | double ...    12 dcomplex_val     complex128
//   6a n | varint ...    13 half_val         half: the bits as a number
#include "engine/bundle/v1_record.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "engine/bundle/messages.h"
#include "engine/util/wire.h"

namespace tensorbundle::bundle {

namespace {

// Field numbers of saved_tensor_slice.proto.
constexpr uint32_t kRecordData = 2;
constexpr uint32_t kSliceName = 1;
constexpr uint32_t kSliceSlice = 2;
constexpr uint32_t kSliceData = 3;

enum class Coding { kFixed, kUnsigned, kSigned, kBool, kString };

struct ValueField {
  uint32_t number = 0;  // 0: V1 has none for the dtype
  Coding coding = Coding::kFixed;
  // tensor_slice_writer.cc: MaxBytesPerElement().
  uint64_t max_bytes = 0;
};

ValueField FieldFor(DType dtype) {
  switch (dtype) {
    case DType::kFloat:
      return {5, Coding::kFixed, 4};
    case DType::kDouble:
      return {6, Coding::kFixed, 8};
    case DType::kInt32:
    case DType::kInt16:
    case DType::kInt8:
    case DType::kQint8:
    case DType::kQint32:
      return {7, Coding::kSigned, 10};
    case DType::kUint8:
    case DType::kQuint8:
      return {7, Coding::kUnsigned, 2};
    case DType::kUint16:
    case DType::kQuint16:
      return {7, Coding::kUnsigned, 3};
    case DType::kString:
      return {8, Coding::kString, 10};
    case DType::kComplex64:
      return {9, Coding::kFixed, 8};
    case DType::kInt64:
      return {10, Coding::kSigned, 10};
    case DType::kBool:
      return {11, Coding::kBool, 1};
    case DType::kComplex128:
      return {12, Coding::kFixed, 16};
    case DType::kHalf:
      return {13, Coding::kUnsigned, 3};
    default:
      return {};
  }
}

// tensor_slice_writer.cc: kMaxMessageBytes, kTensorProtoHeaderBytes.
constexpr uint64_t kMaxMessageBytes = uint64_t{1} << 31;
constexpr uint64_t kTensorProtoHeaderBytes = 1024;

Status CheckSize(uint64_t prefix, uint64_t values) {
  const uint64_t estimate = prefix + kTensorProtoHeaderBytes + values;
  if (estimate <= kMaxMessageBytes) return OkStatus();
  return InvalidArgumentError(
      "Tensor slice is too large to serialize (conservative estimate: " +
      std::to_string(estimate) + " bytes)");
}

// The fields of SavedSlice before its data.
std::string SlicePrefix(std::string_view name, const Slice& slice) {
  proto::TensorSliceProto message;
  SetSlice(slice, &message);
  std::string prefix;
  if (!name.empty()) AppendWireBytes(&prefix, kSliceName, name);
  AppendWireBytes(&prefix, kSliceSlice, message.SerializeAsString());
  return prefix;
}

// The record up to its values, of which there are `values_size` bytes.
std::string RecordPrefix(const std::string& slice_prefix,
                         uint64_t values_size) {
  std::string values_header;
  AppendWireLength(&values_header, kSliceData, values_size);
  const uint64_t size =
      slice_prefix.size() + values_header.size() + values_size;
  std::string record;
  record.reserve(static_cast<size_t>(size) + 2 * kMaxVarint64Size);
  AppendWireLength(&record, kRecordData, size);
  return record.append(slice_prefix).append(values_header);
}

// The varint of the element at `p`: what protobuf makes of its int32, int64,
// bool or half_val.
uint64_t LoadElement(const uint8_t* p, size_t size, Coding coding) {
  uint64_t bits = 0;
  for (size_t i = 0; i < size; ++i) bits |= uint64_t{p[i]} << (8 * i);
  if (coding == Coding::kBool) return bits != 0;
  if (coding == Coding::kUnsigned) return bits;
  const size_t unused = 64 - 8 * size;
  return static_cast<uint64_t>(static_cast<int64_t>(bits << unused) >> unused);
}

void StoreElement(uint64_t value, size_t size, Coding coding, uint8_t* p) {
  if (coding == Coding::kBool) value = value != 0;
  for (size_t i = 0; i < size; ++i) {
    p[i] = static_cast<uint8_t>(value >> (8 * i));
  }
}

Status NoRecord() {
  return DataLossError("A record is no SavedTensorSlices message");
}

// Calls visit(field) for each field `number` of `message`. Returns false when
// the message is malformed or visit() returns false.
template <typename Visit>
bool ForEachNumbered(Bytes message, uint32_t number, Visit visit) {
  return ForEachField(message, [&](const WireField& field) {
    return field.number != number || visit(field);
  });
}

// A message that stands in pieces is what its pieces say one after the other; a
// field of another type than its own is an unknown one, as for protobuf.
template <typename Visit>
bool ForEachValueField(Bytes record, uint32_t number, Visit visit) {
  const auto in = [](auto next) {
    return [next](const WireField& field) {
      return field.type != WireType::kBytes || next(field.bytes);
    };
  };
  return ForEachNumbered(record, kRecordData, in([&](Bytes slice) {
                           return ForEachNumbered(
                               slice, kSliceData, in([&](Bytes tensor) {
                                 return ForEachNumbered(tensor, number, visit);
                               }));
                         }));
}

// The type of a value that is not packed.
WireType SingleType(size_t component_size) {
  return component_size == 4 ? WireType::kFixed32 : WireType::kFixed64;
}

// Fills memory from the front, with values packed or one a field.
class Filler {
 public:
  Filler(MutableBytes elements, DType dtype)
      : elements_(elements),
        element_size_(DTypeSize(dtype)),
        component_size_(DTypeComponentSize(dtype)),
        coding_(FieldFor(dtype).coding) {}

  bool Take(const WireField& field) {
    return coding_ == Coding::kFixed ? TakeFixed(field) : TakeVarints(field);
  }

  bool full() const { return filled_ == elements_.size(); }

 private:
  bool TakeFixed(const WireField& field) {
    if (field.type == WireType::kBytes) {
      if (field.bytes.size() % component_size_ != 0) return false;
      const size_t n = std::min(field.bytes.size(), elements_.size() - filled_);
      if (n > 0) {
        std::memcpy(elements_.data() + filled_, field.bytes.data(), n);
      }
      filled_ += n;
      return true;
    }
    if (field.type == SingleType(component_size_)) {
      Store(field.value, component_size_);
    }
    return true;
  }

  bool TakeVarints(const WireField& field) {
    if (field.type == WireType::kVarint) Store(field.value, element_size_);
    if (field.type != WireType::kBytes) return true;
    Cursor cursor(field.bytes);
    while (!cursor.empty()) {
      uint64_t value = 0;
      if (!cursor.ReadVarint64(&value)) return false;
      Store(value, element_size_);
    }
    return true;
  }

  void Store(uint64_t value, size_t size) {
    if (full()) return;
    StoreElement(value, size, coding_, elements_.data() + filled_);
    filled_ += size;
  }

  MutableBytes elements_;
  size_t element_size_;
  size_t component_size_;
  Coding coding_;
  size_t filled_ = 0;
};

}  // namespace

bool IsV1DType(DType dtype) { return FieldFor(dtype).number != 0; }

Result<std::string> EncodeV1Record(std::string_view name, const Slice& slice,
                                   DType dtype, Bytes elements) {
  const ValueField field = FieldFor(dtype);
  const size_t size = DTypeSize(dtype);
  assert(size > 0 && elements.size() % size == 0);
  const std::string prefix = SlicePrefix(name, slice);
  TB_RETURN_IF_ERROR(
      CheckSize(prefix.size(), elements.size() / size * field.max_bytes));
  if (elements.empty()) return RecordPrefix(prefix, 0);

  uint64_t packed_size = elements.size();
  if (field.coding != Coding::kFixed) {
    packed_size = 0;
    for (size_t i = 0; i < elements.size(); i += size) {
      packed_size +=
          VarintSize(LoadElement(elements.data() + i, size, field.coding));
    }
  }
  std::string values_header;
  AppendWireLength(&values_header, field.number, packed_size);
  std::string record = RecordPrefix(prefix, values_header.size() + packed_size);
  record += values_header;
  if (field.coding == Coding::kFixed) {
    record += AsString(elements);
  } else {
    for (size_t i = 0; i < elements.size(); i += size) {
      AppendVarint64(&record,
                     LoadElement(elements.data() + i, size, field.coding));
    }
  }
  return record;
}

Result<std::string> EncodeV1Record(std::string_view name, const Slice& slice,
                                   std::span<const std::string> elements) {
  const ValueField field = FieldFor(DType::kString);
  const std::string prefix = SlicePrefix(name, slice);
  uint64_t estimate = elements.size() * field.max_bytes;
  for (const std::string& element : elements) estimate += element.size();
  TB_RETURN_IF_ERROR(CheckSize(prefix.size(), estimate));
  std::string values;
  for (const std::string& element : elements) {
    AppendWireBytes(&values, field.number, element);
  }
  return RecordPrefix(prefix, values.size()) + values;
}

std::optional<uint64_t> CountV1Values(Bytes record, DType dtype) {
  const ValueField field = FieldFor(dtype);
  if (field.number == 0) return std::nullopt;
  const size_t component = DTypeComponentSize(dtype);
  uint64_t count = 0;
  const bool parsed =
      ForEachValueField(record, field.number, [&](const WireField& value) {
        switch (field.coding) {
          case Coding::kString:
            count += value.type == WireType::kBytes ? 1 : 0;
            return true;
          case Coding::kFixed:
            if (value.type != WireType::kBytes) {
              count += value.type == SingleType(component) ? 1 : 0;
              return true;
            }
            count += value.bytes.size() / component;
            return value.bytes.size() % component == 0;
          default:
            if (value.type != WireType::kBytes) {
              count += value.type == WireType::kVarint ? 1 : 0;
              return true;
            }
            // The last byte of a varint is the one below 0x80.
            for (const uint8_t byte : value.bytes) count += byte < 0x80 ? 1 : 0;
            return true;
        }
      });
  if (!parsed) return std::nullopt;
  // Two components make a complex number.
  return field.coding == Coding::kFixed ? count * component / DTypeSize(dtype)
                                        : count;
}

Result<Tensor> DecodeV1Record(Bytes record, DType dtype, const Shape& shape) {
  const ValueField field = FieldFor(dtype);
  if (field.number == 0) {
    return UnimplementedError("Restoring data type " + DTypeString(dtype) +
                              " not yet supported");
  }
  const uint64_t count = static_cast<uint64_t>(shape.num_elements());
  const auto too_few = [&] {
    return DataLossError("A record of " + std::to_string(record.size()) +
                         " bytes has too few values for a slice of shape " +
                         shape.ToString());
  };
  const auto values = CountV1Values(record, dtype);
  if (!values) return NoRecord();
  if (count > *values) return too_few();
  TB_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Create(dtype, shape));

  bool parsed = false;
  bool full = false;
  if (field.coding == Coding::kString) {
    const std::span<std::string> strings = tensor.mutable_strings();
    size_t filled = 0;
    parsed =
        ForEachValueField(record, field.number, [&](const WireField& value) {
          if (value.type == WireType::kBytes && filled < strings.size()) {
            strings[filled++] = AsString(value.bytes);
          }
          return true;
        });
    full = filled == strings.size();
  } else {
    Filler filler(tensor.mutable_bytes(), dtype);
    parsed = ForEachValueField(
        record, field.number,
        [&](const WireField& value) { return filler.Take(value); });
    full = filler.full();
  }
  if (!parsed) return NoRecord();
  if (!full) return too_few();
  return tensor;
}

}  // namespace tensorbundle::bundle
