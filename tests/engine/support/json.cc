#include "tests/engine/support/json.h"

#include <cstdlib>

namespace tensorbundle::testing {

namespace {

void AppendUtf8(std::string* out, uint32_t code) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xc0 | code >> 6);
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xe0 | code >> 12);
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out += static_cast<char>(0xf0 | code >> 18);
    *out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

}  // namespace

class Json::Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  bool Document(Json* json) { return Value(json) && (Blanks(), rest_.empty()); }

 private:
  void Blanks() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) !=
                                 std::string_view::npos) {
      rest_.remove_prefix(1);
    }
  }
  bool Eat(std::string_view token) {
    Blanks();
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool Hex4(uint32_t* code) {
    if (rest_.size() < 4) return false;
    const std::string digits(rest_.substr(0, 4));
    *code = static_cast<uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
    rest_.remove_prefix(4);
    return true;
  }
  bool Text(std::string* text) {
    if (!Eat("\"")) return false;
    while (!rest_.empty() && rest_.front() != '"') {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c != '\\') {
        *text += c;
        continue;
      }
      if (rest_.empty()) return false;
      const char letter = rest_.front();
      rest_.remove_prefix(1);
      if (letter == 'u') {
        uint32_t code = 0;
        uint32_t low = 0;
        if (!Hex4(&code)) return false;
        if (code >= 0xd800 && code < 0xdc00 && rest_.substr(0, 2) == "\\u") {
          rest_.remove_prefix(2);
          if (!Hex4(&low)) return false;
          code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        AppendUtf8(text, code);
        continue;
      }
      constexpr std::string_view kLetters = "bfnrt";
      const size_t at = kLetters.find(letter);
      *text += at == std::string_view::npos ? letter : "\b\f\n\r\t"[at];
    }
    return Eat("\"");
  }
  bool Value(Json* json) {
    Blanks();
    if (Eat("{")) return Object(json);
    if (Eat("[")) return Array(json);
    if (!rest_.empty() && rest_.front() == '"') {
      json->kind_ = Kind::kString;
      return Text(&json->text_);
    }
    if (Eat("null")) return true;
    json->kind_ = Kind::kBool;
    if (Eat("true")) return json->boolean_ = true;
    if (Eat("false")) return true;
    json->kind_ = Kind::kNumber;
    const size_t end =
        std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    json->text_ = std::string(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return end > 0;
  }
  bool Object(Json* json) {
    json->kind_ = Kind::kObject;
    if (Eat("}")) return true;
    do {
      std::string name;
      Json value;
      if (!Text(&name) || !Eat(":") || !Value(&value)) return false;
      json->members_.insert_or_assign(name, std::move(value));
    } while (Eat(","));
    return Eat("}");
  }
  bool Array(Json* json) {
    json->kind_ = Kind::kArray;
    if (Eat("]")) return true;
    do {
      Json value;
      if (!Value(&value)) return false;
      json->items_.push_back(std::move(value));
    } while (Eat(","));
    return Eat("]");
  }

  std::string_view rest_;
};

std::optional<Json> Json::Parse(std::string_view text) {
  Json json;
  if (!Parser(text).Document(&json)) return std::nullopt;
  return json;
}

int64_t Json::integer() const {
  return std::strtoll(text_.c_str(), nullptr, 10);
}

const Json& Json::operator[](std::string_view name) const {
  static const Json null;
  const auto found = members_.find(std::string(name));
  return found == members_.end() ? null : found->second;
}

}  // namespace tensorbundle::testing
