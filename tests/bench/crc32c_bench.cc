// CRC-32C beside memcpy over the same bytes, in the same run.
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "engine/util/crc32c.h"

namespace tensorbundle::crc32c {
namespace {

std::vector<uint8_t> Input(const benchmark::State& state) {
  std::vector<uint8_t> bytes(static_cast<size_t>(state.range(0)));
  uint32_t x = 1;
  for (uint8_t& byte : bytes) {
    x = x * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(x >> 24);
  }
  return bytes;
}

void CountBytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_Memcpy(benchmark::State& state) {
  const std::vector<uint8_t> bytes = Input(state);
  std::vector<uint8_t> copy(bytes.size());
  for (auto _ : state) {
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  }
  CountBytes(state);
}

void BM_Folding(benchmark::State& state) {
  const std::vector<uint8_t> bytes = Input(state);
  for (auto _ : state) benchmark::DoNotOptimize(ExtendFolding(0, bytes));
  CountBytes(state);
}

void BM_Portable(benchmark::State& state) {
  const std::vector<uint8_t> bytes = Input(state);
  for (auto _ : state) benchmark::DoNotOptimize(ExtendPortable(0, bytes));
  CountBytes(state);
}

constexpr int64_t kSizes[] = {4 << 10, 64 << 10, 1 << 20, 64 << 20};

void Sizes(benchmark::internal::Benchmark* benchmark) {
  for (int64_t size : kSizes) benchmark->Arg(size);
}

BENCHMARK(BM_Memcpy)->Apply(Sizes);
BENCHMARK(BM_Folding)->Apply(Sizes);
BENCHMARK(BM_Portable)->Apply(Sizes);

}  // namespace
}  // namespace tensorbundle::crc32c
