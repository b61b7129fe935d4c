// A stream is a varint, the length of what it expands to, and elements up to
// its end. The two low bits of an element's first byte are its kind:
//
//   literal  nnnnnn 00                      n < 60: n + 1 bytes follow
//            nnnnnn 00 | 1..4 bytes m       n = 60..63: m + 1 bytes follow,
//                                           m little endian in n - 59 bytes
//   copy     ooo nnn 01 | oooooooo          n + 4 bytes from o bytes back
//            nnnnnn 10 | 2 bytes o          n + 1 bytes from o bytes back
//            nnnnnn 11 | 4 bytes o          n + 1 bytes from o bytes back
//
// A copy may reach into its own output: it repeats the last o bytes then.
#include "engine/table/snappy_decode.h"

#include <cstring>

#include "engine/util/coding.h"

namespace tensorbundle::table {

namespace {

enum Kind : uint8_t { kLiteral = 0, kCopy1 = 1, kCopy2 = 2, kCopy4 = 3 };

// A literal's n above this is the number of length bytes, less 59.
constexpr uint32_t kMaxInlineLiteral = 59;

uint32_t ReadLittleEndian(const uint8_t* p, uint32_t size) {
  uint32_t value = 0;
  for (uint32_t i = 0; i < size; ++i) {
    value |= static_cast<uint32_t>(p[i]) << (8 * i);
  }
  return value;
}

// One element of a stream.
struct Element {
  const uint8_t* literal = nullptr;  // null: a copy
  uint32_t offset = 0;               // of a copy; not 0
  uint64_t length = 0;
};

// Takes an element off the front of [*in, end). False when it is cut short or
// copies from no distance.
inline bool ReadElement(const uint8_t** in, const uint8_t* end,
                        Element* element) {
  const uint8_t tag = *(*in)++;
  const uint32_t high = tag >> 2;
  const size_t left = static_cast<size_t>(end - *in);
  if ((tag & 3) == kLiteral) {
    element->length = high + uint64_t{1};
    uint32_t length_bytes = 0;
    if (high > kMaxInlineLiteral) {
      length_bytes = high - kMaxInlineLiteral;
      if (left < length_bytes) return false;
      element->length = ReadLittleEndian(*in, length_bytes) + uint64_t{1};
    }
    if (element->length > left - length_bytes) return false;
    element->literal = *in + length_bytes;
    *in = element->literal + element->length;
    return true;
  }
  element->literal = nullptr;
  element->length = high + 1;
  element->offset = 0;
  uint32_t offset_bytes = (tag & 3) == kCopy2 ? 2 : 4;
  if ((tag & 3) == kCopy1) {
    element->length = (high & 7) + 4;
    element->offset = static_cast<uint32_t>(tag >> 5) << 8;
    offset_bytes = 1;
  }
  if (left < offset_bytes) return false;
  element->offset |= ReadLittleEndian(*in, offset_bytes);
  *in += offset_bytes;
  return element->offset != 0;
}

// Copies `length` bytes from `offset` back to `to`. REQUIRES: that many bytes
// lie before and behind `to`, `slack` of the latter in all.
void CopyBack(uint8_t* to, uint32_t offset, uint32_t length, size_t slack) {
  const uint8_t* from = to - offset;
  if (offset >= 8 && slack >= length + size_t{7}) {
    // Whole words, the last of which writes over bytes that come later.
    for (uint32_t i = 0; i < length; i += 8) std::memcpy(to + i, from + i, 8);
  } else if (offset >= length) {
    std::memcpy(to, from, length);
  } else {
    for (uint32_t i = 0; i < length; ++i) to[i] = from[i];
  }
}

}  // namespace

uint64_t SnappyMaxExpansion(uint64_t n) {
  // The first element is a literal, as there is nothing to copy: one byte from
  // two. From then on the best is a 64-byte copy of three bytes; two bytes
  // that are left make a copy of 11, a single one lengthens the literal.
  constexpr uint64_t kRest[] = {0, 1, 11};
  if (n < 2) return 0;
  return 1 + (n - 2) / 3 * 64 + kRest[(n - 2) % 3];
}

std::optional<uint32_t> SnappyUncompressedLength(Bytes compressed) {
  Cursor cursor(compressed);
  uint64_t length = 0;
  if (!cursor.ReadVarint64(&length) || cursor.position() > kMaxVarint32Size ||
      length > UINT32_MAX || length > SnappyMaxExpansion(cursor.remaining())) {
    return std::nullopt;
  }
  const uint8_t* in = compressed.data() + cursor.position();
  const uint8_t* const end = compressed.data() + compressed.size();
  uint64_t produced = 0;
  while (in != end) {
    Element element;
    if (!ReadElement(&in, end, &element)) return std::nullopt;
    if (element.literal == nullptr && element.offset > produced) {
      return std::nullopt;
    }
    produced += element.length;
  }
  if (produced != length) return std::nullopt;
  return static_cast<uint32_t>(length);
}

bool SnappyUncompress(Bytes compressed, MutableBytes output) {
  Cursor cursor(compressed);
  uint64_t claimed = 0;
  if (!cursor.ReadVarint64(&claimed) || claimed != output.size()) return false;

  const uint8_t* in = compressed.data() + cursor.position();
  const uint8_t* const end = compressed.data() + compressed.size();
  uint8_t* out = output.data();
  uint8_t* const out_end = out + output.size();
  while (in != end) {
    Element element;
    const size_t out_left = static_cast<size_t>(out_end - out);
    if (!ReadElement(&in, end, &element) || element.length > out_left) {
      return false;
    }
    if (element.literal != nullptr) {
      std::memcpy(out, element.literal, static_cast<size_t>(element.length));
    } else {
      if (element.offset > static_cast<size_t>(out - output.data())) {
        return false;
      }
      CopyBack(out, element.offset, static_cast<uint32_t>(element.length),
               out_left);
    }
    out += element.length;
  }
  return out == out_end;
}

}  // namespace tensorbundle::table
