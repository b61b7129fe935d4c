// Kernel: a node made ready to run in one session.
//
// The adapters in this folder read a node's attributes once and then call the
// functions of engine/kernels, which know no graph.
#ifndef TB_SESSION_KERNEL_H_
#define TB_SESSION_KERNEL_H_

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "engine/graph/node.h"
#include "engine/session/buffer_pool.h"
#include "engine/session/resources.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

// What flows along an edge: a tensor, or a reference to a variable.
struct Value {
  Tensor tensor;
  VariableState* variable = nullptr;

  const Tensor& get() const { return variable ? variable->value : tensor; }
};

// An input of a step: its value, and whether nobody reads it afterwards.
struct StepInput {
  Value* value;
  bool is_last_use;
};

// One call of a kernel. Inputs are valid, and outputs may be set, during it.
class KernelContext {
 public:
  KernelContext(const graph::Node& node, std::span<const StepInput> inputs,
                std::span<Value> outputs, BufferPool* pool)
      : node_(node), inputs_(inputs), outputs_(outputs), pool_(pool) {}

  const graph::Node& node() const { return node_; }
  int num_inputs() const { return static_cast<int>(inputs_.size()); }
  const Tensor& input(int i) const { return value(i).get(); }
  // The variable behind a ref input.
  VariableState* variable(int i) const { return value(i).variable; }

  void set_output(int i, Tensor tensor) {
    output(i) = Value{std::move(tensor)};
  }
  void set_output_ref(int i, VariableState* variable) {
    output(i) = Value{Tensor(), variable};
  }
  // Memory for output `i`, not yet filled. The one place where kernels get
  // memory from, so that a plan may hand them what an earlier run used.
  Result<Tensor*> AllocateOutput(int i, const Shape& shape);

  // The same, in the memory of the first of `inputs` whose value nobody else
  // will read, if its dtype and number of elements are the output's: for
  // kernels that read an element before they write it. That input stays valid,
  // and changes with what is written.
  Result<Tensor*> ForwardOrAllocateOutput(int i, const Shape& shape,
                                          std::initializer_list<int> inputs);

  // Memory that a kernel has replaced, for AllocateOutput() of others.
  void Recycle(Tensor tensor) { pool_->Give(std::move(tensor)); }

 private:
  const Value& value(int i) const {
    return *inputs_[static_cast<size_t>(i)].value;
  }
  Value& output(int i) { return outputs_[static_cast<size_t>(i)]; }

  const graph::Node& node_;
  std::span<const StepInput> inputs_;
  std::span<Value> outputs_;
  BufferPool* const pool_;
};

class Kernel {
 public:
  Kernel() = default;
  virtual ~Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  virtual Status Compute(KernelContext& context) = 0;
};

// A fed value is no variable: nothing can be assigned to it. Returns
// InvalidArgument "Input 0 of node Assign was passed float by a feed,
// incompatible with expected float_ref.".
Status CheckRef(const KernelContext& context, int input);

// Makes the kernel of `node`. Its state lives as long as the session.
using KernelFactory = Result<std::unique_ptr<Kernel>> (*)(
    const graph::Node& node, Resources& resources);

// A row of the tables in kernels_*.cc.
struct KernelEntry {
  std::string_view op;
  KernelFactory make;
};

std::span<const KernelEntry> ArrayKernels();
std::span<const KernelEntry> MathKernels();
std::span<const KernelEntry> RandomKernels();
std::span<const KernelEntry> StateKernels();
std::span<const KernelEntry> IoKernels();
std::span<const KernelEntry> TrainingKernels();

// Returns InvalidArgument "No OpKernel was registered to support Op '<op>'"
// when there is none, and what the kernel's constructor says.
Result<std::unique_ptr<Kernel>> MakeKernel(const graph::Node& node,
                                           Resources& resources);

// `status` with the name of the node it came from, as TensorFlow 1.15 does:
// "<message>\n\t [[{{node save/Assign}}]]".
Status AtNode(const Status& status, std::string_view node_name);

}  // namespace tensorbundle::session

#endif  // TB_SESSION_KERNEL_H_
