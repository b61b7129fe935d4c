#include "engine/kernels/bias_add.h"

#include "engine/kernels/reduce.h"

namespace tensorbundle::kernels {

template <typename T>
void BiasAdd(size_t outer, size_t channels, size_t inner, const T* x,
             const T* bias, T* y) {
  if (inner == 1) {
    for (size_t o = 0; o < outer; ++o) {
      for (size_t c = 0; c < channels; ++c) y[c] = x[c] + bias[c];
      x += channels;
      y += channels;
    }
    return;
  }
  for (size_t o = 0; o < outer; ++o) {
    for (size_t c = 0; c < channels; ++c) {
      for (size_t i = 0; i < inner; ++i) y[i] = x[i] + bias[c];
      x += inner;
      y += inner;
    }
  }
}

template <typename T>
void BiasAddGrad(size_t outer, size_t channels, size_t inner, const T* dy,
                 T* dbias) {
  ReduceSum({outer, channels, inner}, 0b101, dy, dbias);
}

#define TB_INSTANTIATE(T)                                                \
  template void BiasAdd(size_t, size_t, size_t, const T*, const T*, T*); \
  template void BiasAddGrad(size_t, size_t, size_t, const T*, T*);
TB_INSTANTIATE(float)
TB_INSTANTIATE(double)
#undef TB_INSTANTIATE

}  // namespace tensorbundle::kernels
