#include "engine/graph/variable_scopes.h"

#include <utility>

namespace tensorbundle::graph {

std::string VariableScopes::FullName(std::string_view name) const {
  return name_.empty() ? std::string(name) : name_ + "/" + std::string(name);
}

std::string VariableScopes::Unique(std::string_view default_name) const {
  const std::string full = FullName(default_name);
  if (Count(full) == 0) return std::string(default_name);
  int i = 1;
  while (Count(full + "_" + std::to_string(i)) > 0) ++i;
  return std::string(default_name) + "_" + std::to_string(i);
}

void VariableScopes::Open(std::string_view name) {
  outer_.push_back({name_, false, {}});
  Enter(FullName(name));
}

void VariableScopes::Reopen(std::string_view full_name) {
  outer_.push_back({name_, true, {}});
  Enter(std::string(full_name));
  outer_.back().counts = counts_;
}

void VariableScopes::Close() {
  Outer& outer = outer_.back();
  if (outer.restores) {
    counts_ = std::move(outer.counts);
  } else {
    const std::string prefix = name_ + "/";
    for (auto it = counts_.lower_bound(prefix);
         it != counts_.end() &&
         it->first.compare(0, prefix.size(), prefix) == 0;
         ++it) {
      it->second = 0;
    }
  }
  name_ = std::move(outer.name);
  outer_.pop_back();
}

void VariableScopes::Enter(std::string full_name) {
  name_ = std::move(full_name);
  ++counts_[name_];
}

int VariableScopes::Count(std::string_view name) const {
  const auto it = counts_.find(name);
  return it == counts_.end() ? 0 : it->second;
}

}  // namespace tensorbundle::graph
