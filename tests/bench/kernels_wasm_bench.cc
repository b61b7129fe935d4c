// Kernels in WebAssembly, under node: matmul beside Eigen in the same run, and
// the transcendental functions beside their scalar twins. Each figure is the
// best of several runs.
//
//   node build/<preset>/tests/bench/kernels_wasm_bench.cjs
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "engine/kernels/unary.h"
#include "tests/bench/eigen_matmul.h"
#include "tests/bench/shapes.h"

namespace tensorbundle::bench {
namespace {

constexpr int kRuns = 30;

double Seconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

// Called through a pointer that the optimisers cannot see through. V8 replaces
// baseline code when a function is called again: a kernel that was inlined into
// main() would be measured in its baseline form.
template <typename Function>
Function* Opaque(Function* function) {
  Function* volatile pointer = function;
  return pointer;
}

// The best rate of `work` operations per call, in 10^9 per second.
template <typename Call>
double Rate(double work, Call call) {
  const int repeats = std::max(1, static_cast<int>(2e7 / work));
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const double start = Seconds();
    for (int i = 0; i < repeats; ++i) call();
    best = std::min(best, (Seconds() - start) / repeats);
  }
  return work / best * 1e-9;
}

void MatMuls() {
  auto* const own = Opaque<kernels::matmul::MatMulF32>(&kernels::MatMul);
  auto* const eigen = Opaque(&EigenMatMul);
  std::printf("%-28s %10s %10s  GFLOP/s\n", "matmul", "own", "Eigen");
  for (const NamedShape& named : kMatMulShapes) {
    const kernels::MatMulShape& shape = named.shape;
    std::vector<float> a(shape.rows * shape.depth, 0.5f);
    std::vector<float> b(shape.depth * shape.columns, 0.25f);
    std::vector<float> c(shape.rows * shape.columns);
    std::vector<float> workspace(kernels::MatMulWorkspace(shape));
    const double work =
        2.0 * static_cast<double>(shape.rows * shape.columns * shape.depth);
    const double own_rate = Rate(work, [&] {
      own(shape, a.data(), b.data(), 0.f, c.data(), workspace);
    });
    const double eigen_rate =
        Rate(work, [&] { eigen(shape, a.data(), b.data(), c.data()); });
    std::printf("%-28s %10.2f %10.2f\n", named.name, own_rate, eigen_rate);
  }
}

void Unaries() {
  using kernels::unary::UnaryF32;
  struct Row {
    const char* name;
    UnaryF32* simd128;
    UnaryF32* scalar;
  };
  const Row rows[] = {
      {"exp", kernels::Exp, kernels::unary::ExpScalar},
      {"log", kernels::Log, kernels::unary::LogScalar},
      {"tanh", kernels::Tanh, kernels::unary::TanhScalar},
      {"sigmoid", kernels::Sigmoid, kernels::unary::SigmoidScalar},
      {"rsqrt", kernels::Rsqrt, kernels::unary::RsqrtScalar},
  };
  constexpr size_t kCount = 4096;
  std::vector<float> x(kCount), y(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    x[i] = static_cast<float>(i) * (8.f / kCount) + 0.01f;
  }
  std::printf("%-28s %10s %10s  10^9 elements/s\n", "4096 floats", "simd128",
              "scalar");
  for (const Row& row : rows) {
    const auto rate = [&](UnaryF32* function) {
      UnaryF32* const call = Opaque<UnaryF32>(function);
      return Rate(kCount, [&] { call(kCount, x.data(), y.data()); });
    };
    std::printf("%-28s %10.3f %10.3f\n", row.name, rate(row.simd128),
                rate(row.scalar));
  }
}

}  // namespace
}  // namespace tensorbundle::bench

int main() {
  tensorbundle::bench::MatMuls();
  tensorbundle::bench::Unaries();
}
