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
  return static_cast<uint32_t>(length);
}

bool SnappyUncompress(Bytes compressed, MutableBytes output) {
  Cursor cursor(compressed);
  uint64_t claimed = 0;
  if (!cursor.ReadVarint64(&claimed) || claimed != output.size()) return false;

  const uint8_t* in = compressed.data() + cursor.position();
  const uint8_t* const in_end = compressed.data() + compressed.size();
  uint8_t* out = output.data();
  uint8_t* const out_end = out + output.size();

  while (in != in_end) {
    const uint8_t tag = *in++;
    const uint32_t high = tag >> 2;
    const size_t in_left = static_cast<size_t>(in_end - in);
    const size_t out_left = static_cast<size_t>(out_end - out);

    if ((tag & 3) == kLiteral) {
      uint64_t length = high + uint64_t{1};
      uint32_t length_bytes = 0;
      if (high > kMaxInlineLiteral) {
        length_bytes = high - kMaxInlineLiteral;
        if (in_left < length_bytes) return false;
        length = ReadLittleEndian(in, length_bytes) + uint64_t{1};
        in += length_bytes;
      }
      if (length > in_left - length_bytes || length > out_left) return false;
      std::memcpy(out, in, static_cast<size_t>(length));
      in += length;
      out += length;
      continue;
    }

    uint32_t length = high + 1;
    uint32_t offset_bytes = (tag & 3) == kCopy2 ? 2 : 4;
    uint32_t offset = 0;
    if ((tag & 3) == kCopy1) {
      length = (high & 7) + 4;
      offset = static_cast<uint32_t>(tag >> 5) << 8;
      offset_bytes = 1;
    }
    if (in_left < offset_bytes) return false;
    offset |= ReadLittleEndian(in, offset_bytes);
    in += offset_bytes;
    const size_t produced = static_cast<size_t>(out - output.data());
    if (offset == 0 || offset > produced || length > out_left) return false;
    CopyBack(out, offset, length, out_left);
    out += length;
  }
  return out == out_end;
}

}  // namespace tensorbundle::table
