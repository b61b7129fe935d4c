#include "engine/train/saveables.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace tensorbundle::train {

using graph::Node;
using graph::Variable;

namespace {

Status NothingToSave() { return PyValueError("No variables to save"); }

std::vector<Saveable> SortedByKey(std::map<std::string, Saveable> by_key) {
  std::vector<Saveable> saveables;
  for (auto& [key, saveable] : by_key) saveables.push_back(std::move(saveable));
  return saveables;
}

// A part of a partitioned variable joins the others under their full name.
Status AddPart(std::map<std::string, Saveable>* by_key, const Variable* part) {
  const std::string& name = part->slice->full_name;
  Saveable& saveable = (*by_key)[name];
  if (!saveable.variables.empty() && !saveable.is_sliced) {
    return PyValueError("Mixing slices and non-slices with the same name: " +
                        name);
  }
  saveable.key = name;
  saveable.is_sliced = true;
  saveable.variables.push_back(part);
  return OkStatus();
}

// repr(variable) in Python.
std::string ToPythonString(const Variable& variable) {
  const graph::Output& ref = variable.variable;
  const std::string shape =
      ref.shape().has_rank() ? ref.shape().ToPythonString() : "<unknown>";
  return "<tf.Variable '" + ref.name() + "' shape=" + shape +
         " dtype=" + DTypePythonName(ref.dtype()) + "_ref>";
}

Status CheckSlices(const SaveablesMapEntry& entry) {
  const std::string* full_name = nullptr;
  for (const Variable* variable : entry.variables) {
    if (!variable->slice) {
      return PyValueError("Slices must all be slices: " +
                          ToPythonString(*variable));
    }
    const std::string& name = variable->slice->full_name;
    if (full_name == nullptr) full_name = &name;
    if (*full_name != name) {
      return PyValueError("Slices must all be from the same tensor: " +
                          *full_name + " != " + name);
    }
  }
  return OkStatus();
}

}  // namespace

Result<std::vector<Saveable>> SaveablesFromList(
    std::span<const Variable* const> variables) {
  if (variables.empty()) return NothingToSave();
  std::vector<const Variable*> sorted(variables.begin(), variables.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Variable* a, const Variable* b) {
                     return a->variable.name() < b->variable.name();
                   });
  std::map<std::string, Saveable> by_key;
  for (const Variable* variable : sorted) {
    if (variable->slice) {
      TB_RETURN_IF_ERROR(AddPart(&by_key, variable));
      continue;
    }
    const std::string& key = variable->op_name();
    if (by_key.count(key) > 0) {
      return PyValueError("At least two variables have the same name: " + key);
    }
    by_key[key] = Saveable{key, {variable}, false};
  }
  return SortedByKey(std::move(by_key));
}

Result<std::vector<Saveable>> SaveablesFromMap(
    std::span<const SaveablesMapEntry> entries) {
  if (entries.empty()) return NothingToSave();
  std::map<std::string, Saveable> by_key;
  for (const SaveablesMapEntry& entry : entries) {
    if (entry.is_list) TB_RETURN_IF_ERROR(CheckSlices(entry));
    by_key[entry.key] = Saveable{entry.key, entry.variables, entry.is_list};
  }
  std::set<const Node*> seen;
  for (const auto& [key, saveable] : by_key) {
    for (const Variable* variable : saveable.variables) {
      if (!seen.insert(variable->variable.node).second) {
        return PyValueError(
            "The same saveable will be restored with two names: " + key);
      }
    }
  }
  return SortedByKey(std::move(by_key));
}

}  // namespace tensorbundle::train
