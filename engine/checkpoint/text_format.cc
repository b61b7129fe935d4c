#include "engine/checkpoint/text_format.h"

#include <cstdint>
#include <limits>
#include <optional>

#include "engine/util/decimal.h"

namespace tensorbundle::checkpoint {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' ||
         c == '\v';
}
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordCharacter(char c) {
  return IsLetter(c) || IsDigit(c) || c == '.' || c == '+' || c == '-';
}

// The value of a digit in any base up to 16, or -1.
int DigitValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct SimpleEscape {
  char letter;
  char character;
};
constexpr SimpleEscape kSimpleEscapes[] = {
    {'a', '\a'}, {'b', '\b'},  {'f', '\f'},  {'n', '\n'},
    {'r', '\r'}, {'t', '\t'},  {'v', '\v'},  {'?', '?'},
    {'"', '"'},  {'\'', '\''}, {'\\', '\\'},
};

std::optional<double> ParseSpecial(std::string word) {
  bool negative = false;
  if (!word.empty() && word.front() == '-') {
    negative = true;
    word.erase(0, 1);
  }
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (word == "inf" || word == "infinity" || word == "inff" ||
      word == "infinityf") {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative ? -infinity : infinity;
  }
  if (word == "nan" || word == "nanf") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::nullopt;
}

}  // namespace

TextScanner::TextScanner(std::string_view text) : rest_(text) {
  if (rest_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    rest_.remove_prefix(kByteOrderMark.size());
  }
  SkipBlanks();
}

void TextScanner::Advance(size_t n) {
  for (char c : rest_.substr(0, n)) {
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
  }
  rest_.remove_prefix(n);
}

void TextScanner::SkipBlanks() {
  while (!rest_.empty()) {
    if (IsBlank(rest_.front())) {
      Advance(1);
    } else if (rest_.front() == '#') {
      Advance(std::min(rest_.find('\n'), rest_.size()));
    } else {
      return;
    }
  }
}

Status TextScanner::Error(std::string_view message) const {
  return InvalidArgumentError(std::to_string(line_) + ":" +
                              std::to_string(column_) + " : " +
                              std::string(message));
}

bool TextScanner::Consume(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  Advance(1);
  SkipBlanks();
  return true;
}

Status TextScanner::Expect(char c) {
  if (Consume(c)) return OkStatus();
  return Error(std::string("Expected \"") + c + "\".");
}

std::string_view TextScanner::Word() {
  size_t n = 0;
  while (n < rest_.size() && IsWordCharacter(rest_[n])) ++n;
  const std::string_view word = rest_.substr(0, n);
  Advance(n);
  SkipBlanks();
  return word;
}

Result<std::string> TextScanner::Identifier() {
  if (rest_.empty() || !IsLetter(rest_.front())) {
    return Error("Expected identifier or number, got " +
                 std::string(rest_.substr(0, 1)) + ".");
  }
  return std::string(Word());
}

Result<double> TextScanner::Double() {
  const TextScanner before = *this;
  std::string word(Word());
  if (const auto special = ParseSpecial(word)) return *special;
  if (!word.empty() && (word.back() == 'f' || word.back() == 'F')) {
    word.pop_back();
  }
  if (const auto number = ParseDecimal(word)) return *number;
  return before.Error("Couldn't parse float: " + word);
}

Result<std::string> TextScanner::String() {
  if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) {
    return Error("Expected string but found: " +
                 std::string(rest_.substr(0, 1)));
  }
  std::string value;
  while (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'')) {
    TB_RETURN_IF_ERROR(StringPart(&value));
  }
  return value;
}

Status TextScanner::StringPart(std::string* out) {
  const TextScanner before = *this;
  const char quote = rest_.front();
  Advance(1);
  while (!rest_.empty() && rest_.front() != quote) {
    const char c = rest_.front();
    if (c == '\n') break;
    Advance(1);
    if (c == '\\') {
      TB_RETURN_IF_ERROR(Escape(out));
    } else {
      *out += c;
    }
  }
  if (rest_.empty() || rest_.front() != quote) {
    return before.Error("String missing ending quote");
  }
  Advance(1);
  SkipBlanks();
  return OkStatus();
}

Status TextScanner::Escape(std::string* out) {
  if (rest_.empty()) return Error("String missing ending quote");
  const char letter = rest_.front();
  for (const SimpleEscape& escape : kSimpleEscapes) {
    if (letter == escape.letter) {
      *out += escape.character;
      Advance(1);
      return OkStatus();
    }
  }
  const bool hex = letter == 'x' || letter == 'X';
  if (hex) Advance(1);
  const int base = hex ? 16 : 8;
  const int most = hex ? 2 : 3;
  int value = 0;
  int count = 0;
  for (; count < most && !rest_.empty(); ++count) {
    const int digit = DigitValue(rest_.front());
    if (digit < 0 || digit >= base) break;
    value = value * base + digit;
    Advance(1);
  }
  if (count == 0 || value > 0xff) return Error("Invalid escape sequence");
  *out += static_cast<char>(value);
  return OkStatus();
}

std::string QuoteForTextFormat(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    switch (c) {
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '"':
      case '\'':
      case '\\':
        quoted += '\\';
        quoted += c;
        break;
      default:
        if (byte >= 0x20 && byte < 0x7f) {
          quoted += c;
        } else {
          quoted += '\\';
          quoted += static_cast<char>('0' + (byte >> 6));
          quoted += static_cast<char>('0' + (byte >> 3 & 7));
          quoted += static_cast<char>('0' + (byte & 7));
        }
    }
  }
  return quoted + '"';
}

}  // namespace tensorbundle::checkpoint
