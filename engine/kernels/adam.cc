#include "engine/kernels/adam.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyAdam(size_t count, const AdamOptions<T>& options, const T* gradient,
               T* variable, T* m, T* v) {
  const T alpha = options.learning_rate *
                  optimizer::Sqrt(T(1) - options.beta2_power) /
                  (T(1) - options.beta1_power);
  const T rate1 = T(1) - options.beta1;
  const T rate2 = T(1) - options.beta2;
  const T epsilon = options.epsilon;
  if (options.use_nesterov) {
    const T beta1 = options.beta1;
    const auto step = [=](auto g, auto& var, auto& mean, auto& variance) {
      mean += (g - mean) * rate1;
      variance += (g * g - variance) * rate2;
      var -= ((g * rate1 + mean * beta1) * alpha) /
             (optimizer::Sqrt(variance) + epsilon);
    };
    optimizer::UpdateEach(count, gradient, step, variable, m, v);
  } else {
    const auto step = [=](auto g, auto& var, auto& mean, auto& variance) {
      mean += (g - mean) * rate1;
      variance += (g * g - variance) * rate2;
      var -= (mean * alpha) / (optimizer::Sqrt(variance) + epsilon);
    };
    optimizer::UpdateEach(count, gradient, step, variable, m, v);
  }
}

template void ApplyAdam(size_t, const AdamOptions<float>&, const float*, float*,
                        float*, float*);
template void ApplyAdam(size_t, const AdamOptions<double>&, const double*,
                        double*, double*, double*);

}  // namespace tensorbundle::kernels
