#include "engine/kernels/rms_prop.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyRmsProp(size_t count, const RmsPropOptions<T>& options,
                  const T* gradient, T* variable, T* mean_square, T* momentum) {
  const T lr = options.learning_rate;
  const T rate = T(1) - options.decay;
  const T decay = options.momentum;
  const T epsilon = options.epsilon;
  const auto step = [=](auto g, auto& var, auto& ms, auto& mom) {
    ms += (g * g - ms) * rate;
    mom = mom * decay + (g * lr) / optimizer::Sqrt(ms + epsilon);
    var -= mom;
  };
  optimizer::UpdateEach(count, gradient, step, variable, mean_square, momentum);
}

template <typename T>
void ApplyCenteredRmsProp(size_t count, const RmsPropOptions<T>& options,
                          const T* gradient, T* variable, T* mean_gradient,
                          T* mean_square, T* momentum) {
  const T lr = options.learning_rate;
  const T rate = T(1) - options.decay;
  const T decay = options.momentum;
  const T epsilon = options.epsilon;
  const auto step = [=](auto g, auto& var, auto& mg, auto& ms, auto& mom) {
    ms += (g * g - ms) * rate;
    mg += (g - mg) * rate;
    mom = mom * decay + (g * lr) / optimizer::Sqrt((ms - mg * mg) + epsilon);
    var -= mom;
  };
  optimizer::UpdateEach(count, gradient, step, variable, mean_gradient,
                        mean_square, momentum);
}

template void ApplyRmsProp(size_t, const RmsPropOptions<float>&, const float*,
                           float*, float*, float*);
template void ApplyRmsProp(size_t, const RmsPropOptions<double>&, const double*,
                           double*, double*, double*);
template void ApplyCenteredRmsProp(size_t, const RmsPropOptions<float>&,
                                   const float*, float*, float*, float*,
                                   float*);
template void ApplyCenteredRmsProp(size_t, const RmsPropOptions<double>&,
                                   const double*, double*, double*, double*,
                                   double*);

}  // namespace tensorbundle::kernels
