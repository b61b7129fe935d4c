// Adam: tf.train.AdamOptimizer, op ApplyAdam.
#ifndef TB_KERNELS_ADAM_H_
#define TB_KERNELS_ADAM_H_

#include <cstddef>

namespace tensorbundle::kernels {

template <typename T>
struct AdamOptions {
  T learning_rate;
  T beta1;
  T beta2;
  T epsilon;
  // beta1 and beta2 to the power of the step's number: variables of the
  // optimizer, which it multiplies after all updates of the step.
  T beta1_power;
  T beta2_power;
  bool use_nesterov = false;
};

//   alpha = lr * sqrt(1 - beta2_power) / (1 - beta1_power)
//   m += (g - m) * (1 - beta1)
//   v += (g * g - v) * (1 - beta2)
//   var -= (m * alpha) / (sqrt(v) + epsilon)        or, with Nesterov's,
//   var -= ((g * (1 - beta1) + beta1 * m) * alpha) / (sqrt(v) + epsilon)
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyAdam(size_t count, const AdamOptions<T>& options, const T* gradient,
               T* variable, T* m, T* v);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ADAM_H_
