// Variable scopes: the prefix of the names that get_variable gives, beside the
// name scopes that nodes are named in.
#ifndef TB_GRAPH_VARIABLE_SCOPES_H_
#define TB_GRAPH_VARIABLE_SCOPES_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tensorbundle::graph {

// The open variable scopes of one graph, and how often each was opened. The
// rules are those of TensorFlow 1.15's _VariableScopeStore. Opening one does
// not open a name scope; callers do both.
class VariableScopes {
 public:
  // The innermost scope, "a/b"; "" at the root.
  const std::string& name() const { return name_; }

  // `name` in the innermost scope: "a/b/w".
  std::string FullName(std::string_view name) const;

  // The name for a scope that asks for `default_name`: itself, or with "_1",
  // "_2", ... appended, the first that the innermost scope has not opened.
  std::string Unique(std::string_view default_name) const;

  // Opens `name` in the innermost scope. When it is closed, its sub-scopes
  // count as never opened.
  void Open(std::string_view name);

  // Opens the scope that is called `full_name`, wherever it is. When it is
  // closed, all counts are as they were after it was opened.
  void Reopen(std::string_view full_name);

  // Closes the innermost scope. REQUIRES: one is open.
  void Close();

 private:
  using Counts = std::map<std::string, int, std::less<>>;

  struct Outer {
    std::string name;
    bool restores = false;
    Counts counts;  // if it restores
  };

  void Enter(std::string full_name);
  int Count(std::string_view name) const;

  std::string name_;
  Counts counts_;
  std::vector<Outer> outer_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_VARIABLE_SCOPES_H_
