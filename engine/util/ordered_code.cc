// num:     n | n bytes, big endian, the first not zero        n = 0..8
//          0 -> 00     1 -> 01 01     256 -> 02 01 00
//
// string:  bytes, 00 as 00 ff and ff as ff 00, closed by 00 01
//          "a\0" -> 61 00 ff 00 01
//
// signed:  the value in two's complement, big endian, in L = 1..10 bytes; its
//          first L bits are copies of the sign bit, and inverted:
//
//          L = 1   1xxxxxxx                       0 -> 80   -1 -> 7f
//          L = 2   110xxxxx xxxxxxxx              64 -> c0 40
//          L = 3   1110xxxx xxxxxxxx xxxxxxxx     8192 -> e0 20 00
//          ...
//          L = 9   11111111 10xxxxxx + 7 bytes    2^61 -> ff a0 00 ..
//          L = 10  11111111 11000000 + 8 bytes    2^62 -> ff c0 40 00 ..
//
//          The leading ones tell a non-negative value's length, the leading
//          zeros a negative one's; L is the least with 7 * L bits for the
//          value and its sign.
#include "engine/util/ordered_code.h"

#include <bit>

namespace tensorbundle {

namespace {

constexpr char kEscape0 = '\x00';
constexpr char kEscapeFF = '\xff';
constexpr char kEndOfString = '\x01';

constexpr size_t kMaxSignedLength = 10;

size_t SignedLength(int64_t value) {
  const uint64_t magnitude = static_cast<uint64_t>(value < 0 ? ~value : value);
  return static_cast<size_t>(64 - std::countl_zero(magnitude)) / 7 + 1;
}

// The bits that an L-byte number inverts in its first two bytes.
uint16_t HeaderMask(size_t length) {
  return static_cast<uint16_t>(0xffffu << (16 - length));
}

uint8_t ByteAt(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
}

}  // namespace

void AppendOrderedNum(std::string* out, uint64_t value) {
  const int length = (71 - std::countl_zero(value)) / 8;
  *out += static_cast<char>(length);
  for (int i = length - 1; i >= 0; --i) {
    *out += static_cast<char>(value >> (8 * i));
  }
}

void AppendOrderedString(std::string* out, std::string_view value) {
  for (const char c : value) {
    *out += c;
    if (c == kEscape0) *out += kEscapeFF;
    if (c == kEscapeFF) *out += kEscape0;
  }
  *out += kEscape0;
  *out += kEndOfString;
}

void AppendOrderedSigned(std::string* out, int64_t value) {
  const size_t length = SignedLength(value);
  const uint16_t mask = HeaderMask(length);
  for (size_t i = 0; i < length; ++i) {
    const size_t bytes_below = length - 1 - i;
    // >> on a signed number copies the sign; beyond 64 bits only that is left.
    const int64_t shifted = value >> (bytes_below < 8 ? 8 * bytes_below : 63);
    uint8_t byte = static_cast<uint8_t>(shifted);
    if (i == 0) byte ^= static_cast<uint8_t>(mask >> 8);
    if (i == 1) byte ^= static_cast<uint8_t>(mask);
    *out += static_cast<char>(byte);
  }
}

bool ReadOrderedNum(std::string_view* in, uint64_t* value) {
  if (in->empty()) return false;
  const size_t length = ByteAt(*in, 0);
  if (length > 8 || in->size() - 1 < length) return false;
  if (length > 0 && ByteAt(*in, 1) == 0) return false;
  uint64_t number = 0;
  for (size_t i = 1; i <= length; ++i) number = number << 8 | ByteAt(*in, i);
  *value = number;
  in->remove_prefix(1 + length);
  return true;
}

bool ReadOrderedString(std::string_view* in, std::string* value) {
  std::string text;
  for (size_t i = 0; i < in->size(); ++i) {
    const char c = (*in)[i];
    if (c != kEscape0 && c != kEscapeFF) {
      text += c;
      continue;
    }
    if (++i == in->size()) return false;
    const char escaped = (*in)[i];
    if (c == kEscape0 && escaped == kEndOfString) {
      *value = std::move(text);
      in->remove_prefix(i + 1);
      return true;
    }
    if (escaped != (c == kEscape0 ? kEscapeFF : kEscape0)) return false;
    text += c;
  }
  return false;
}

bool ReadOrderedSigned(std::string_view* in, int64_t* value) {
  if (in->empty()) return false;
  const bool negative = (ByteAt(*in, 0) & 0x80) == 0;
  const uint16_t start =
      static_cast<uint16_t>(ByteAt(*in, 0) << 8 | ByteAt(*in, 1));
  const uint16_t header = negative ? static_cast<uint16_t>(~start) : start;
  const size_t length = static_cast<size_t>(std::countl_one(header));
  if (length > kMaxSignedLength || in->size() < length) return false;
  const uint16_t mask = HeaderMask(length);
  uint64_t number = negative ? ~uint64_t{0} : 0;
  for (size_t i = 0; i < length; ++i) {
    uint8_t byte = ByteAt(*in, i);
    if (i == 0) byte ^= static_cast<uint8_t>(mask >> 8);
    if (i == 1) byte ^= static_cast<uint8_t>(mask);
    // What the shift pushes out must have been copies of the sign.
    if ((number >> 56) != (negative ? 0xff : 0)) return false;
    number = number << 8 | byte;
  }
  const int64_t result = static_cast<int64_t>(number);
  if ((result < 0) != negative || SignedLength(result) != length) return false;
  *value = result;
  in->remove_prefix(length);
  return true;
}

}  // namespace tensorbundle
