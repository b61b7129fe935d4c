// Fixed-width and variable-width integers as they stand in files.
//
//   fixed32/64  4 or 8 bytes, little endian on every host
//   varint      7 bits a byte, low group first; the high bit says "more":
//               300 = 10 0101100 -> ac 02
#ifndef TB_UTIL_CODING_H_
#define TB_UTIL_CODING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/util/bytes.h"

namespace tensorbundle {

inline constexpr size_t kMaxVarint32Size = 5;
inline constexpr size_t kMaxVarint64Size = 10;

// REQUIRES: 4 (8) readable bytes at `p`. No alignment is assumed.
inline uint32_t DecodeFixed32(const uint8_t* p) {
  return static_cast<uint32_t>(p[0]) | static_cast<uint32_t>(p[1]) << 8 |
         static_cast<uint32_t>(p[2]) << 16 | static_cast<uint32_t>(p[3]) << 24;
}
inline uint64_t DecodeFixed64(const uint8_t* p) {
  return DecodeFixed32(p) | static_cast<uint64_t>(DecodeFixed32(p + 4)) << 32;
}

void AppendFixed32(std::string* out, uint32_t value);
void AppendFixed64(std::string* out, uint64_t value);
void AppendVarint32(std::string* out, uint32_t value);
void AppendVarint64(std::string* out, uint64_t value);

// How many bytes AppendVarint64 appends: 1 to 10.
size_t VarintSize(uint64_t value);

// Reads from the front of borrowed bytes and never past their end. A read that
// fails returns false and leaves the cursor where it was.
class Cursor {
 public:
  explicit Cursor(Bytes bytes)
      : begin_(bytes.data()), p_(begin_), end_(begin_ + bytes.size()) {}

  size_t position() const { return static_cast<size_t>(p_ - begin_); }
  size_t remaining() const { return static_cast<size_t>(end_ - p_); }
  bool empty() const { return p_ == end_; }

  bool ReadFixed32(uint32_t* value);
  bool ReadFixed64(uint64_t* value);
  // At most 5 bytes; bits that do not fit are dropped, as LevelDB drops them.
  bool ReadVarint32(uint32_t* value);
  // At most 10 bytes.
  bool ReadVarint64(uint64_t* value);
  // The next `length` bytes, borrowed.
  bool ReadBytes(uint64_t length, Bytes* bytes);
  bool Skip(uint64_t length);

 private:
  const uint8_t* begin_;
  const uint8_t* p_;
  const uint8_t* end_;
};

}  // namespace tensorbundle

#endif  // TB_UTIL_CODING_H_
