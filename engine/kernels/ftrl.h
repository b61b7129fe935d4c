// Follow the regularised leader: tf.train.FtrlOptimizer, ops ApplyFtrl and
// ApplyFtrlV2.
#ifndef TB_KERNELS_FTRL_H_
#define TB_KERNELS_FTRL_H_

#include <cstddef>

namespace tensorbundle::kernels {

template <typename T>
struct FtrlOptions {
  T learning_rate;
  T learning_rate_power;  // <= 0
  T l1;
  T l2;
  T l2_shrinkage;  // 0 for ApplyFtrl
};

//   n = a + g * g
//   s(x) = sqrt(x) if learning_rate_power == -0.5, else x^-learning_rate_power
//   linear += (g + 2 * l2_shrinkage * var) - (s(n) - s(a)) / lr * var
//   var = |linear| > l1
//             ? (l1 * sign(linear) - linear) / (s(n) / lr + 2 * l2) : 0
//   a = n
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyFtrl(size_t count, const FtrlOptions<T>& options, const T* gradient,
               T* variable, T* accumulator, T* linear);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_FTRL_H_
