#include <cmath>

#include "engine/kernels/unary.h"

namespace tensorbundle::kernels {
namespace {

double Logistic(double x) {
  const double e = std::exp(-std::fabs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

template <typename T, typename Function>
void Apply(size_t count, const T* x, T* y, Function function) {
  for (size_t i = 0; i < count; ++i) {
    y[i] = static_cast<T>(function(static_cast<double>(x[i])));
  }
}

double ExpOf(double x) { return std::exp(x); }
double LogOf(double x) { return std::log(x); }
double TanhOf(double x) { return std::tanh(x); }
double RsqrtOf(double x) { return 1 / std::sqrt(x); }
double SqrtOf(double x) { return std::sqrt(x); }

}  // namespace

void Exp(size_t count, const double* x, double* y) {
  Apply(count, x, y, ExpOf);
}
void Log(size_t count, const double* x, double* y) {
  Apply(count, x, y, LogOf);
}
void Tanh(size_t count, const double* x, double* y) {
  Apply(count, x, y, TanhOf);
}
void Sigmoid(size_t count, const double* x, double* y) {
  Apply(count, x, y, Logistic);
}
void Rsqrt(size_t count, const double* x, double* y) {
  Apply(count, x, y, RsqrtOf);
}
void Sqrt(size_t count, const double* x, double* y) {
  Apply(count, x, y, SqrtOf);
}

void Pow(size_t count, const float* x, const float* y, float* z) {
  for (size_t i = 0; i < count; ++i) z[i] = std::pow(x[i], y[i]);
}
void Pow(size_t count, const double* x, const double* y, double* z) {
  for (size_t i = 0; i < count; ++i) z[i] = std::pow(x[i], y[i]);
}

namespace unary {

void ExpScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, ExpOf);
}
void LogScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, LogOf);
}
void TanhScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, TanhOf);
}
void SigmoidScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, Logistic);
}
void RsqrtScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, RsqrtOf);
}
void SqrtScalar(size_t count, const float* x, float* y) {
  Apply(count, x, y, SqrtOf);
}

}  // namespace unary
}  // namespace tensorbundle::kernels
