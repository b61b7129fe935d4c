#include "engine/graph/names.h"

#include <utility>

namespace tensorbundle::graph {

namespace {

bool IsLetterOrDigit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= '0' && c <= '9');
}

bool IsScopeCharacter(char c) {
  return IsLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == '/';
}

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string WithoutSlash(std::string_view name) {
  return std::string(name.substr(0, name.size() - 1));
}

}  // namespace

bool IsValidScopeName(std::string_view name) {
  for (char c : name) {
    if (!IsScopeCharacter(c)) return false;
  }
  return true;
}

bool IsValidNodeName(std::string_view name) {
  return !name.empty() && (IsLetterOrDigit(name[0]) || name[0] == '.') &&
         IsValidScopeName(name);
}

std::string Names::Unique(std::string_view name) {
  std::string full(name);
  if (!scope_.empty()) full = scope_ + "/" + full;
  const std::string base = LowerCase(full);
  int i = in_use_[base]++;
  if (i == 0) return full;
  // The count is where the search starts: somebody may have asked for "a_1"
  // by that name.
  std::string key = base + "_" + std::to_string(i);
  while (in_use_.count(key) > 0) key = base + "_" + std::to_string(++i);
  in_use_[key] = 1;
  return full + "_" + std::to_string(i);
}

void Names::Take(std::string_view name) {
  in_use_.try_emplace(LowerCase(std::string(name)), 1);
}

Result<std::string> Names::NodeName(std::string_view name) {
  std::string unique =
      !name.empty() && name.back() == '/' ? WithoutSlash(name) : Unique(name);
  if (!IsValidNodeName(unique)) {
    return PyValueError("'" + unique + "' is not a valid node name");
  }
  return unique;
}

Result<std::string> Names::ScopeName(std::string_view name) {
  if (name.empty()) return std::string();
  const bool valid =
      scope_.empty() ? IsValidNodeName(name) : IsValidScopeName(name);
  if (!valid) {
    return PyValueError("'" + std::string(name) +
                        "' is not a valid scope name");
  }
  return name.back() == '/' ? WithoutSlash(name) : Unique(name);
}

std::string Names::SetScope(std::string scope) {
  return std::exchange(scope_, std::move(scope));
}

}  // namespace tensorbundle::graph
