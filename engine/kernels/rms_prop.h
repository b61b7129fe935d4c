// RMSProp: tf.train.RMSPropOptimizer, ops ApplyRMSProp and
// ApplyCenteredRMSProp.
#ifndef TB_KERNELS_RMS_PROP_H_
#define TB_KERNELS_RMS_PROP_H_

#include <cstddef>

namespace tensorbundle::kernels {

template <typename T>
struct RmsPropOptions {
  T learning_rate;
  T decay;
  T momentum;
  T epsilon;
};

//   ms += (g * g - ms) * (1 - decay)
//   mom = mom * momentum + (g * lr) / sqrt(ms + epsilon)
//   var -= mom
// In this order, every operation rounded to T (float or double). All pointers
// are to `count` elements and distinct.
template <typename T>
void ApplyRmsProp(size_t count, const RmsPropOptions<T>& options,
                  const T* gradient, T* variable, T* mean_square, T* momentum);

// The centred variant divides by an estimate of the variance instead:
//   ms += (g * g - ms) * (1 - decay)
//   mg += (g - mg) * (1 - decay)
//   mom = mom * momentum + (g * lr) / sqrt((ms - mg * mg) + epsilon)
//   var -= mom
template <typename T>
void ApplyCenteredRmsProp(size_t count, const RmsPropOptions<T>& options,
                          const T* gradient, T* variable, T* mean_gradient,
                          T* mean_square, T* momentum);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_RMS_PROP_H_
