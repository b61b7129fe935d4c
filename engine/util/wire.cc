// A field is a varint, number << 3 | type, and what its type says:
//
//   0  varint             1  8 bytes, little endian     5  4 bytes
//   2  varint n, n bytes  3  fields, up to a 4 of the same number
#include "engine/util/wire.h"

#include <vector>

#include "engine/util/limits.h"

namespace tensorbundle {

namespace {

// Of a tag protobuf reads five bytes at most and drops the bits beyond 32.
bool ReadTag(Cursor* cursor, WireField* field) {
  uint32_t tag = 0;
  if (!cursor->ReadVarint32(&tag)) return false;
  field->number = tag >> 3;
  field->type = static_cast<WireType>(tag & 7);
  return field->number != 0;
}

// Lengths have five bytes at most, too, and leave protobuf's int some room.
bool ReadLength(Cursor* cursor, uint64_t* length) {
  constexpr uint64_t kMaxLength = INT32_MAX - 16;
  const size_t begin = cursor->position();
  return cursor->ReadVarint64(length) && *length <= kMaxLength &&
         cursor->position() - begin <= kMaxVarint32Size;
}

// What follows the tag, if it is no group.
bool ReadPayload(Cursor* cursor, WireField* field) {
  switch (field->type) {
    case WireType::kVarint:
      return cursor->ReadVarint64(&field->value);
    case WireType::kFixed64:
      return cursor->ReadFixed64(&field->value);
    case WireType::kFixed32: {
      uint32_t value = 0;
      if (!cursor->ReadFixed32(&value)) return false;
      field->value = value;
      return true;
    }
    case WireType::kBytes: {
      uint64_t length = 0;
      return ReadLength(cursor, &length) &&
             cursor->ReadBytes(length, &field->bytes);
    }
    default:
      return false;
  }
}

// Leaves the cursor behind the end of the group that was begun.
bool SkipGroup(Cursor* cursor, uint32_t number) {
  std::vector<uint32_t> open = {number};
  while (!open.empty()) {
    WireField field;
    if (!ReadTag(cursor, &field)) return false;
    if (field.type == WireType::kStartGroup) {
      if (open.size() == limits::kMaxMessageDepth) return false;
      open.push_back(field.number);
    } else if (field.type == WireType::kEndGroup) {
      if (open.back() != field.number) return false;
      open.pop_back();
    } else if (!ReadPayload(cursor, &field)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool ReadWireField(Cursor* cursor, WireField* field) {
  if (!ReadTag(cursor, field)) return false;
  if (field->type != WireType::kStartGroup) return ReadPayload(cursor, field);
  return SkipGroup(cursor, field->number);
}

void AppendWireTag(std::string* out, uint32_t number, WireType type) {
  AppendVarint32(out, number << 3 | static_cast<uint32_t>(type));
}

void AppendWireLength(std::string* out, uint32_t number, uint64_t size) {
  AppendWireTag(out, number, WireType::kBytes);
  AppendVarint64(out, size);
}

void AppendWireBytes(std::string* out, uint32_t number,
                     std::string_view bytes) {
  AppendWireLength(out, number, bytes.size());
  out->append(bytes);
}

void AppendWireVarint(std::string* out, uint32_t number, uint64_t value) {
  AppendWireTag(out, number, WireType::kVarint);
  AppendVarint64(out, value);
}

void AppendWireFixed32(std::string* out, uint32_t number, uint32_t value) {
  AppendWireTag(out, number, WireType::kFixed32);
  AppendFixed32(out, value);
}

}  // namespace tensorbundle
