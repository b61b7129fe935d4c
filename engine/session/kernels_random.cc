// Kernels of the random ops. A kernel owns its generator: a new session starts
// from the seeds again, a second run of the same session goes on.
#include <optional>
#include <string>

#include "engine/random/fill.h"
#include "engine/random/generator.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

using random::Distribution;
using random::Generator;

Generator MakeGenerator(const graph::Node& node, const Resources& resources) {
  uint64_t seed = static_cast<uint64_t>(node.int_attr("seed"));
  uint64_t seed2 = static_cast<uint64_t>(node.int_attr("seed2"));
  if (Generator::WantsFreshSeeds(seed, seed2)) {
    seed = resources.Random();
    seed2 = resources.Random();
  }
  return Generator(seed, seed2);
}

template <Distribution kDistribution>
class RandomKernel : public Kernel {
 public:
  explicit RandomKernel(Generator generator) : generator_(generator) {}

  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources& resources) {
    return std::unique_ptr<Kernel>(
        std::make_unique<RandomKernel>(MakeGenerator(node, resources)));
  }

  Status Compute(KernelContext& context) override {
    TB_ASSIGN_OR_RETURN(const Shape shape, ShapeFrom(context.input(0)));
    TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
    random::Fill(kDistribution, out->dtype(),
                 generator_.Reserve(static_cast<uint64_t>(out->num_elements())),
                 out->mutable_bytes());
    return OkStatus();
  }

 private:
  Generator generator_;
};

class RandomIntKernel : public Kernel {
 public:
  explicit RandomIntKernel(Generator generator) : generator_(generator) {}

  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources& resources) {
    return std::unique_ptr<Kernel>(
        std::make_unique<RandomIntKernel>(MakeGenerator(node, resources)));
  }

  Status Compute(KernelContext& context) override {
    for (int i = 1; i <= 2; ++i) {
      const Shape& shape = context.input(i).shape();
      if (shape.rank() != 0) {
        return InvalidArgumentError(std::string(i == 1 ? "minval" : "maxval") +
                                    " must be 0-D, got shape " +
                                    shape.ToString());
      }
    }
    TB_ASSIGN_OR_RETURN(const Shape shape, ShapeFrom(context.input(0)));
    TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
    if (out->num_elements() == 0) return OkStatus();
    return out->dtype() == DType::kInt32 ? Fill<int32_t>(context, out)
                                         : Fill<int64_t>(context, out);
  }

 private:
  template <typename T>
  Status Fill(const KernelContext& context, Tensor* out) {
    const T low = context.input(1).as<T>()[0];
    const T high = context.input(2).as<T>()[0];
    if (low >= high) {
      return InvalidArgumentError("Need minval < maxval, got " +
                                  std::to_string(low) +
                                  " >= " + std::to_string(high));
    }
    const std::span<T> elements = out->mutable_as<T>();
    random::FillUniform(generator_.Reserve(elements.size()), low, high,
                        elements);
    return OkStatus();
  }

  Generator generator_;
};

constexpr KernelEntry kRandomKernels[] = {
    {"RandomStandardNormal", RandomKernel<Distribution::kNormal>::Make},
    {"RandomUniform", RandomKernel<Distribution::kUniform>::Make},
    {"RandomUniformInt", RandomIntKernel::Make},
    {"TruncatedNormal", RandomKernel<Distribution::kTruncatedNormal>::Make},
};

}  // namespace

std::span<const KernelEntry> RandomKernels() { return kRandomKernels; }

}  // namespace tensorbundle::session
