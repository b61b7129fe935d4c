// The elementary functions behind TensorFlow's float normals, with the bits of
// glibc 2.36, which the published builds ran on.
#ifndef TB_RANDOM_LIBM_H_
#define TB_RANDOM_LIBM_H_

#include <cmath>

namespace tensorbundle::random {

struct SinCosResult {
  float sin;
  float cos;
};

// Equal to glibc's sincosf for every angle of Box-Muller, that is, for
// (float)(2 pi u) with u = k / 2^23. REQUIRES: 0 <= y < 8.
SinCosResult SinCos(float y);

// The C library's own: glibc's and Emscripten's agree on every u = k / 2^23
// from 1e-7 up. A test holds all of them to that.
inline float Log(float u) { return std::log(u); }

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_LIBM_H_
