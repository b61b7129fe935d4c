#include <algorithm>

#include "engine/kernels/simd_math.h"
#include "engine/kernels/unary.h"

namespace tensorbundle::kernels {
namespace {

// The last few elements go through the same four lanes, so that a value does
// not depend on its place.
template <typename Function>
inline void Apply(size_t count, const float* x, float* y, Function function) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    simd::Store(y + i, function(simd::Load(x + i)));
  }
  if (i < count) {
    float lanes[4] = {1, 1, 1, 1};
    std::copy(x + i, x + count, lanes);
    simd::Store(lanes, function(simd::Load<float>(lanes)));
    std::copy(lanes, lanes + (count - i), y + i);
  }
}

}  // namespace

void Exp(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Exp(v); });
}
void Log(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Log(v); });
}
void Tanh(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Tanh(v); });
}
void Sigmoid(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Sigmoid(v); });
}
void Rsqrt(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Rsqrt(v); });
}
void Sqrt(size_t count, const float* x, float* y) {
  Apply(count, x, y, [](simd::F32x4 v) { return simd::Sqrt(v); });
}

}  // namespace tensorbundle::kernels
