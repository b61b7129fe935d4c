// Names: what makes the second unnamed variable "Variable_1".
#ifndef TB_GRAPH_NAMES_H_
#define TB_GRAPH_NAMES_H_

#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/util/result.h"

namespace tensorbundle::graph {

// ^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$
bool IsValidNodeName(std::string_view name);
// ^[A-Za-z0-9_.\-/]*$: a scope inside another may begin with "_".
bool IsValidScopeName(std::string_view name);

// The names a graph has given away, and its current name scope. The rules are
// those of TensorFlow 1.15's Graph.unique_name and Graph.name_scope.
class Names {
 public:
  // The current scope, without a slash at its end; "" at the root.
  const std::string& scope() const { return scope_; }

  // `name` under the current scope, with "_1", "_2", ... appended if somebody
  // had it before ("Abc" and "abc" are the same name). The result is taken.
  std::string Unique(std::string_view name);

  // Takes the name of a node that was not asked for here.
  void Take(std::string_view name);

  // The name for a node that asked for `name`: exactly that, less the slash,
  // if it ends with "/"; else Unique(name). Returns ValueError
  // "'<name>' is not a valid node name".
  Result<std::string> NodeName(std::string_view name);

  // The scope that asking for `name` leads to, without a slash at its end: the
  // root for "", exactly that scope for a name that ends with "/", else
  // Unique(name). Does not enter it. Returns ValueError
  // "'<name>' is not a valid scope name".
  Result<std::string> ScopeName(std::string_view name);

  // Makes `scope` the current one and returns the one before.
  std::string SetScope(std::string scope);

 private:
  std::string scope_;
  std::unordered_map<std::string, int> in_use_;  // by lower-case name
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_NAMES_H_
