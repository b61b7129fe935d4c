// A million random numbers of each distribution, beside copying as many bytes:
// compare the items per second within one run.
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "engine/random/fill.h"

namespace tensorbundle::bench {
namespace {

using random::Distribution;

constexpr size_t kCount = 1 << 20;

void Copy(benchmark::State& state) {
  std::vector<float> from(kCount, 1.0f), to(kCount);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), kCount * sizeof(float));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}

void Fill(benchmark::State& state, Distribution distribution, DType dtype) {
  std::vector<double> storage(kCount);
  const MutableBytes out(reinterpret_cast<uint8_t*>(storage.data()),
                         kCount * DTypeSize(dtype));
  for (auto _ : state) {
    random::Fill(distribution, dtype, random::Philox(1, 2), out);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}

BENCHMARK(Copy);
BENCHMARK_CAPTURE(Fill, UniformFloat, Distribution::kUniform, DType::kFloat);
BENCHMARK_CAPTURE(Fill, NormalFloat, Distribution::kNormal, DType::kFloat);
BENCHMARK_CAPTURE(Fill, TruncatedNormalFloat, Distribution::kTruncatedNormal,
                  DType::kFloat);
BENCHMARK_CAPTURE(Fill, TruncatedNormalDouble, Distribution::kTruncatedNormal,
                  DType::kDouble);

}  // namespace
}  // namespace tensorbundle::bench
