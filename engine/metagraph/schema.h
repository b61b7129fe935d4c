// What the fields of a MetaGraphDef are called: what the text format needs and
// the wire format does not say.
#ifndef TB_METAGRAPH_SCHEMA_H_
#define TB_METAGRAPH_SCHEMA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tensorbundle::metagraph {

struct SchemaField {
  uint32_t number = 0;
  std::string_view name;
  // "string", "bytes", "bool", "int", "uint", "float", "double", or the name of
  // a message or an enum, which begin with a capital.
  std::string_view type;
  bool packed = false;  // a repeated number
};

// Nothing for an unknown message or field.
std::optional<SchemaField> FindField(std::string_view message, uint32_t number);
std::optional<SchemaField> FindField(std::string_view message,
                                     std::string_view name);

// Whether `type` is an enum.
bool IsEnum(std::string_view type);
// "DT_FLOAT"; "" for a value that has no name.
std::string EnumName(std::string_view type, uint64_t value);
std::optional<uint64_t> EnumValue(std::string_view type, std::string_view name);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_SCHEMA_H_
