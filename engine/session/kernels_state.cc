// Kernels of variables. Those of imported graphs may be resources: along the
// edges from their handles flow references as along those from a VariableV2.
#include <string>
#include <utility>

#include "engine/session/kernel.h"
#include "engine/session/state_update.h"

namespace tensorbundle::session {

namespace {

using kernels::BinaryOp;

class VariableKernel : public Kernel {
 public:
  explicit VariableKernel(VariableState* state) : state_(state) {}

  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources& resources) {
    return std::unique_ptr<Kernel>(
        std::make_unique<VariableKernel>(resources.Variable(node)));
  }

  Status Compute(KernelContext& context) override {
    context.set_output_ref(0, state_);
    return OkStatus();
  }

 private:
  VariableState* state_;
};

class AssignKernel : public Kernel {
 public:
  explicit AssignKernel(bool validate_shape)
      : validate_shape_(validate_shape) {}

  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources&) {
    return std::unique_ptr<Kernel>(
        std::make_unique<AssignKernel>(node.bool_attr("validate_shape")));
  }

  Status Compute(KernelContext& context) override {
    TB_RETURN_IF_ERROR(CheckRef(context, 0));
    Tensor previous = context.variable(0)->value;
    TB_RETURN_IF_ERROR(
        AssignTo(context.variable(0), context.input(1), validate_shape_));
    context.Recycle(std::move(previous));
    context.set_output_ref(0, context.variable(0));
    return OkStatus();
  }

 private:
  bool validate_shape_;
};

template <BinaryOp kOp>
class UpdateKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources&) {
    if (!kernels::SupportsBinary(kOp, node.type_attr("T"))) {
      return InvalidArgumentError(
          "No OpKernel was registered to support Op '" + node.op() +
          "' with T=" + DTypeProtoName(node.type_attr("T")));
    }
    return std::unique_ptr<Kernel>(std::make_unique<UpdateKernel>());
  }

  Status Compute(KernelContext& context) override {
    TB_RETURN_IF_ERROR(CheckRef(context, 0));
    TB_RETURN_IF_ERROR(UpdateBy(kOp, context.variable(0), context.input(1)));
    context.set_output_ref(0, context.variable(0));
    return OkStatus();
  }
};

Status CheckHandle(const KernelContext& context) {
  if (context.variable(0) != nullptr) return OkStatus();
  return InvalidArgumentError("The handle of a variable cannot be fed");
}

Status ReadVariable(KernelContext& context, int) {
  TB_RETURN_IF_ERROR(CheckHandle(context));
  const VariableState& state = *context.variable(0);
  if (!state.initialized()) {
    const graph::Node& handle = *context.node().input(0).node;
    return FailedPreconditionError(
        "Error while reading resource variable " + handle.name() +
        " from Container: localhost. This could mean that the variable was "
        "uninitialized. Not found: Resource localhost/" +
        handle.name() + "/N10tensorflow3VarE does not exist.");
  }
  context.set_output(0, state.value);
  return OkStatus();
}

Status AssignVariable(KernelContext& context, int) {
  TB_RETURN_IF_ERROR(CheckHandle(context));
  return AssignTo(context.variable(0), context.input(1), true);
}

Status VarIsInitialized(KernelContext& context, int) {
  TB_RETURN_IF_ERROR(CheckHandle(context));
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, Shape()));
  out->mutable_as<uint8_t>()[0] = context.variable(0)->initialized();
  return OkStatus();
}

constexpr KernelEntry kStateKernels[] = {
    {"Assign", AssignKernel::Make},
    {"AssignAdd", UpdateKernel<BinaryOp::kAdd>::Make},
    {"AssignSub", UpdateKernel<BinaryOp::kSub>::Make},
    {"AssignVariableOp", AssignVariable},
    {"ReadVariableOp", ReadVariable},
    {"VarHandleOp", VariableKernel::Make},
    {"VarIsInitializedOp", VarIsInitialized},
    {"Variable", VariableKernel::Make},
    {"VariableV2", VariableKernel::Make},
};

}  // namespace

std::span<const KernelEntry> StateKernels() { return kStateKernels; }

}  // namespace tensorbundle::session
