// The names of a bundle's files, and which keys of its index are tensors.
#ifndef TB_BUNDLE_NAMES_H_
#define TB_BUNDLE_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tensorbundle::bundle {

// The key of the header, always the first of an index.
inline constexpr std::string_view kHeaderKey = "";

// "P.index".
std::string IndexFileName(std::string_view prefix);

// "P.data-00000-of-00001"; wider numbers take the digits they need.
std::string DataFileName(std::string_view prefix, int32_t shard,
                         int32_t num_shards);

// What a name of one of the two forms above says. `shard` is -1 for an index.
struct ParsedFileName {
  std::string_view prefix;  // part of the name that was parsed
  int32_t shard = -1;
  int32_t num_shards = 0;
};

// Nothing when `name` is neither P.index nor P.data-SSSSS-of-NNNNN.
std::optional<ParsedFileName> ParseFileName(std::string_view name);

// True iff `key` belongs to a slice of a partitioned tensor. No tensor name
// begins with a zero byte.
inline bool IsSliceKey(std::string_view key) {
  return !key.empty() && key.front() == '\0';
}

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_NAMES_H_
