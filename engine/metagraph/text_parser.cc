#include <map>
#include <string>
#include <utility>

#include "engine/checkpoint/text_format.h"
#include "engine/metagraph/schema.h"
#include "engine/metagraph/text_format.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

namespace {

constexpr int kMaxDepth = 100;

using checkpoint::TextScanner;

class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text) {}

  Result<std::string> Parse() {
    std::string out;
    TB_RETURN_IF_ERROR(Fields("MetaGraphDef", '\0', 0, &out));
    return out;
  }

 private:
  // Repeated numbers, which are written together, by field.
  using Packed = std::map<uint32_t, std::string>;

  // The fields up to `close`, which is taken as well; '\0': up to the end.
  Status Fields(std::string_view message, char close, int depth,
                std::string* out) {
    Packed packed;
    TB_RETURN_IF_ERROR(FieldsUpTo(message, close, depth, out, &packed));
    for (const auto& [number, values] : packed) {
      AppendWireBytes(out, number, values);
    }
    return OkStatus();
  }

  Status FieldsUpTo(std::string_view message, char close, int depth,
                    std::string* out, Packed* packed) {
    if (depth > kMaxDepth) {
      return scanner_.Error(
          "Message is too deep, the parser exceeded the "
          "configured recursion limit.");
    }
    while (true) {
      if (close != '\0' && scanner_.Consume(close)) return OkStatus();
      if (scanner_.AtEnd()) {
        if (close == '\0') return OkStatus();
        return scanner_.Error(std::string("Expected \"") + close + "\".");
      }
      const TextScanner before = scanner_;
      TB_ASSIGN_OR_RETURN(const std::string name, scanner_.Identifier());
      const auto field = FindField(message, name);
      if (!field) {
        return before.Error("Message type \"tensorflow." +
                            std::string(message) + "\" has no field named \"" +
                            name + "\".");
      }
      TB_RETURN_IF_ERROR(Field(*field, depth, out, packed));
      if (!scanner_.Consume(',')) scanner_.Consume(';');
    }
  }

  Status Field(const SchemaField& field, int depth, std::string* out,
               Packed* packed) {
    const char first = field.type.front();
    const bool is_message = first >= 'A' && first <= 'Z' && !IsEnum(field.type);
    const bool colon = scanner_.Consume(':');
    if (!colon && !is_message) return scanner_.Expect(':');
    if (!scanner_.Consume('['))
      return Value(field, is_message, depth, out, packed);
    if (scanner_.Consume(']')) return OkStatus();
    do {
      TB_RETURN_IF_ERROR(Value(field, is_message, depth, out, packed));
    } while (scanner_.Consume(','));
    return scanner_.Expect(']');
  }

  Status Value(const SchemaField& field, bool is_message, int depth,
               std::string* out, Packed* packed) {
    if (is_message) {
      const bool angle = scanner_.Consume('<');
      if (!angle) TB_RETURN_IF_ERROR(scanner_.Expect('{'));
      std::string message;
      TB_RETURN_IF_ERROR(
          Fields(field.type, angle ? '>' : '}', depth + 1, &message));
      AppendWireBytes(out, field.number, message);
      return OkStatus();
    }
    if (field.type == "string" || field.type == "bytes") {
      TB_ASSIGN_OR_RETURN(const std::string text, scanner_.String());
      AppendWireBytes(out, field.number, text);
      return OkStatus();
    }
    std::string number;
    if (field.type == "float" || field.type == "double") {
      TB_ASSIGN_OR_RETURN(const double value, scanner_.Double());
      if (field.type == "float") {
        AppendFixed32(&number, BitCast<uint32_t>(static_cast<float>(value)));
      } else {
        AppendFixed64(&number, BitCast<uint64_t>(value));
      }
    } else {
      TB_ASSIGN_OR_RETURN(const uint64_t value, Integer(field.type));
      AppendVarint64(&number, value);
    }
    if (field.packed) {
      (*packed)[field.number] += number;
    } else {
      AppendWireTag(out, field.number,
                    field.type == "float"    ? WireType::kFixed32
                    : field.type == "double" ? WireType::kFixed64
                                             : WireType::kVarint);
      *out += number;
    }
    return OkStatus();
  }

  // A bool, the name or number of an enum's value, or an integer.
  Result<uint64_t> Integer(std::string_view type) {
    const TextScanner before = scanner_;
    const std::string word(scanner_.Word());
    if (type == "bool") {
      if (word == "true" || word == "True" || word == "t") return uint64_t{1};
      if (word == "false" || word == "False" || word == "f") {
        return uint64_t{0};
      }
    }
    if (IsEnum(type)) {
      if (const auto value = EnumValue(type, word)) return *value;
    }
    const bool negative = !word.empty() && word.front() == '-';
    uint64_t value = 0;
    bool valid = word.size() > (negative ? 1u : 0u);
    for (size_t i = negative ? 1 : 0; i < word.size(); ++i) {
      const char c = word[i];
      if (c < '0' || c > '9' ||
          value > (UINT64_MAX - static_cast<uint64_t>(c - '0')) / 10) {
        valid = false;
        break;
      }
      value = value * 10 + static_cast<uint64_t>(c - '0');
    }
    if (!valid) return before.Error("Couldn't parse integer: " + word);
    return negative ? ~value + 1 : value;
  }

  TextScanner scanner_;
};

}  // namespace

Result<std::string> ParseMetaGraphText(std::string_view text) {
  return Parser(text).Parse();
}

}  // namespace tensorbundle::metagraph
