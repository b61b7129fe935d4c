// Graph: nodes in the order of their making, their names, their collections.
//
// A graph only grows. Nodes, variables and strings handed out stay valid as
// long as it lives. Nothing is computed here.
#ifndef TB_GRAPH_GRAPH_H_
#define TB_GRAPH_GRAPH_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/graph/collections.h"
#include "engine/graph/foreign.h"
#include "engine/graph/names.h"
#include "engine/graph/node.h"
#include "engine/graph/node_spec.h"
#include "engine/graph/op_def.h"
#include "engine/graph/scopes.h"
#include "engine/graph/variable_scopes.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

class Graph {
 public:
  // `ops` must outlive the graph.
  explicit Graph(const OpRegistry* ops) : ops_(ops) {}
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const OpRegistry& ops() const { return *ops_; }

  // Adds a node. Checks the op, its attributes and the inputs' types
  // (TypeError), infers the outputs' shapes (ValueError), applies the scopes
  // that are open, and leaves the graph as it was on failure, but for the name.
  Result<const Node*> AddNode(NodeSpec spec);

  // Adds a node whose op this engine does not know; it can be written out
  // again, never run. Nothing about it is checked but its name. An input may be
  // left open ({nullptr, 0}) until CloseLoop().
  Result<const Node*> AddOpaqueNode(NodeSpec spec,
                                    std::vector<OutputInfo> outputs);

  // Connects an open input of an opaque node. REQUIRES: it is open.
  void CloseLoop(const Node& node, int input, const Output& output);

  // Takes back the nodes from `id` on, for an import that failed half-way.
  // REQUIRES: no variable, collection or scope knows them.
  void RemoveNodesFrom(int id);

  int num_nodes() const { return static_cast<int>(nodes_.size()); }
  // REQUIRES: 1 <= id <= num_nodes().
  const Node& node(int id) const {
    return *nodes_[static_cast<size_t>(id - 1)];
  }
  // Null when there is none.
  const Node* FindNode(std::string_view name) const;

  // Tensor.set_shape: what both the node and `shape` say. Returns ValueError
  // "Shapes (2, 3) and (3,) are not compatible".
  Status MergeShape(const Output& output, const PartialShape& shape);

  // True once Finalize() was called. From then on whatever would change the
  // graph returns RuntimeError "Graph is finalized and cannot be modified.".
  bool finalized() const { return finalized_; }
  void Finalize() { finalized_ = true; }
  Status CheckNotFinalized() const;

  Names& names() { return names_; }
  const Names& names() const { return names_; }
  Scopes& scopes() { return scopes_; }
  VariableScopes& variable_scopes() { return variable_scopes_; }
  const VariableScopes& variable_scopes() const { return variable_scopes_; }
  Foreign& foreign() { return foreign_; }
  const Foreign& foreign() const { return foreign_; }
  Collections& collections() { return collections_; }
  const Collections& collections() const { return collections_; }

  // Keeps a variable's record for as long as the graph lives.
  const Variable* AddVariable(Variable variable);
  // The record whose ref (or handle) `node` is, or null.
  const Variable* FindVariable(const Node& node) const;
  // Says which part of a partitioned variable `variable` is.
  void SetSlice(const Variable* variable, SaveSliceInfo slice);
  // Says that `initializer` assigns `initial_value`, in place of what the
  // variable was made with.
  void SetInitializer(const Variable* variable, const Node* initializer,
                      Output initial_value);

  // The value of a node that stands for a tensor in a file. Whoever adds such a
  // node reads the file, as neither graphs nor sessions do.
  void SetRestored(const Node& node, Tensor value);
  // Null for a node whose value nobody has read.
  const Tensor* FindRestored(const Node& node) const;

  // tf.set_random_seed for the nodes added from now on.
  std::optional<int64_t> seed() const { return seed_; }
  void set_seed(std::optional<int64_t> seed) { seed_ = seed; }

 private:
  Result<std::unique_ptr<Node>> Draft(NodeSpec spec);
  void ApplyScopes(Node* node) const;
  const Node* Commit(std::unique_ptr<Node> node);

  const OpRegistry* ops_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::unordered_map<std::string_view, const Node*> by_name_;
  std::vector<std::unique_ptr<Variable>> variables_;
  std::unordered_map<const Node*, Variable*> variable_of_;
  std::unordered_map<const Node*, Tensor> restored_;
  Names names_;
  Scopes scopes_;
  VariableScopes variable_scopes_;
  Collections collections_;
  Foreign foreign_;
  std::optional<int64_t> seed_;
  bool finalized_ = false;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_GRAPH_H_
