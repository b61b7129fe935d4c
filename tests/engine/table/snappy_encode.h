// A small Snappy compressor, for streams that tests can trust.
#ifndef TB_TESTS_TABLE_SNAPPY_ENCODE_H_
#define TB_TESTS_TABLE_SNAPPY_ENCODE_H_

#include <map>
#include <string>
#include <string_view>

#include "engine/util/coding.h"

namespace tensorbundle::table {

inline void AppendSnappyLiteral(std::string* out, std::string_view bytes) {
  if (bytes.empty()) return;
  const uint32_t n = static_cast<uint32_t>(bytes.size() - 1);
  if (n < 60) {
    *out += static_cast<char>(n << 2);
  } else {
    const int size = n < 1u << 8 ? 1 : n < 1u << 16 ? 2 : n < 1u << 24 ? 3 : 4;
    *out += static_cast<char>((59 + size) << 2);
    for (int i = 0; i < size; ++i) *out += static_cast<char>(n >> (8 * i));
  }
  *out += bytes;
}

// REQUIRES: 1 <= length <= 64, offset >= 1.
inline void AppendSnappyCopy(std::string* out, uint32_t offset,
                             uint32_t length) {
  if (length >= 4 && length < 12 && offset < 2048) {
    *out += static_cast<char>(offset >> 8 << 5 | (length - 4) << 2 | 1);
    *out += static_cast<char>(offset);
    return;
  }
  const bool wide = offset >= 65536;
  *out += static_cast<char>((length - 1) << 2 | (wide ? 3 : 2));
  for (int i = 0; i < (wide ? 4 : 2); ++i) {
    *out += static_cast<char>(offset >> (8 * i));
  }
}

// Greedy: at each place the most recent run of four equal bytes is continued.
inline std::string SnappyCompress(std::string_view input) {
  std::string out;
  AppendVarint32(&out, static_cast<uint32_t>(input.size()));
  std::map<std::string_view, size_t> seen;
  size_t literal = 0;
  size_t i = 0;
  while (i + 4 <= input.size()) {
    const auto [found, inserted] = seen.try_emplace(input.substr(i, 4), i);
    const size_t match = found->second;
    found->second = i;
    if (inserted) {
      ++i;
      continue;
    }
    size_t length = 4;
    while (length < 64 && i + length < input.size() &&
           input[match + length] == input[i + length]) {
      ++length;
    }
    AppendSnappyLiteral(&out, input.substr(literal, i - literal));
    AppendSnappyCopy(&out, static_cast<uint32_t>(i - match),
                     static_cast<uint32_t>(length));
    i += length;
    literal = i;
  }
  AppendSnappyLiteral(&out, input.substr(literal));
  return out;
}

}  // namespace tensorbundle::table

#endif  // TB_TESTS_TABLE_SNAPPY_ENCODE_H_
