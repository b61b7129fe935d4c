#include "engine/kernels/qr.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tensorbundle::kernels {

namespace {

// x -= scale * (v . x) * v for v = (1, tail...) of `count` numbers.
void Reflect(const double* tail, size_t count, double scale, double* x) {
  double dot = x[0];
  for (size_t i = 1; i < count; ++i) dot += tail[i] * x[i];
  dot *= scale;
  x[0] -= dot;
  for (size_t i = 1; i < count; ++i) x[i] -= dot * tail[i];
}

// Makes v of the column x, whose first number becomes r's. Returns the scale.
double MakeReflection(size_t count, double* x) {
  double square = 0;
  for (size_t i = 1; i < count; ++i) square += x[i] * x[i];
  if (square <= std::numeric_limits<double>::min()) {
    std::fill(x + 1, x + count, 0.0);
    return 0;
  }
  const double norm = std::sqrt(x[0] * x[0] + square);
  const double diagonal = x[0] >= 0 ? -norm : norm;
  const double scale = (diagonal - x[0]) / diagonal;
  for (size_t i = 1; i < count; ++i) x[i] /= x[0] - diagonal;
  x[0] = diagonal;
  return scale;
}

}  // namespace

void Qr(size_t m, size_t n, size_t columns, double* a, double* q,
        double* scales) {
  const size_t steps = std::min(m, n);
  for (size_t k = 0; k < steps; ++k) {
    double* const column = a + k * m + k;
    scales[k] = MakeReflection(m - k, column);
    for (size_t j = k + 1; j < n; ++j) {
      Reflect(column, m - k, scales[k], a + j * m + k);
    }
  }
  std::fill(q, q + columns * m, 0.0);
  for (size_t j = 0; j < columns; ++j) {
    q[j * m + j] = 1;
    for (size_t k = steps; k-- > 0;) {
      Reflect(a + k * m + k, m - k, scales[k], q + j * m + k);
    }
  }
}

}  // namespace tensorbundle::kernels
