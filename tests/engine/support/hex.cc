#include "tests/engine/support/hex.h"

#include <cassert>

namespace tensorbundle::testing {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string FromHex(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (char c : hex) {
    if (c == ' ' || c == '\n') continue;
    const size_t digit = kDigits.find(c);
    assert(digit != std::string_view::npos);
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      bytes += static_cast<char>(high << 4 | static_cast<int>(digit));
      high = -1;
    }
  }
  assert(high < 0);
  return bytes;
}

std::string ToHex(Bytes bytes) {
  std::string hex;
  for (uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace tensorbundle::testing
