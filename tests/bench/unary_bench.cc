// Transcendental functions and their scalar twins, in elements per second.
#include <benchmark/benchmark.h>

#include <vector>

#include "engine/kernels/unary.h"

namespace tensorbundle::bench {
namespace {

constexpr size_t kCount = 4096;

void Run(benchmark::State& state, kernels::unary::UnaryF32* function) {
  std::vector<float> x(kCount), y(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    x[i] = static_cast<float>(i) * (8.f / kCount) + 0.01f;
  }
  for (auto _ : state) {
    function(kCount, x.data(), y.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}

BENCHMARK_CAPTURE(Run, Exp, kernels::Exp);
BENCHMARK_CAPTURE(Run, ExpScalar, kernels::unary::ExpScalar);
BENCHMARK_CAPTURE(Run, Log, kernels::Log);
BENCHMARK_CAPTURE(Run, LogScalar, kernels::unary::LogScalar);
BENCHMARK_CAPTURE(Run, Tanh, kernels::Tanh);
BENCHMARK_CAPTURE(Run, TanhScalar, kernels::unary::TanhScalar);
BENCHMARK_CAPTURE(Run, Sigmoid, kernels::Sigmoid);
BENCHMARK_CAPTURE(Run, SigmoidScalar, kernels::unary::SigmoidScalar);
BENCHMARK_CAPTURE(Run, Rsqrt, kernels::Rsqrt);

}  // namespace
}  // namespace tensorbundle::bench
