// MatMul beside Eigen, in floating-point operations per second.
#include <benchmark/benchmark.h>

#include <iterator>
#include <vector>

#include "tests/bench/eigen_matmul.h"
#include "tests/bench/shapes.h"

namespace tensorbundle::bench {
namespace {

using kernels::MatMulShape;

template <typename Function>
void Run(benchmark::State& state, Function multiply) {
  const NamedShape& named = kMatMulShapes[state.range(0)];
  const MatMulShape& shape = named.shape;
  std::vector<float> a(shape.rows * shape.depth, 0.5f);
  std::vector<float> b(shape.depth * shape.columns, 0.25f);
  std::vector<float> c(shape.rows * shape.columns);
  std::vector<float> workspace(kernels::MatMulWorkspace(shape));
  for (auto _ : state) {
    multiply(shape, a.data(), b.data(), c.data(), workspace);
    benchmark::DoNotOptimize(c.data());
    benchmark::ClobberMemory();
  }
  state.SetLabel(named.name);
  state.counters["FLOPS"] = benchmark::Counter(
      2.0 * static_cast<double>(shape.rows * shape.columns * shape.depth),
      benchmark::Counter::kIsIterationInvariantRate);
}

void BM_MatMul(benchmark::State& state) {
  Run(state, [](const MatMulShape& shape, const float* a, const float* b,
                float* c, std::vector<float>& workspace) {
    kernels::MatMul(shape, a, b, 0.f, c, workspace);
  });
}

void BM_EigenMatMul(benchmark::State& state) {
  Run(state,
      [](const MatMulShape& shape, const float* a, const float* b, float* c,
         std::vector<float>&) { EigenMatMul(shape, a, b, c); });
}

constexpr int kLast = static_cast<int>(std::size(kMatMulShapes)) - 1;

BENCHMARK(BM_MatMul)->DenseRange(0, kLast);
BENCHMARK(BM_EigenMatMul)->DenseRange(0, kLast);

}  // namespace
}  // namespace tensorbundle::bench
