// One line a field, "name: value" or "name {", two blanks for each level. The
// entries of a map are messages of a key and a value.
#include <algorithm>
#include <utility>
#include <vector>

#include "engine/checkpoint/text_format.h"
#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/schema.h"
#include "engine/metagraph/text_format.h"
#include "engine/util/coding.h"
#include "engine/util/decimal.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

namespace {

// google/protobuf: the default limit of nested messages.
constexpr int kMaxDepth = 100;

class Printer {
 public:
  bool Message(Bytes bytes, std::string_view type, int depth) {
    if (depth > kMaxDepth) return false;
    std::vector<WireField> fields;
    Cursor cursor(bytes);
    while (!cursor.empty()) {
      WireField field;
      if (!ReadWireField(&cursor, &field)) return false;
      fields.push_back(field);
    }
    std::stable_sort(fields.begin(), fields.end(),
                     [](const WireField& a, const WireField& b) {
                       return a.number < b.number;
                     });
    for (const WireField& field : fields) {
      const auto schema = FindField(type, field.number);
      if (schema && !Field(field, *schema, depth)) return false;
    }
    return true;
  }

  std::string Take() { return std::move(out_); }

 private:
  bool Field(const WireField& field, const SchemaField& schema, int depth) {
    const std::string_view type = schema.type;
    if (type == "string" || type == "bytes") {
      Scalar(schema, depth,
             checkpoint::QuoteForTextFormat(AsString(field.bytes)));
      return true;
    }
    const bool is_message =
        type.front() >= 'A' && type.front() <= 'Z' && !IsEnum(type);
    if (is_message) {
      Indent(depth);
      out_ += schema.name;
      out_ += " {\n";
      if (!Message(field.bytes, type, depth + 1)) return false;
      Indent(depth);
      out_ += "}\n";
      return true;
    }
    if (field.type != WireType::kBytes) {
      Scalar(schema, depth, Number(type, field.value));
      return true;
    }
    Cursor packed(field.bytes);
    while (!packed.empty()) {
      uint64_t value = 0;
      uint32_t bits = 0;
      if (type == "float") {
        if (!packed.ReadFixed32(&bits)) return false;
        value = bits;
      } else if (!(type == "double" ? packed.ReadFixed64(&value)
                                    : packed.ReadVarint64(&value))) {
        return false;
      }
      Scalar(schema, depth, Number(type, value));
    }
    return true;
  }

  static std::string Number(std::string_view type, uint64_t value) {
    if (type == "bool") return value != 0 ? "true" : "false";
    if (type == "float") {
      return ShortestDecimalOfFloat(
          BitCast<float>(static_cast<uint32_t>(value)));
    }
    if (type == "double") return ShortestDecimal(BitCast<double>(value));
    if (type == "uint") return std::to_string(value);
    const std::string name = IsEnum(type) ? EnumName(type, value) : "";
    return name.empty() ? std::to_string(static_cast<int64_t>(value)) : name;
  }

  void Scalar(const SchemaField& schema, int depth, const std::string& text) {
    Indent(depth);
    out_ += schema.name;
    out_ += ": " + text + "\n";
  }

  void Indent(int depth) { out_.append(static_cast<size_t>(depth) * 2, ' '); }

  std::string out_;
};

}  // namespace

Result<std::string> PrintMetaGraph(Bytes message) {
  Printer printer;
  if (!printer.Message(message, "MetaGraphDef", 0)) return ParseError();
  return printer.Take();
}

}  // namespace tensorbundle::metagraph
