#include "engine/kernels/adagrad.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyAdagrad(size_t count, T learning_rate, const T* gradient, T* variable,
                  T* accumulator) {
  const auto step = [=](auto g, auto& var, auto& a) {
    a += g * g;
    var -= g * learning_rate * (T(1) / optimizer::Sqrt(a));
  };
  optimizer::UpdateEach(count, gradient, step, variable, accumulator);
}

template void ApplyAdagrad(size_t, float, const float*, float*, float*);
template void ApplyAdagrad(size_t, double, const double*, double*, double*);

}  // namespace tensorbundle::kernels
