// P.index, P.data-SSSSS-of-NNNNN: the printf pattern "%s.data-%05d-of-%05d" of
// tensorflow/core/util/tensor_bundle/naming.cc.
#include "engine/bundle/names.h"

namespace tensorbundle::bundle {

namespace {

constexpr std::string_view kIndexSuffix = ".index";
constexpr std::string_view kDataInfix = ".data-";
constexpr std::string_view kOfInfix = "-of-";
constexpr size_t kMinDigits = 5;

// printf's %05d.
std::string FiveDigits(int32_t number) {
  const bool negative = number < 0;
  std::string digits =
      std::to_string(negative ? -int64_t{number} : int64_t{number});
  const size_t width = negative ? kMinDigits - 1 : kMinDigits;
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return negative ? "-" + digits : digits;
}

std::optional<int32_t> ParseDigits(std::string_view text) {
  if (text.size() < kMinDigits || text.size() > 10) return std::nullopt;
  if (text.size() > kMinDigits && text.front() == '0') return std::nullopt;
  int64_t number = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  if (number > INT32_MAX) return std::nullopt;
  return static_cast<int32_t>(number);
}

}  // namespace

std::string IndexFileName(std::string_view prefix) {
  return std::string(prefix) + std::string(kIndexSuffix);
}

std::string DataFileName(std::string_view prefix, int32_t shard,
                         int32_t num_shards) {
  return std::string(prefix) + std::string(kDataInfix) + FiveDigits(shard) +
         std::string(kOfInfix) + FiveDigits(num_shards);
}

std::optional<ParsedFileName> ParseFileName(std::string_view name) {
  if (name.size() >= kIndexSuffix.size() &&
      name.substr(name.size() - kIndexSuffix.size()) == kIndexSuffix) {
    return ParsedFileName{name.substr(0, name.size() - kIndexSuffix.size())};
  }
  const size_t data = name.rfind(kDataInfix);
  if (data == std::string_view::npos) return std::nullopt;
  const std::string_view numbers = name.substr(data + kDataInfix.size());
  const size_t of = numbers.find(kOfInfix);
  if (of == std::string_view::npos) return std::nullopt;
  const auto shard = ParseDigits(numbers.substr(0, of));
  const auto num_shards = ParseDigits(numbers.substr(of + kOfInfix.size()));
  if (!shard || !num_shards) return std::nullopt;
  return ParsedFileName{name.substr(0, data), *shard, *num_shards};
}

}  // namespace tensorbundle::bundle
