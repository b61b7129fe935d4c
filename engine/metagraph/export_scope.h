// ExportScope: which part of a graph is written, and under which names.
#ifndef TB_METAGRAPH_EXPORT_SCOPE_H_
#define TB_METAGRAPH_EXPORT_SCOPE_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/train/saver_graph.h"

namespace tensorbundle::metagraph {

class ExportScope {
 public:
  // The nodes in the name scope `name`, or all for "".
  explicit ExportScope(std::string_view name);

  // "a/", or "".
  const std::string& prefix() const { return prefix_; }

  // Leaves out the scopes of savers other than `saver_def`, which may be null:
  // those where a node saves or restores.
  void LeaveOutSavers(const graph::Graph& graph,
                      const train::SaverDef* saver_def);

  bool Includes(std::string_view node) const;

  // The name of a node or a tensor of the scope in what is written.
  std::string_view Name(std::string_view name) const;

  // The same for an input of a node, "^a/b" or "a/b:1". What lies outside is
  // called "$unbound_inputs_<name>", and remembered.
  std::string Input(const std::string& input);

  // Those that were remembered, sorted.
  const std::multiset<std::string>& unbound_inputs() const { return unbound_; }

 private:
  std::string prefix_;
  std::set<std::string> left_out_;  // scopes, "save_1/"
  std::multiset<std::string> unbound_;
};

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_EXPORT_SCOPE_H_
