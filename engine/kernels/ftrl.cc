#include "engine/kernels/ftrl.h"

#include <cmath>

namespace tensorbundle::kernels {

template <typename T>
void ApplyFtrl(size_t count, const FtrlOptions<T>& options, const T* gradient,
               T* variable, T* accumulator, T* linear) {
  const auto scale = [&options](T x) {
    return options.learning_rate_power == T(-0.5)
               ? std::sqrt(x)
               : std::pow(x, -options.learning_rate_power);
  };
  for (size_t i = 0; i < count; ++i) {
    const T g = gradient[i];
    const T sum = accumulator[i] + g * g;
    const T new_scale = scale(sum);
    const T shrunk = options.l2_shrinkage == T(0)
                         ? g
                         : g + T(2) * options.l2_shrinkage * variable[i];
    linear[i] += shrunk - (new_scale - scale(accumulator[i])) /
                              options.learning_rate * variable[i];
    const T sign = linear[i] > T(0) ? T(1) : T(-1);
    variable[i] =
        std::fabs(linear[i]) > options.l1
            ? (options.l1 * sign - linear[i]) /
                  (new_scale / options.learning_rate + T(2) * options.l2)
            : T(0);
    accumulator[i] = sum;
  }
}

template void ApplyFtrl(size_t, const FtrlOptions<float>&, const float*, float*,
                        float*, float*);
template void ApplyFtrl(size_t, const FtrlOptions<double>&, const double*,
                        double*, double*, double*);

}  // namespace tensorbundle::kernels
