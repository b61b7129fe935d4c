// Kernels of Add, AddV2, Sub and Mul.
#include "engine/kernels/elementwise.h"
#include "engine/session/kernel.h"

namespace tensorbundle::session {

namespace {

using kernels::BinaryOp;

template <BinaryOp kOp>
class BinaryKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<BinaryKernel>());
  }

  Status Compute(KernelContext& context) override {
    const Tensor& x = context.input(0);
    const Tensor& y = context.input(1);
    TB_ASSIGN_OR_RETURN(const Shape shape,
                        kernels::BroadcastShapes(x.shape(), y.shape()));
    TB_ASSIGN_OR_RETURN(Tensor* const out,
                        context.ForwardOrAllocateOutput(0, shape, {0, 1}));
    kernels::Binary(kOp, x, y, out);
    return OkStatus();
  }
};

constexpr KernelEntry kMathKernels[] = {
    {"Add", BinaryKernel<BinaryOp::kAdd>::Make},
    {"AddV2", BinaryKernel<BinaryOp::kAdd>::Make},
    {"Mul", BinaryKernel<BinaryOp::kMul>::Make},
    {"Sub", BinaryKernel<BinaryOp::kSub>::Make},
};

}  // namespace

std::span<const KernelEntry> MathKernels() { return kMathKernels; }

}  // namespace tensorbundle::session
