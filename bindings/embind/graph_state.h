// GraphState: variable scopes, collections and partitions of one graph, for
// JavaScript.
#ifndef TB_EMBIND_GRAPH_STATE_H_
#define TB_EMBIND_GRAPH_STATE_H_

#include <string>

#include "bindings/embind/graph_call.h"

namespace tensorbundle::embind {

class GraphState {
 public:
  explicit GraphState(GraphPointer graph) : graph_(std::move(graph)) {}

  // -- Variable scopes: engine/graph/variable_scopes.h.

  std::string VariableScope() const;
  std::string UniqueVariableScope(const std::string& default_name) const;
  void OpenVariableScope(const std::string& name);
  void ReopenVariableScope(const std::string& full_name);
  void CloseVariableScope();

  // Until PopDevice(), what is added lies on `device`; returns a code.
  int PushDevice(const std::string& device);
  // The scopes around this one say nothing: tf.device(None).
  void PushNoDevice();
  void PopDevice();

  // Until PopColocation(), what is added lies where the node lies.
  void PushColocation(int node);
  void PopColocation();

  // -- Collections. `node` is the variable's ref.

  void AddVariable(const std::string& key, int node);
  void AddTensor(const std::string& key, int node, int output);
  void AddNode(const std::string& key, int node);
  void AddString(const std::string& key, const std::string& value);
  void AddInt(const std::string& key, int64_t value);
  void AddFloat(const std::string& key, float value);
  void ClearCollection(const std::string& key);
  // ["trainable_variables","variables"]
  std::string CollectionKeys() const;

  // -- Partitioned variables.

  // Says that the variable whose ref is `node` is the part of `full_name` that
  // begins at `offset` ("2,0"); returns a code.
  int SetSlice(int node, const std::string& full_name,
               const std::string& full_shape, const std::string& offset,
               const std::string& shape);
  // {"fullName":"emb","fullShape":[4,2],"varOffset":[2,0],"varShape":[2,2],
  //  "spec":"4 2 2,2:0,2"}; "" when the variable is no part of another.
  std::string Slice(int node) const;

 private:
  const graph::Variable* Variable(int node) const;

  GraphPointer graph_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_GRAPH_STATE_H_
