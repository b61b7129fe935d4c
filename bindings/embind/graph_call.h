// GraphCall: the arguments of one graph-building function, in order, as
// JavaScript hands them over.
//
// Embind passes numbers and strings well and everything else slowly, so an
// argument that is an array is announced here and its bytes are written by
// JavaScript to the address that comes back.
#ifndef TB_EMBIND_GRAPH_CALL_H_
#define TB_EMBIND_GRAPH_CALL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/ops/apply_op.h"
#include "engine/ops/operand.h"
#include "engine/ops/random.h"
#include "engine/ops/variable.h"

namespace tensorbundle::embind {

using GraphPointer = std::shared_ptr<graph::Graph>;

class GraphCall {
 public:
  explicit GraphCall(GraphPointer graph) : graph_(std::move(graph)) {}

  // -- Arguments. Those that return an int return a code.

  void AddTensor(int node, int output);
  // `node` is the variable's ref.
  void AddVariable(int node);
  // A node that Group() is to wait for; not an argument.
  void AddNode(int node);
  // Where an argument may be left out: Gradients().
  void AddNone();
  // An array with a dtype of its own. `dims` is "2,3", "" for a scalar. The
  // caller fills data_address(); strings follow by AddString, one an element.
  int AddArray(int dtype, const std::string& dims);
  // A value written in the program (ops::Literal), held as `dtype`.
  int AddLiteral(int dtype, int natural, const std::string& dims);
  void AddString(const std::string& element);
  uintptr_t data_address() const;
  // What is added between the two is one argument, a list.
  void BeginList();
  void EndList();

  // -- Options.

  void SetName(const std::string& name) { name_ = name; }
  void SetDType(int dtype) { dtype_ = static_cast<DType>(dtype); }
  void SetSeed(int64_t seed) { seed_ = seed; }
  // A placeholder's shape: "?,784"; "*" when nothing is known.
  int SetShape(const std::string& dims);
  void SetTrainable(bool trainable) { trainable_ = trainable; }
  void SetValidateShape(bool validate) { validate_shape_ = validate; }
  void SetUseLocking(bool locking) { use_locking_ = locking; }
  void AddCollection(const std::string& key);
  void SetAttrBool(const std::string& name, bool value);
  void SetAttrInt(const std::string& name, int64_t value);
  void SetAttrFloat(const std::string& name, float value);
  void SetAttrString(const std::string& name, const std::string& value);
  void SetAttrType(const std::string& name, int value);
  // "1,2,-1"
  void SetAttrInts(const std::string& name, const std::string& values);

  // -- Functions. Each returns a code; node() and output() are the result.

  int Apply(const std::string& op);
  int ApplyOperator(int op);  // ops::Operator
  int Constant();
  int Placeholder();
  int Identity();
  int NoOp();
  int Group();
  int TruncatedNormal();
  int RandomNormal();
  int RandomUniform();
  int MakeVariable();
  // The same in two calls, in between of which JavaScript adds the nodes of the
  // initial value: ops::VariableDraft.
  int BeginVariable();
  int EndVariable();
  // The first argument, a variable, gets its initial value from the tensor
  // `key` of the checkpoint `prefix`; the second is that value.
  int InitializeFromCheckpoint(const std::string& prefix,
                               const std::string& key,
                               const std::string& slice_spec);
  int Assign(int kind);  // 0 assign, 1 assign_add, 2 assign_sub
  int VariablesInitializer();
  // The argument as a tensor; a value becomes a Const of SetDType(), or of its
  // own dtype, called SetName().
  int Convert();
  // Tensor.set_shape: what both the argument and SetShape() say.
  int MergeShape();
  // AddNode()s become control inputs of what is added until PopControl(); with
  // `clear`, those of the scopes around are no longer.
  void PushControl(bool clear);
  // Lists of ys, xs, their initial gradients (or AddNone()) and tensors to stop
  // at. gradients() is "[[values,index],null,[values,index,indices,index,
  // shape,index]]", nodes and their outputs.
  int Gradients(bool gate, bool colocate, bool zeros);
  std::string gradients() const { return gradients_; }

  int node() const { return node_; }
  int output() const { return output_; }

 private:
  ops::Operand Take();
  int Return(const Result<graph::Output>& result);
  int Return(const Result<const graph::Node*>& result);
  int Hold(Result<Tensor> tensor, std::optional<DType> natural);
  void Push(ops::Operand operand);
  ops::RandomOptions random_options() const;
  ops::VariableOptions variable_options() const;

  GraphPointer graph_;
  std::vector<ops::Argument> arguments_;
  size_t taken_ = 0;
  std::vector<const graph::Node*> nodes_;
  bool in_list_ = false;
  Tensor held_;  // the array being filled
  size_t next_string_ = 0;

  std::string name_;
  std::optional<DType> dtype_;
  std::optional<int64_t> seed_;
  graph::PartialShape shape_;
  bool trainable_ = true;
  bool validate_shape_ = true;
  bool use_locking_ = false;
  std::optional<std::vector<std::string>> collections_;
  graph::AttrMap attrs_;
  std::unique_ptr<ops::VariableDraft> draft_;

  int node_ = 0;
  int output_ = 0;
  std::string gradients_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_GRAPH_CALL_H_
