#include "engine/kernels/softmax.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/kernels/softmax_rows.h"
#include "engine/kernels/unary.h"

namespace tensorbundle::kernels {
namespace {

struct Math {
  template <typename T>
  static void Exp(size_t count, const T* x, T* y) {
    kernels::Exp(count, x, y);
  }
};

}  // namespace

void Softmax(size_t rows, size_t classes, const float* x, float* y) {
  softmax::Softmax<float, Math>(rows, classes, x, y);
}
void Softmax(size_t rows, size_t classes, const double* x, double* y) {
  softmax::Softmax<double, Math>(rows, classes, x, y);
}

template <typename T>
void SoftmaxGrad(size_t rows, size_t classes, const T* y, const T* dy, T* dx) {
  for (size_t row = 0; row < rows; ++row) {
    const T sum =
        softmax::RowSum<T>(classes, [=](size_t i) { return dy[i] * y[i]; });
    for (size_t i = 0; i < classes; ++i) dx[i] = (dy[i] - sum) * y[i];
    y += classes;
    dy += classes;
    dx += classes;
  }
}
template void SoftmaxGrad(size_t, size_t, const float*, const float*, float*);
template void SoftmaxGrad(size_t, size_t, const double*, const double*,
                          double*);

void LogSoftmax(size_t rows, size_t classes, const float* x, float* y) {
  softmax::LogSoftmax<float, Math>(rows, classes, x, y);
}
void LogSoftmax(size_t rows, size_t classes, const double* x, double* y) {
  softmax::LogSoftmax<double, Math>(rows, classes, x, y);
}

void LogSoftmaxGrad(size_t rows, size_t classes, const float* y,
                    const float* dy, float* dx) {
  softmax::LogSoftmaxGrad<float, Math>(rows, classes, y, dy, dx);
}
void LogSoftmaxGrad(size_t rows, size_t classes, const double* y,
                    const double* dy, double* dx) {
  softmax::LogSoftmaxGrad<double, Math>(rows, classes, y, dy, dx);
}

void SoftmaxCrossEntropy(size_t rows, size_t classes, const float* logits,
                         const float* labels, float* loss, float* backprop) {
  softmax::CrossEntropy<float, Math>(rows, classes, logits, labels, loss,
                                     backprop);
}
void SoftmaxCrossEntropy(size_t rows, size_t classes, const double* logits,
                         const double* labels, double* loss, double* backprop) {
  softmax::CrossEntropy<double, Math>(rows, classes, logits, labels, loss,
                                      backprop);
}

template <typename T, typename Label>
void SparseSoftmaxCrossEntropy(size_t rows, size_t classes, const T* logits,
                               const Label* labels, T* loss, T* backprop) {
  assert(FindBadLabel(rows, classes, labels) == rows);
  softmax::SparseCrossEntropy<T, Math>(rows, classes, logits, labels, loss,
                                       backprop);
}
template void SparseSoftmaxCrossEntropy(size_t, size_t, const float*,
                                        const int32_t*, float*, float*);
template void SparseSoftmaxCrossEntropy(size_t, size_t, const float*,
                                        const int64_t*, float*, float*);
template void SparseSoftmaxCrossEntropy(size_t, size_t, const double*,
                                        const int32_t*, double*, double*);
template void SparseSoftmaxCrossEntropy(size_t, size_t, const double*,
                                        const int64_t*, double*, double*);

template <typename Label>
size_t FindBadLabel(size_t rows, size_t classes, const Label* labels) {
  if (rows == 0) return rows;
  const auto [least, most] = std::minmax_element(labels, labels + rows);
  if (*least < 0) return static_cast<size_t>(least - labels);
  if (static_cast<uint64_t>(*most) < classes) return rows;
  return static_cast<size_t>(most - labels);
}
template size_t FindBadLabel(size_t, size_t, const int32_t*);
template size_t FindBadLabel(size_t, size_t, const int64_t*);

namespace {

template <typename T>
void SigmoidCrossEntropyOf(size_t count, const T* logits, const T* labels,
                           T* loss) {
  T e[softmax::kChunk];
  for (size_t done = 0; done < count; done += softmax::kChunk) {
    const size_t size =
        count - done < softmax::kChunk ? count - done : softmax::kChunk;
    for (size_t i = 0; i < size; ++i) e[i] = -std::fabs(logits[done + i]);
    Exp(size, e, e);
    for (size_t i = 0; i < size; ++i) {
      const T x = logits[done + i];
      const T positive = x < T(0) ? T(0) : x;
      loss[done + i] = (positive - x * labels[done + i]) + std::log1p(e[i]);
    }
  }
}

}  // namespace

void SigmoidCrossEntropy(size_t count, const float* logits, const float* labels,
                         float* loss) {
  SigmoidCrossEntropyOf(count, logits, labels, loss);
}
void SigmoidCrossEntropy(size_t count, const double* logits,
                         const double* labels, double* loss) {
  SigmoidCrossEntropyOf(count, logits, labels, loss);
}

template <typename T>
void SigmoidCrossEntropyGrad(size_t count, const T* logits, const T* labels,
                             const T* dloss, T* dlogits) {
  T y[softmax::kChunk];
  for (size_t done = 0; done < count; done += softmax::kChunk) {
    const size_t size =
        count - done < softmax::kChunk ? count - done : softmax::kChunk;
    Sigmoid(size, logits + done, y);
    for (size_t i = 0; i < size; ++i) {
      dlogits[done + i] = dloss[done + i] * (y[i] - labels[done + i]);
    }
  }
}
template void SigmoidCrossEntropyGrad(size_t, const float*, const float*,
                                      const float*, float*);
template void SigmoidCrossEntropyGrad(size_t, const double*, const double*,
                                      const double*, double*);

}  // namespace tensorbundle::kernels
