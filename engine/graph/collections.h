// Collections: a graph's named lists, and the record of a variable in them.
#ifndef TB_GRAPH_COLLECTIONS_H_
#define TB_GRAPH_COLLECTIONS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/graph/node.h"

namespace tensorbundle::graph {

inline constexpr std::string_view kGlobalVariables = "variables";
inline constexpr std::string_view kTrainableVariables = "trainable_variables";
inline constexpr std::string_view kLocalVariables = "local_variables";
inline constexpr std::string_view kSaveableObjects = "saveable_objects";

// Where in a partitioned variable a part lies (SaveSliceInfoDef).
struct SaveSliceInfo {
  std::string full_name;
  std::vector<int64_t> full_shape;
  std::vector<int64_t> var_offset;
  std::vector<int64_t> var_shape;

  // "4 2 2,2:0,2": the full shape, then offset and length of each dimension.
  std::string Spec() const;
};

// What a VariableDef says. `variable` is the ref (or the resource handle),
// `snapshot` what reading the variable means. A variable out of a file of early
// versions has no initial value.
struct Variable {
  Output variable;
  const Node* initializer = nullptr;
  Output snapshot;
  Output initial_value;
  bool trainable = true;
  bool is_resource = false;
  std::optional<SaveSliceInfo> slice;
  // What else its VariableDef said, field by field as in the file.
  std::string other_fields;

  // The op's name: "Variable_1".
  const std::string& op_name() const { return variable.node->name(); }
};

using CollectionItem = std::variant<const Variable*, Output, const Node*,
                                    std::string, int64_t, float>;

// What get_collection's scope filter looks at: "Variable:0" for variables and
// tensors, the name of a node, "" for values, which have no name.
std::string ItemName(const CollectionItem& item);

class Collections {
 public:
  void Add(std::string_view key, CollectionItem item);
  // In the order of addition; empty for an unknown key. Valid until the next
  // Add() under that key.
  std::span<const CollectionItem> Get(std::string_view key) const;
  // The variables among them.
  std::vector<const Variable*> Variables(std::string_view key) const;
  void Clear(std::string_view key);
  std::vector<std::string> Keys() const;

 private:
  std::map<std::string, std::vector<CollectionItem>, std::less<>> items_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_COLLECTIONS_H_
