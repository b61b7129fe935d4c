#include "engine/graph/op_def.h"

#include <cassert>
#include <utility>

#include "engine/graph/op_spec_parser.h"

namespace tensorbundle::graph {

const AttrDef* OpDef::FindAttr(std::string_view attr) const {
  for (const AttrDef& def : attrs) {
    if (def.name == attr) return &def;
  }
  return nullptr;
}

OpRegistry::OpRegistry(std::span<const std::span<const OpSpec>> tables) {
  for (std::span<const OpSpec> table : tables) {
    for (const OpSpec& spec : table) {
      Result<OpDef> def = ParseOpSpec(spec);
      assert(def.ok());
      [[maybe_unused]] const bool added =
          ops_.emplace(spec.name, std::move(def).value()).second;
      assert(added);
    }
  }
}

const OpDef* OpRegistry::Find(std::string_view name) const {
  const auto it = ops_.find(name);
  return it == ops_.end() ? nullptr : &it->second;
}

std::vector<const OpDef*> OpRegistry::All() const {
  std::vector<const OpDef*> all;
  for (const auto& [name, def] : ops_) all.push_back(&def);
  return all;
}

}  // namespace tensorbundle::graph
