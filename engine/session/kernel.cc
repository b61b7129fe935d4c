#include "engine/session/kernel.h"

#include <string>

namespace tensorbundle::session {

Result<Tensor*> KernelContext::AllocateOutput(int i, const Shape& shape) {
  TB_ASSIGN_OR_RETURN(Tensor tensor,
                      pool_->Take(node_.output(i).dtype(), shape));
  output(i) = Value{std::move(tensor)};
  return &output(i).tensor;
}

Result<Tensor*> KernelContext::ForwardOrAllocateOutput(
    int i, const Shape& shape, std::initializer_list<int> inputs) {
  const DType dtype = node_.output(i).dtype();
  for (int from : inputs) {
    const StepInput& input = inputs_[static_cast<size_t>(from)];
    const Tensor& tensor = input.value->tensor;
    if (!input.is_last_use || input.value->variable != nullptr ||
        tensor.dtype() != dtype || dtype == DType::kString ||
        tensor.num_elements() != shape.num_elements() || !tensor.unique()) {
      continue;
    }
    output(i) = Value{tensor.Reshaped(shape)};
    return &output(i).tensor;
  }
  return AllocateOutput(i, shape);
}

Status CheckRef(const KernelContext& context, int input) {
  if (context.variable(input) != nullptr) return OkStatus();
  const graph::Node& node = context.node();
  const std::string dtype = DTypeString(node.input(input).dtype());
  return InvalidArgumentError("Input " + std::to_string(input) + " of node " +
                              node.name() + " was passed " + dtype +
                              " by a feed, incompatible with expected " +
                              dtype + "_ref.");
}

namespace {

class FunctionKernel : public Kernel {
 public:
  FunctionKernel(ComputeFunction function, int code)
      : function_(function), code_(code) {}

  Status Compute(KernelContext& context) override {
    return function_(context, code_);
  }

 private:
  const ComputeFunction function_;
  const int code_;
};

Status NotRegistered(const graph::Node& node, const std::string& with) {
  return InvalidArgumentError("No OpKernel was registered to support Op '" +
                              node.op() + "'" + with);
}

Result<std::unique_ptr<Kernel>> Make(const KernelEntry& entry,
                                     const graph::Node& node,
                                     Resources& resources) {
  if (entry.make != nullptr) return entry.make(node, resources);
  const graph::AttrValue* type = node.attr("T");
  if (type != nullptr && entry.dtypes != kAnyDType &&
      (entry.dtypes >> static_cast<int>(*type->type()) & 1) == 0) {
    return NotRegistered(node, " with T=" + DTypeProtoName(*type->type()));
  }
  return std::unique_ptr<Kernel>(
      std::make_unique<FunctionKernel>(entry.compute, entry.code));
}

}  // namespace

Result<std::unique_ptr<Kernel>> MakeKernel(const graph::Node& node,
                                           Resources& resources) {
  const std::span<const KernelEntry> tables[] = {
      ArrangeKernels(),   ArrayKernels(),   ConvKernels(),      IoKernels(),
      BatchNormKernels(), LinalgKernels(),  MathKernels(),      MatMulKernels(),
      NnKernels(),        RandomKernels(),  ReductionKernels(), SliceKernels(),
      StateKernels(),     TrainingKernels()};
  for (std::span<const KernelEntry> table : tables) {
    for (const KernelEntry& entry : table) {
      if (entry.op == node.op()) return Make(entry, node, resources);
    }
  }
  return NotRegistered(node, "");
}

Status AtNode(const Status& status, std::string_view node_name) {
  return Status(status).WithMessage(status.message() + "\n\t [[{{node " +
                                    std::string(node_name) + "}}]]");
}

}  // namespace tensorbundle::session
