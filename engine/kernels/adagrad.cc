#include "engine/kernels/adagrad.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyAdagrad(size_t count, T learning_rate, bool update_slots,
                  const T* gradient, T* variable, T* accumulator) {
  const T taken = update_slots ? T(1) : T(0);
  const auto step = [=](auto g, auto& var, auto& a) {
    a += g * g * taken;
    var -= g * learning_rate * (T(1) / optimizer::Sqrt(a));
  };
  optimizer::UpdateEach(count, gradient, step, variable, accumulator);
}

template void ApplyAdagrad(size_t, float, bool, const float*, float*, float*);
template void ApplyAdagrad(size_t, double, bool, const double*, double*,
                           double*);

}  // namespace tensorbundle::kernels
