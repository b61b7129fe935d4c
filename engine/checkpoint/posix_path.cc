#include "engine/checkpoint/posix_path.h"

#include <algorithm>
#include <vector>

namespace tensorbundle::checkpoint {

namespace {

// The names between slashes, without the empty ones.
std::vector<std::string_view> Split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

}  // namespace

bool IsAbsolutePath(std::string_view path) {
  return !path.empty() && path.front() == '/';
}

std::string JoinPath(std::string_view a, std::string_view b) {
  if (IsAbsolutePath(b)) return std::string(b);
  std::string path(a);
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(b);
}

std::string NormalizePath(std::string_view path) {
  if (path.empty()) return ".";
  std::string root;
  if (IsAbsolutePath(path)) {
    const bool two = path.size() >= 2 && path[1] == '/' &&
                     (path.size() == 2 || path[2] != '/');
    root = two ? "//" : "/";
  }
  std::vector<std::string_view> kept;
  for (std::string_view part : Split(path)) {
    if (part == ".") continue;
    if (part != "..") {
      kept.push_back(part);
    } else if (!kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (root.empty()) {
      kept.push_back(part);
    }
  }
  std::string normal = root;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (i > 0) normal += '/';
    normal += kept[i];
  }
  return normal.empty() ? "." : normal;
}

std::string RelativePath(std::string_view path, std::string_view start,
                         std::string_view working_dir) {
  const std::string from = NormalizePath(JoinPath(working_dir, start));
  const std::string to = NormalizePath(JoinPath(working_dir, path));
  const std::vector<std::string_view> from_parts = Split(from);
  const std::vector<std::string_view> to_parts = Split(to);
  const size_t limit = std::min(from_parts.size(), to_parts.size());
  size_t common = 0;
  while (common < limit && from_parts[common] == to_parts[common]) ++common;
  std::string relative;
  for (size_t i = common; i < from_parts.size(); ++i) relative += "../";
  for (size_t i = common; i < to_parts.size(); ++i) {
    relative += to_parts[i];
    relative += '/';
  }
  if (relative.empty()) return ".";
  relative.pop_back();
  return relative;
}

}  // namespace tensorbundle::checkpoint
