#include "bindings/embind/convert.h"

#include <optional>
#include <string_view>

#include "engine/util/utf8.h"

namespace tensorbundle::embind {

namespace {

ErrorOut& Slot() {
  static ErrorOut* const slot = new ErrorOut;
  return *slot;
}

// Embind's strings hold UTF-8, names out of files any bytes: a byte that is no
// UTF-8 becomes U+FDD0 and the character of its number, U+FDD0 itself is
// doubled. core/error-mapping.ts has the inverse.
std::string ForJavaScript(std::string_view text) {
  constexpr std::string_view kEscape = "\xef\xb7\x90";
  std::string escaped;
  while (!text.empty()) {
    const size_t length = Utf8SequenceLength(text);
    if (length == 0) {
      const unsigned byte = static_cast<uint8_t>(text.front());
      escaped += kEscape;
      escaped += static_cast<char>(0xc0 | byte >> 6);
      escaped += static_cast<char>(0x80 | (byte & 0x3f));
    } else {
      if (text.starts_with(kEscape)) escaped += kEscape;
      escaped += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

// The node in a message that ends with "\n\t [[{{node save/Assign}}]]".
std::string NodeIn(std::string_view message) {
  constexpr std::string_view kOpen = "[[{{node ";
  const size_t start = message.rfind(kOpen);
  if (start == std::string_view::npos) return "";
  const std::string_view rest = message.substr(start + kOpen.size());
  return std::string(rest.substr(0, rest.find("}}]]")));
}

// One dimension: digits, or "?" for an unknown one.
std::optional<int64_t> ParseDim(std::string_view text) {
  if (text == "?") return graph::PartialShape::kUnknownDim;
  if (text.empty() || text.size() > 18) return std::nullopt;
  int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

Result<std::vector<int64_t>> ParseDims(std::string_view text) {
  std::vector<int64_t> dims;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::optional<int64_t> dim = ParseDim(text.substr(0, comma));
    if (!dim) {
      return InvalidArgumentError("Not a dimension: " + std::string(text));
    }
    dims.push_back(*dim);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return dims;
}

}  // namespace

int Report(const Status& status) {
  if (status.ok()) return 0;
  const ErrorLocation& where = status.location();
  Slot() = ErrorOut{
      static_cast<int>(status.code()),  ForJavaScript(status.message()),
      NodeIn(status.message()),         ForJavaScript(where.file),
      ForJavaScript(where.tensor),      static_cast<double>(where.offset),
      static_cast<double>(where.length)};
  return static_cast<int>(status.code());
}

const ErrorOut& LastError() { return Slot(); }

Result<Shape> ParseShape(const std::string& dims) {
  TB_ASSIGN_OR_RETURN(const std::vector<int64_t> parsed, ParseDims(dims));
  return Shape::Create(parsed);
}

Result<graph::PartialShape> ParsePartialShape(const std::string& dims) {
  if (dims == "*") return graph::PartialShape();
  TB_ASSIGN_OR_RETURN(const std::vector<int64_t> parsed, ParseDims(dims));
  return graph::PartialShape::Create(parsed);
}

std::string DimsOf(const Shape& shape) {
  const std::string text = shape.ToString();
  return text.substr(1, text.size() - 2);
}

std::vector<uint8_t> PackStrings(std::span<const std::string> strings) {
  std::vector<uint8_t> packed;
  for (const std::string& text : strings) {
    const uint32_t size = static_cast<uint32_t>(text.size());
    for (int shift = 0; shift < 32; shift += 8) {
      packed.push_back(static_cast<uint8_t>(size >> shift));
    }
    packed.insert(packed.end(), text.begin(), text.end());
  }
  return packed;
}

std::vector<std::string> UnpackStrings(Bytes packed) {
  std::vector<std::string> strings;
  while (!packed.empty()) {
    uint32_t size = 0;
    for (size_t i = 0; i < 4; ++i) size |= uint32_t{packed[i]} << (8 * i);
    packed = packed.subspan(4);
    strings.emplace_back(AsString(packed.first(size)));
    packed = packed.subspan(size);
  }
  return strings;
}

}  // namespace tensorbundle::embind
