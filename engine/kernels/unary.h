// Transcendental functions of each element.
#ifndef TB_KERNELS_UNARY_H_
#define TB_KERNELS_UNARY_H_

#include <cstddef>

namespace tensorbundle::kernels {

// y[i] = f(x[i]) for i < count; y may be x. Special values are C's: exp(-inf)
// is 0, log(0) -inf, log(-1) NaN, rsqrt(0) inf, NaN gives NaN.
//
// Bounds of the float functions' errors in units in the last place (of 2^-149
// for subnormal results), confirmed on every eleventh of the 2^32 arguments:
//
//   Exp      1.00       Log     0.90      Tanh   1.40
//   Sigmoid  2.50       Rsqrt   1.50      Sqrt   0.50 (correctly rounded)
//   Pow      1.00 (the C library's powf)
//
// The double functions are the C library's.
void Exp(size_t count, const float* x, float* y);
void Exp(size_t count, const double* x, double* y);
void Log(size_t count, const float* x, float* y);
void Log(size_t count, const double* x, double* y);
void Tanh(size_t count, const float* x, float* y);
void Tanh(size_t count, const double* x, double* y);
// 1 / (1 + e^-x)
void Sigmoid(size_t count, const float* x, float* y);
void Sigmoid(size_t count, const double* x, double* y);
// 1 / sqrt(x)
void Rsqrt(size_t count, const float* x, float* y);
void Rsqrt(size_t count, const double* x, double* y);
void Sqrt(size_t count, const float* x, float* y);
void Sqrt(size_t count, const double* x, double* y);

// z[i] = x[i]^y[i]; z may be x or y.
void Pow(size_t count, const float* x, const float* y, float* z);
void Pow(size_t count, const double* x, const double* y, double* z);

// The scalar twins: computed in double and rounded once.
namespace unary {

using UnaryF32 = void(size_t count, const float* x, float* y);

UnaryF32 ExpScalar;
UnaryF32 LogScalar;
UnaryF32 TanhScalar;
UnaryF32 SigmoidScalar;
UnaryF32 RsqrtScalar;
UnaryF32 SqrtScalar;

}  // namespace unary
}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_UNARY_H_
