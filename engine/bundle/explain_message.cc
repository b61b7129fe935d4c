// A field is a tag, number << 3 | wire type, and what the wire type says:
//
//   0 varint | 1 eight bytes | 2 varint length, bytes | 5 four bytes
#include "engine/bundle/explain_message.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "engine/bundle/entry.h"
#include "engine/util/coding.h"

namespace tensorbundle::bundle {

namespace {

enum class Form { kInteger, kDType, kEndianness, kChecksum, kText, kMessage };

struct Message;

struct Field {
  uint32_t number;
  std::string_view label;
  Form form;
  const Message* message = nullptr;  // kMessage
};

// Field names of tensor_bundle.proto and the files it quotes.
struct Message {
  std::span<const Field> fields;
};

constexpr Field kVersionFields[] = {
    {1, "producer", Form::kInteger},
    {2, "min_consumer", Form::kInteger},
    {3, "bad_consumers", Form::kInteger},
};
constexpr Message kVersion = {kVersionFields};
constexpr Field kHeaderFields[] = {
    {1, "num_shards", Form::kInteger},
    {2, "endianness", Form::kEndianness},
    {3, "version", Form::kMessage, &kVersion},
};
constexpr Message kHeader = {kHeaderFields};

constexpr Field kDimFields[] = {
    {1, "size", Form::kInteger},
    {2, "name", Form::kText},
};
constexpr Message kDim = {kDimFields};
constexpr Field kShapeFields[] = {
    {2, "dim", Form::kMessage, &kDim},
    {3, "unknown_rank", Form::kInteger},
};
constexpr Message kShape = {kShapeFields};
constexpr Field kExtentFields[] = {
    {1, "start", Form::kInteger},
    {2, "length", Form::kInteger},
};
constexpr Message kExtent = {kExtentFields};
constexpr Field kSliceFields[] = {
    {1, "extent", Form::kMessage, &kExtent},
};
constexpr Message kSlice = {kSliceFields};
constexpr Field kEntryFields[] = {
    {1, "dtype", Form::kDType},
    {2, "shape", Form::kMessage, &kShape},
    {3, "shard_id", Form::kInteger},
    {4, "offset", Form::kInteger},
    {5, "size", Form::kInteger},
    {6, "crc32c", Form::kChecksum},
    {7, "slices", Form::kMessage, &kSlice},
};
constexpr Message kEntry = {kEntryFields};

constexpr Field kUnknownField = {0, "unknown field", Form::kText};

const Field& FieldOf(const Message& message, uint32_t number) {
  for (const Field& field : message.fields) {
    if (field.number == number) return field;
  }
  return kUnknownField;
}

std::string Hex32(uint32_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += kDigits[value >> shift & 15];
  }
  return text;
}

std::string IntegerText(const Field& field, uint64_t value) {
  const int64_t number = static_cast<int64_t>(value);
  switch (field.form) {
    case Form::kDType:
      return DTypeString(static_cast<DType>(number));
    case Form::kEndianness:
      return number == 0   ? "little"
             : number == 1 ? "big"
                           : std::to_string(number);
    default:
      return std::to_string(number);
  }
}

// The parts of one field that was read without fault.
struct Parts {
  size_t tag_size = 0;
  size_t length_size = 0;  // wire type 2
  Bytes payload;
  uint32_t number = 0;
  uint32_t wire_type = 0;
  std::string value;

  size_t size() const { return tag_size + length_size + payload.size(); }
};

// False, with the cursor anywhere, when no whole field is left.
bool ReadField(const Message& message, Bytes bytes, Parts* parts) {
  Cursor cursor(bytes);
  uint64_t tag = 0;
  if (!cursor.ReadVarint64(&tag) || tag >> 3 == 0 || tag > UINT32_MAX) {
    return false;
  }
  *parts = Parts();
  parts->tag_size = cursor.position();
  parts->number = static_cast<uint32_t>(tag >> 3);
  parts->wire_type = static_cast<uint32_t>(tag & 7);
  const Field& field = FieldOf(message, parts->number);
  uint64_t number = 0;
  switch (parts->wire_type) {
    case 0: {
      if (!cursor.ReadVarint64(&number)) return false;
      parts->payload =
          bytes.subspan(parts->tag_size, cursor.position() - parts->tag_size);
      parts->value = IntegerText(field, number);
      return true;
    }
    case 1:
      return cursor.ReadBytes(8, &parts->payload);
    case 2: {
      uint64_t length = 0;
      if (!cursor.ReadVarint64(&length)) return false;
      parts->length_size = cursor.position() - parts->tag_size;
      if (!cursor.ReadBytes(length, &parts->payload)) return false;
      if (field.form == Form::kText) {
        parts->value = Shown(AsString(parts->payload));
      }
      return true;
    }
    case 5: {
      if (!cursor.ReadBytes(4, &parts->payload)) return false;
      parts->value = Hex32(DecodeFixed32(parts->payload.data()));
      return true;
    }
    default:
      return false;
  }
}

// The meaning of a message as a whole, where it has a short form.
std::string MessageText(const Message& message, Bytes payload) {
  if (&message != &kShape && &message != &kSlice) return {};
  // The entry that has this field and no other says it in Entry's words.
  std::string value(1, &message == &kShape ? '\x12' : '\x3a');
  AppendVarint64(&value, payload.size());
  value += AsString(payload);
  Entry entry;
  if (!ParseEntry("", AsBytes(value), &entry).ok()) return {};
  return entry.slices.empty() ? entry.shape.ToString()
                              : entry.slices.front().ToString();
}

void ExplainFields(const Message& message, Bytes value, uint64_t offset,
                   int depth, SpanList* spans) {
  while (!value.empty()) {
    Parts parts;
    if (spans->full() || !ReadField(message, value, &parts)) {
      spans->Add(offset, value.size(), depth,
                 spans->full() ? kMore : kUnreadable);
      return;
    }
    const Field& field = FieldOf(message, parts.number);
    const bool is_message =
        field.form == Form::kMessage && parts.wire_type == 2;
    spans->Add(
        offset, parts.size(), depth, field.label,
        is_message ? MessageText(*field.message, parts.payload) : parts.value);
    spans->Add(offset, parts.tag_size, depth + 1, "tag",
               std::to_string(parts.number));
    const uint64_t payload_at = offset + parts.tag_size + parts.length_size;
    if (parts.wire_type == 2) {
      spans->Add(offset + parts.tag_size, parts.length_size, depth + 1,
                 "length", std::to_string(parts.payload.size()));
    }
    if (is_message) {
      ExplainFields(*field.message, parts.payload, payload_at, depth + 1,
                    spans);
    } else if (!parts.payload.empty()) {
      spans->Add(payload_at, parts.payload.size(), depth + 1, "value",
                 parts.value);
    }
    value = value.subspan(parts.size());
    offset += parts.size();
  }
}

}  // namespace

void ExplainHeaderValue(Bytes value, uint64_t offset, int depth,
                        SpanList* spans) {
  ExplainFields(kHeader, value, offset, depth, spans);
}

void ExplainEntryValue(Bytes value, uint64_t offset, int depth,
                       SpanList* spans) {
  ExplainFields(kEntry, value, offset, depth, spans);
}

}  // namespace tensorbundle::bundle
