// The convolutions of a LeNet on 28 x 28 digits, batch 64.
#include <benchmark/benchmark.h>

#include <vector>

#include "engine/kernels/conv2d.h"

namespace tensorbundle::bench {
namespace {

using kernels::Conv2dShape;
using kernels::SameWindow;

const Conv2dShape kLayers[] = {
    {64, SameWindow(28, 5, 1), SameWindow(28, 5, 1), 1, 32},
    {64, SameWindow(14, 5, 1), SameWindow(14, 5, 1), 32, 64},
    {64, SameWindow(14, 1, 1), SameWindow(14, 1, 1), 64, 64},
};

enum class Pass { kForward, kInput, kFilter };

void Run(benchmark::State& state, Pass pass) {
  const Conv2dShape& s = kLayers[state.range(0)];
  const size_t taps = s.rows.filter * s.columns.filter * s.in_channels;
  const size_t positions = s.batch * s.rows.out * s.columns.out;
  std::vector<float> x(s.batch * s.rows.in * s.columns.in * s.in_channels, 1);
  std::vector<float> f(taps * s.out_channels, 0.5f);
  std::vector<float> y(positions * s.out_channels, 0.25f);
  std::vector<float> workspace(kernels::Conv2dWorkspace(s));
  for (auto _ : state) {
    switch (pass) {
      case Pass::kForward:
        kernels::Conv2d<float>(s, x.data(), f.data(), y.data(), workspace);
        break;
      case Pass::kInput:
        kernels::Conv2dBackpropInput<float>(s, f.data(), y.data(), x.data(),
                                            workspace);
        break;
      case Pass::kFilter:
        kernels::Conv2dBackpropFilter<float>(s, x.data(), y.data(), f.data(),
                                             workspace);
        break;
    }
    benchmark::ClobberMemory();
  }
  state.counters["FLOPS"] = benchmark::Counter(
      2.0 * static_cast<double>(positions * taps * s.out_channels),
      benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(Run, Forward, Pass::kForward)->DenseRange(0, 2);
BENCHMARK_CAPTURE(Run, BackpropInput, Pass::kInput)->DenseRange(0, 2);
BENCHMARK_CAPTURE(Run, BackpropFilter, Pass::kFilter)->DenseRange(0, 2);

}  // namespace
}  // namespace tensorbundle::bench
