// Batch normalisation: each channel of a batch brought to a mean and variance.
#ifndef TB_KERNELS_BATCH_NORM_H_
#define TB_KERNELS_BATCH_NORM_H_

#include <cstddef>

namespace tensorbundle::kernels {

// The mean and the (biased) variance of each column of x, which is
// [rows, channels]; of no rows NaN. `scratch` has the size of x and may not
// overlap it.
void BatchMoments(size_t rows, size_t channels, const float* x, float* mean,
                  float* variance, float* scratch);

// y = (x - mean) / sqrt(variance + epsilon) * scale + offset. y may be x.
void BatchNorm(size_t rows, size_t channels, const float* x, const float* mean,
               const float* variance, const float* scale, const float* offset,
               float epsilon, float* y);

// The derivatives of BatchNorm by x, scale and offset. `of_batch` says that
// mean and variance are those of x, and hence depend on it. dx overlaps
// neither x nor dy.
void BatchNormGrad(size_t rows, size_t channels, bool of_batch, const float* dy,
                   const float* x, const float* mean, const float* variance,
                   const float* scale, float epsilon, float* dx, float* dscale,
                   float* doffset);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_BATCH_NORM_H_
