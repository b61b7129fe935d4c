#include "engine/kernels/batch_norm.h"

#include <cmath>

#include "engine/kernels/reduce.h"

namespace tensorbundle::kernels {

namespace {

constexpr AxisMask kRows = 0b01;

float InverseDeviation(float variance, float epsilon) {
  return 1 / std::sqrt(variance + epsilon);
}

}  // namespace

void BatchMoments(size_t rows, size_t channels, const float* x, float* mean,
                  float* variance, float* scratch) {
  const Dims dims = {rows, channels};
  ReduceMean(dims, kRows, x, mean);
  for (size_t i = 0; i < rows * channels; i += channels) {
    for (size_t c = 0; c < channels; ++c) {
      const float centred = x[i + c] - mean[c];
      scratch[i + c] = centred * centred;
    }
  }
  ReduceMean(dims, kRows, scratch, variance);
}

void BatchNorm(size_t rows, size_t channels, const float* x, const float* mean,
               const float* variance, const float* scale, const float* offset,
               float epsilon, float* y) {
  for (size_t c = 0; c < channels; ++c) {
    const float factor = scale[c] * InverseDeviation(variance[c], epsilon);
    for (size_t i = c; i < rows * channels; i += channels) {
      y[i] = (x[i] - mean[c]) * factor + offset[c];
    }
  }
}

void BatchNormGrad(size_t rows, size_t channels, bool of_batch, const float* dy,
                   const float* x, const float* mean, const float* variance,
                   const float* scale, float epsilon, float* dx, float* dscale,
                   float* doffset) {
  const Dims dims = {rows, channels};
  for (size_t i = 0; i < rows * channels; i += channels) {
    for (size_t c = 0; c < channels; ++c) {
      dx[i + c] = dy[i + c] * (x[i + c] - mean[c]);
    }
  }
  ReduceSum(dims, kRows, dx, dscale);
  ReduceSum(dims, kRows, dy, doffset);
  const float count = static_cast<float>(rows);
  for (size_t c = 0; c < channels; ++c) {
    const float inverse = InverseDeviation(variance[c], epsilon);
    // What flows back through the mean and through the variance.
    const float through_mean = of_batch ? doffset[c] / count : 0;
    const float through_variance =
        of_batch ? dscale[c] / count * inverse * inverse : 0;
    for (size_t i = c; i < rows * channels; i += channels) {
      dx[i] = scale[c] * inverse *
              (dy[i] - through_mean - (x[i] - mean[c]) * through_variance);
    }
    dscale[c] *= inverse;
  }
}

}  // namespace tensorbundle::kernels
