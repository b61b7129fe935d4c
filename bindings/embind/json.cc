#include "bindings/embind/json.h"

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace tensorbundle::embind {

void Json::Open(char opening, char closing) {
  Separate();
  text_ += opening;
  closing_.push_back(closing);
  needs_comma_ = false;
}

void Json::End() {
  text_ += closing_.back();
  closing_.pop_back();
  needs_comma_ = true;
}

Json& Json::Key(std::string_view key) {
  Separate();
  Quote(key);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

void Json::String(std::string_view text) {
  Separate();
  Quote(text);
  needs_comma_ = true;
}

void Json::Number(double number) {
  if (!std::isfinite(number)) return Null();
  Separate();
  if (number == std::floor(number) && std::fabs(number) <= 0x1p53) {
    text_ += std::to_string(static_cast<int64_t>(number));
  } else {
    char digits[32];
    std::snprintf(digits, sizeof(digits), "%.17g", number);
    text_ += digits;
  }
  needs_comma_ = true;
}

void Json::Bool(bool value) {
  Separate();
  text_ += value ? "true" : "false";
  needs_comma_ = true;
}

void Json::Null() {
  Separate();
  text_ += "null";
  needs_comma_ = true;
}

void Json::Separate() {
  if (needs_comma_) text_ += ',';
}

void Json::Quote(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  text_ += '"';
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (byte < 0x20) {
      text_ += "\\u00";
      text_ += kHex[byte >> 4];
      text_ += kHex[byte & 15];
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

}  // namespace tensorbundle::embind
