#include "engine/kernels/gradient_descent.h"

#include "engine/kernels/optimizer_lanes.h"

namespace tensorbundle::kernels {

template <typename T>
void ApplyGradientDescent(size_t count, T learning_rate, const T* gradient,
                          T* variable) {
  const auto step = [=](auto g, auto& var) { var -= g * learning_rate; };
  optimizer::UpdateEach(count, gradient, step, variable);
}

template void ApplyGradientDescent(size_t, float, const float*, float*);
template void ApplyGradientDescent(size_t, double, const double*, double*);

}  // namespace tensorbundle::kernels
