#include "engine/graph/collections.h"

namespace tensorbundle::graph {

namespace {

std::string Join(const std::vector<int64_t>& numbers) {
  std::string text;
  for (int64_t number : numbers) {
    if (!text.empty()) text += ' ';
    text += std::to_string(number);
  }
  return text;
}

}  // namespace

std::string SaveSliceInfo::Spec() const {
  std::string spec = Join(full_shape) + " ";
  for (size_t i = 0; i < var_offset.size(); ++i) {
    if (i > 0) spec += ':';
    spec += std::to_string(var_offset[i]) + "," + std::to_string(var_shape[i]);
  }
  return spec;
}

std::string ItemName(const CollectionItem& item) {
  if (const auto* variable = std::get_if<const Variable*>(&item)) {
    return (*variable)->variable.name();
  }
  if (const auto* output = std::get_if<Output>(&item)) return output->name();
  if (const auto* node = std::get_if<const Node*>(&item))
    return (*node)->name();
  return "";
}

void Collections::Add(std::string_view key, CollectionItem item) {
  auto it = items_.find(key);
  if (it == items_.end()) it = items_.try_emplace(std::string(key)).first;
  it->second.push_back(std::move(item));
}

std::span<const CollectionItem> Collections::Get(std::string_view key) const {
  const auto it = items_.find(key);
  if (it == items_.end()) return {};
  return it->second;
}

std::vector<const Variable*> Collections::Variables(
    std::string_view key) const {
  std::vector<const Variable*> variables;
  for (const CollectionItem& item : Get(key)) {
    if (const auto* variable = std::get_if<const Variable*>(&item)) {
      variables.push_back(*variable);
    }
  }
  return variables;
}

void Collections::Clear(std::string_view key) {
  const auto it = items_.find(key);
  if (it != items_.end()) items_.erase(it);
}

std::vector<std::string> Collections::Keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, items] : items_) keys.push_back(key);
  return keys;
}

}  // namespace tensorbundle::graph
