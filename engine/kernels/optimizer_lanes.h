// The loop of every optimizer update: vectors first, then single elements.
//
// An update is a function of the gradient's lanes and, by reference, the lanes
// of the variable and its slots. It is written once with + - * / and Sqrt and
// instantiated for vectors and for scalars. All of these round as IEEE 754
// says, so an element's bits do not depend on which of the two it met: the
// scalar form is the vector form's reference.
#ifndef TB_KERNELS_OPTIMIZER_LANES_H_
#define TB_KERNELS_OPTIMIZER_LANES_H_

#include <cmath>
#include <cstddef>

#include "engine/util/simd128.h"

namespace tensorbundle::kernels::optimizer {

inline float Sqrt(float x) { return std::sqrt(x); }
inline double Sqrt(double x) { return std::sqrt(x); }
inline simd::F32x4 Sqrt(simd::F32x4 x) { return simd::Sqrt(x); }
inline simd::F64x2 Sqrt(simd::F64x2 x) { return simd::Sqrt(x); }

// step(g, lane&...) for all of gradient[i], state[i]..., i < count.
template <typename T, typename Step, typename... State>
inline void UpdateEach(size_t count, const T* gradient, Step step,
                       State*... state) {
  constexpr size_t kStep = simd::kLanes<T>;
  size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    const auto update = [&](auto... lanes) {
      step(simd::Load(gradient + i), lanes...);
      (simd::Store(state + i, lanes), ...);
    };
    update(simd::Load(state + i)...);
  }
  for (; i < count; ++i) step(gradient[i], state[i]...);
}

}  // namespace tensorbundle::kernels::optimizer

#endif  // TB_KERNELS_OPTIMIZER_LANES_H_
