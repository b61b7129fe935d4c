// Momentum: tf.train.MomentumOptimizer, op ApplyMomentum.
#ifndef TB_KERNELS_MOMENTUM_H_
#define TB_KERNELS_MOMENTUM_H_

#include <cstddef>

namespace tensorbundle::kernels {

template <typename T>
struct MomentumOptions {
  T learning_rate;
  T momentum;
  bool use_nesterov = false;
};

//   a = a * momentum + g
//   var -= a * lr                          or, with Nesterov's momentum,
//   var -= g * lr + a * momentum * lr
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyMomentum(size_t count, const MomentumOptions<T>& options,
                   const T* gradient, T* variable, T* accumulator);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_MOMENTUM_H_
