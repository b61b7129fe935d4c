// Node: one operation of a graph, with all that a NodeDef says about it.
#ifndef TB_GRAPH_NODE_H_
#define TB_GRAPH_NODE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/attr_value.h"
#include "engine/graph/op_def.h"
#include "engine/graph/partial_shape.h"
#include "engine/tensor/dtype.h"

namespace tensorbundle::graph {

class Graph;
class Node;

// An output of a node: what Python calls a Tensor. Valid while its graph lives.
struct Output {
  const Node* node = nullptr;
  int index = 0;

  // "Variable:0".
  std::string name() const;
  DType dtype() const;
  bool is_ref() const;
  const PartialShape& shape() const;

  friend bool operator==(const Output& a, const Output& b) {
    return a.node == b.node && a.index == b.index;
  }
};

// str(tensor) in Python: Tensor("add:0", shape=(2, 3), dtype=float32).
std::string ToPythonString(const Output& output);

// What is known of an output when the graph is built.
struct OutputInfo {
  DType dtype = DType::kInvalid;
  bool is_ref = false;
  PartialShape shape;
};

class Node {
 public:
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const Graph& graph() const { return *graph_; }
  // 1 for the first node of its graph, 2 for the next, ...
  int id() const { return id_; }
  const std::string& name() const { return name_; }
  const std::string& op() const { return op_; }
  // Null for an opaque node: one whose op this engine does not know.
  const OpDef* def() const { return def_; }
  // "" when the node may be placed anywhere.
  const std::string& device() const { return device_; }

  const AttrMap& attrs() const { return attrs_; }
  // Null when the node has no such attribute.
  const AttrValue* attr(std::string_view name) const;
  // The attribute's value. REQUIRES: it exists and has that kind, which the
  // OpDef vouches for.
  const std::string& string_attr(std::string_view name) const;
  int64_t int_attr(std::string_view name) const;
  bool bool_attr(std::string_view name) const;
  DType type_attr(std::string_view name) const;
  std::span<const int64_t> ints_attr(std::string_view name) const;

  std::span<const Output> inputs() const { return inputs_; }
  const Output& input(int i) const { return inputs_[static_cast<size_t>(i)]; }
  // Nodes that run before this one, sorted by name.
  std::span<const Node* const> control_inputs() const {
    return control_inputs_;
  }

  int num_outputs() const { return static_cast<int>(outputs_.size()); }
  Output output(int i) const { return Output{this, i}; }

  // The `input` field of the NodeDef: "a" for output 0 of a, "a:1", "^b".
  std::vector<std::string> InputNames() const;
  // The i-th of them. REQUIRES: i < inputs().size().
  std::string InputName(int i) const;

  // The nodes this one is bound to, as "loc:@<name>": those in its _class, or
  // its own name.
  std::vector<std::string> ColocationGroups() const;

 private:
  friend class Graph;
  friend struct Output;

  Node() = default;

  const Graph* graph_ = nullptr;
  int id_ = 0;
  std::string name_;
  std::string op_;
  const OpDef* def_ = nullptr;
  std::string device_;
  AttrMap attrs_;
  std::vector<Output> inputs_;
  std::vector<const Node*> control_inputs_;
  std::vector<OutputInfo> outputs_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_NODE_H_
