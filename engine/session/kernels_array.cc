// Kernels of Const, Identity, NoOp and the placeholders.
#include <string>

#include "engine/session/kernel.h"

namespace tensorbundle::session {

namespace {

class ConstKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources&) {
    auto kernel = std::make_unique<ConstKernel>();
    kernel->value_ = *node.attr("value")->tensor();
    return std::unique_ptr<Kernel>(std::move(kernel));
  }

  Status Compute(KernelContext& context) override {
    context.set_output(0, value_);
    return OkStatus();
  }

 private:
  Tensor value_;
};

// Identity, and a PlaceholderWithDefault that is not fed.
class IdentityKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<IdentityKernel>());
  }

  Status Compute(KernelContext& context) override {
    context.set_output(0, context.input(0));
    return OkStatus();
  }
};

class NoOpKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<NoOpKernel>());
  }

  Status Compute(KernelContext&) override { return OkStatus(); }
};

// Runs only when nobody fed it.
class PlaceholderKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<PlaceholderKernel>());
  }

  Status Compute(KernelContext& context) override {
    const graph::Node& node = context.node();
    std::string text = "You must feed a value for placeholder tensor '" +
                       node.name() + "' with dtype " +
                       DTypeString(node.type_attr("dtype"));
    const graph::PartialShape& shape = *node.attr("shape")->shape();
    if (shape.has_rank() && shape.rank() > 0) {
      text += " and shape " + shape.ToString();
    }
    return InvalidArgumentError(std::move(text));
  }
};

constexpr KernelEntry kArrayKernels[] = {
    {"Const", ConstKernel::Make},
    {"Identity", IdentityKernel::Make},
    {"NoOp", NoOpKernel::Make},
    {"Placeholder", PlaceholderKernel::Make},
    {"PlaceholderWithDefault", IdentityKernel::Make},
};

}  // namespace

std::span<const KernelEntry> ArrayKernels() { return kArrayKernels; }

}  // namespace tensorbundle::session
