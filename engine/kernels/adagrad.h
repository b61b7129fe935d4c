// Adagrad: tf.train.AdagradOptimizer, op ApplyAdagrad.
#ifndef TB_KERNELS_ADAGRAD_H_
#define TB_KERNELS_ADAGRAD_H_

#include <cstddef>

namespace tensorbundle::kernels {

//   a += g * g                                     if `update_slots`
//   var -= g * lr * (1 / sqrt(a))
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyAdagrad(size_t count, T learning_rate, bool update_slots,
                  const T* gradient, T* variable, T* accumulator);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_ADAGRAD_H_
