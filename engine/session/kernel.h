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
#include <vector>

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
  KernelContext(const KernelContext&) = delete;
  KernelContext& operator=(const KernelContext&) = delete;
  ~KernelContext() {
    for (Tensor& each : workspaces_) pool_->Give(std::move(each));
  }

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

  // The output is input `from` under the shape `shape`, without a copy.
  void SetReshaped(int i, int from, const Shape& shape) {
    set_output(i, input(from).Reshaped(shape));
  }

  // Room for `count` elements of T, anything in them, while the kernel runs.
  template <typename T>
  Result<std::span<T>> Workspace(size_t count) {
    const int64_t size = static_cast<int64_t>(count * sizeof(T));
    TB_ASSIGN_OR_RETURN(Tensor room,
                        pool_->Take(DType::kUint8, Shape::Of({size})));
    T* data = reinterpret_cast<T*>(room.mutable_bytes().data());
    workspaces_.push_back(std::move(room));
    return std::span<T>(data, count);
  }

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
  std::vector<Tensor> workspaces_;
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

// What a kernel without a state of its own computes; `code` tells apart the ops
// that share a function.
using ComputeFunction = Status (*)(KernelContext& context, int code);

// A set of dtypes.
constexpr uint64_t DTypes(std::initializer_list<DType> dtypes) {
  uint64_t set = 0;
  for (const DType dtype : dtypes)
    set |= uint64_t{1} << static_cast<int>(dtype);
  return set;
}
inline constexpr uint64_t kAnyDType = ~uint64_t{0};
inline constexpr uint64_t kReals = DTypes({DType::kFloat, DType::kDouble});
inline constexpr uint64_t kNumbers =
    kReals | DTypes({DType::kInt32, DType::kInt64});

// A row of the tables in kernels_*.cc: how to make a kernel, or the function of
// one without a state and the dtypes of the attribute T that it can do.
struct KernelEntry {
  constexpr KernelEntry(std::string_view name, KernelFactory factory)
      : op(name), make(factory) {}
  constexpr KernelEntry(std::string_view name, ComputeFunction function,
                        int op_code = 0, uint64_t types = kAnyDType)
      : op(name), compute(function), code(op_code), dtypes(types) {}
  template <typename Code>
  constexpr KernelEntry(std::string_view name, ComputeFunction function,
                        Code op_code, uint64_t types = kAnyDType)
      : KernelEntry(name, function, static_cast<int>(op_code), types) {}

  std::string_view op;
  KernelFactory make = nullptr;
  ComputeFunction compute = nullptr;
  int code = 0;
  uint64_t dtypes = kAnyDType;
};

std::span<const KernelEntry> ArrangeKernels();
std::span<const KernelEntry> ArrayKernels();
std::span<const KernelEntry> BatchNormKernels();
std::span<const KernelEntry> LinalgKernels();
std::span<const KernelEntry> MathKernels();
std::span<const KernelEntry> MatMulKernels();
std::span<const KernelEntry> NnKernels();
std::span<const KernelEntry> RandomKernels();
std::span<const KernelEntry> ReductionKernels();
std::span<const KernelEntry> SliceKernels();
std::span<const KernelEntry> StateKernels();
std::span<const KernelEntry> ConvKernels();
std::span<const KernelEntry> IoKernels();
std::span<const KernelEntry> TrainingKernels();

// Returns InvalidArgument "No OpKernel was registered to support Op '<op>'"
// when there is none, "... with T=DT_HALF" when it is one for other dtypes,
// and what the kernel's constructor says.
Result<std::unique_ptr<Kernel>> MakeKernel(const graph::Node& node,
                                           Resources& resources);

// `status` with the name of the node it came from, as TensorFlow 1.15 does:
// "<message>\n\t [[{{node save/Assign}}]]".
Status AtNode(const Status& status, std::string_view node_name);

}  // namespace tensorbundle::session

#endif  // TB_SESSION_KERNEL_H_
