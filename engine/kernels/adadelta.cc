#include "engine/kernels/adadelta.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyAdadelta(size_t count, const AdadeltaOptions<T>& options,
                   const T* gradient, T* variable, T* accumulator,
                   T* accumulated_update) {
  const T lr = options.learning_rate;
  const T rho = options.rho;
  const T rest = T(1) - rho;
  const T epsilon = options.epsilon;
  const auto step = [=](auto g, auto& var, auto& a, auto& au) {
    a = a * rho + g * g * rest;
    const auto u = optimizer::Sqrt(au + epsilon) *
                   (T(1) / optimizer::Sqrt(a + epsilon)) * g;
    var -= u * lr;
    au = au * rho + u * u * rest;
  };
  optimizer::UpdateEach(count, gradient, step, variable, accumulator,
                        accumulated_update);
}

template void ApplyAdadelta(size_t, const AdadeltaOptions<float>&, const float*,
                            float*, float*, float*);
template void ApplyAdadelta(size_t, const AdadeltaOptions<double>&,
                            const double*, double*, double*, double*);

}  // namespace tensorbundle::kernels
