// Adadelta: tf.train.AdadeltaOptimizer, op ApplyAdadelta.
#ifndef TB_KERNELS_ADADELTA_H_
#define TB_KERNELS_ADADELTA_H_

#include <cstddef>

namespace tensorbundle::kernels {

template <typename T>
struct AdadeltaOptions {
  T learning_rate;
  T rho;
  T epsilon;
};

//   a = a * rho + g * g * (1 - rho)
//   u = sqrt(au + epsilon) * (1 / sqrt(a + epsilon)) * g
//   var -= u * lr
//   au = au * rho + u * u * (1 - rho)
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyAdadelta(size_t count, const AdadeltaOptions<T>& options,
                   const T* gradient, T* variable, T* accumulator,
                   T* accumulated_update);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ADADELTA_H_
