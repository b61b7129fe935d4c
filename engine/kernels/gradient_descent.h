// Gradient descent: tf.train.GradientDescentOptimizer, op ApplyGradientDescent.
#ifndef TB_KERNELS_GRADIENT_DESCENT_H_
#define TB_KERNELS_GRADIENT_DESCENT_H_

#include <cstddef>

namespace tensorbundle::kernels {

//   var -= g * lr
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyGradientDescent(size_t count, T learning_rate, const T* gradient,
                          T* variable);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_GRADIENT_DESCENT_H_
