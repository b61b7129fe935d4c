// Protobuf's wire format, field by field and without a copy: for messages that
// are too large to be parsed into objects, and for those of any kind.
#ifndef TB_UTIL_WIRE_H_
#define TB_UTIL_WIRE_H_

#include <cstdint>
#include <string>

#include "engine/util/bytes.h"
#include "engine/util/coding.h"

namespace tensorbundle {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

struct WireField {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;  // kVarint, kFixed64, kFixed32
  Bytes bytes;         // kBytes, borrowed
};

// Takes the next field off the front of `cursor`, a group as a whole and for
// nothing but its number. Returns
// false, with the cursor in an unspecified place, for bytes that protobuf would
// not parse.
// REQUIRES: !cursor->empty().
bool ReadWireField(Cursor* cursor, WireField* field);

// AppendWireLength() begins a field of `size` bytes that the caller appends.
void AppendWireTag(std::string* out, uint32_t number, WireType type);
void AppendWireLength(std::string* out, uint32_t number, uint64_t size);
void AppendWireBytes(std::string* out, uint32_t number, std::string_view bytes);
void AppendWireVarint(std::string* out, uint32_t number, uint64_t value);
void AppendWireFixed32(std::string* out, uint32_t number, uint32_t value);

}  // namespace tensorbundle

#endif  // TB_UTIL_WIRE_H_
