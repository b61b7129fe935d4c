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

// What the scalar functions and their vector forms have in common.
namespace libm {

inline constexpr double kTwoOverPi = 0x1.45F306DC9C883p-1;
inline constexpr double kHalfPi = 0x1.921FB54442D18p0;
inline constexpr double kS1 = -0x1.555545995a603p-3;
inline constexpr double kS2 = 0x1.1107605230bc4p-7;
inline constexpr double kS3 = -0x1.994eb3774cf24p-13;
inline constexpr double kC1 = -0x1.ffffffd0c621cp-2;
inline constexpr double kC2 = 0x1.55553e1068f19p-5;
inline constexpr double kC3 = -0x1.6c087e89a359dp-10;
inline constexpr double kC4 = 0x1.99343027bf8c3p-16;

// The logarithm of glibc and musl: log 2, a polynomial, and 1/c and log c for
// the middle c of 16 intervals that begin at 0.69921875.
inline constexpr double kLn2 = 0x1.62e42fefa39efp-1;
inline constexpr double kLog0 = -0x1.00ea348b88334p-2;
inline constexpr double kLog1 = 0x1.5575b0be00b6ap-2;
inline constexpr double kLog2 = -0x1.ffffef20a4123p-2;
struct LogInterval {
  double inverse;
  double log_c;
};
inline constexpr LogInterval kLogIntervals[16] = {
    {0x1.661ec79f8f3bep+0, -0x1.57bf7808caadep-2},
    {0x1.571ed4aaf883dp+0, -0x1.2bef0a7c06ddbp-2},
    {0x1.49539f0f010bp+0, -0x1.01eae7f513a67p-2},
    {0x1.3c995b0b80385p+0, -0x1.b31d8a68224e9p-3},
    {0x1.30d190c8864a5p+0, -0x1.6574f0ac07758p-3},
    {0x1.25e227b0b8eap+0, -0x1.1aa2bc79c81p-3},
    {0x1.1bb4a4a1a343fp+0, -0x1.a4e76ce8c0e5ep-4},
    {0x1.12358f08ae5bap+0, -0x1.1973c5a611cccp-4},
    {0x1.0953f419900a7p+0, -0x1.252f438e10c1ep-5},
    {0x1p+0, 0x0p+0},
    {0x1.e608cfd9a47acp-1, 0x1.aa5aa5df25984p-5},
    {0x1.ca4b31f026aap-1, 0x1.c5e53aa362eb4p-4},
    {0x1.b2036576afce6p-1, 0x1.526e57720db08p-3},
    {0x1.9c2d163a1aa2dp-1, 0x1.bc2860d22477p-3},
    {0x1.886e6037841edp-1, 0x1.1058bc8a07ee1p-2},
    {0x1.767dcf5534862p-1, 0x1.4043057b6ee09p-2},
};

}  // namespace libm

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_LIBM_H_
