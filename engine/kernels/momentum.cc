#include "engine/kernels/momentum.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyMomentum(size_t count, const MomentumOptions<T>& options,
                   const T* gradient, T* variable, T* accumulator) {
  const T lr = options.learning_rate;
  const T momentum = options.momentum;
  if (options.use_nesterov) {
    const auto step = [=](auto g, auto& var, auto& a) {
      a = a * momentum + g;
      var -= g * lr + a * momentum * lr;
    };
    optimizer::UpdateEach(count, gradient, step, variable, accumulator);
  } else {
    const auto step = [=](auto g, auto& var, auto& a) {
      a = a * momentum + g;
      var -= a * lr;
    };
    optimizer::UpdateEach(count, gradient, step, variable, accumulator);
  }
}

template void ApplyMomentum(size_t, const MomentumOptions<float>&, const float*,
                            float*, float*);
template void ApplyMomentum(size_t, const MomentumOptions<double>&,
                            const double*, double*, double*);

}  // namespace tensorbundle::kernels
