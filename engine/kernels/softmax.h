// Softmax and the cross entropies, row by row.
//
// A row is `classes` neighbouring elements; s = x - max(x) of its row.
// Sums within a row run over four interleaved partial sums, lane l taking
// elements l, l + 4, ..., added as (0 + 2) + (1 + 3).
#ifndef TB_KERNELS_SOFTMAX_H_
#define TB_KERNELS_SOFTMAX_H_

#include <cstddef>
#include <cstdint>

namespace tensorbundle::kernels {

// y = e^s * (1 / sum(e^s)). y may be x.
void Softmax(size_t rows, size_t classes, const float* x, float* y);
void Softmax(size_t rows, size_t classes, const double* x, double* y);

// dx = (dy - sum(dy * y)) * y, where y is Softmax's result. dx may be dy or y.
template <typename T>
void SoftmaxGrad(size_t rows, size_t classes, const T* y, const T* dy, T* dx);

// y = s - log(sum(e^s)). y may be x.
void LogSoftmax(size_t rows, size_t classes, const float* x, float* y);
void LogSoftmax(size_t rows, size_t classes, const double* x, double* y);

// dx = dy - sum(dy) * e^y, where y is LogSoftmax's result. dx may be dy or y.
void LogSoftmaxGrad(size_t rows, size_t classes, const float* y,
                    const float* dy, float* dx);
void LogSoftmaxGrad(size_t rows, size_t classes, const double* y,
                    const double* dy, double* dx);

// loss[row] = sum(labels * (log(sum(e^s)) - s));
// backprop = e^s / sum(e^s) - labels, the gradient by the logits for a loss of
// gradient 1. backprop may be logits or labels.
void SoftmaxCrossEntropy(size_t rows, size_t classes, const float* logits,
                         const float* labels, float* loss, float* backprop);
void SoftmaxCrossEntropy(size_t rows, size_t classes, const double* logits,
                         const double* labels, double* loss, double* backprop);

// The same for labels[row], the number of the one class with probability 1:
// loss[row] = log(sum(e^s)) - s[label].
// REQUIRES: FindBadLabel() == rows.
template <typename T, typename Label>
void SparseSoftmaxCrossEntropy(size_t rows, size_t classes, const T* logits,
                               const Label* labels, T* loss, T* backprop);

// The row of a label outside [0, classes), or `rows`: of the smallest one if
// that is negative, else of the largest.
template <typename Label>
size_t FindBadLabel(size_t rows, size_t classes, const Label* labels);

// loss = max(x, 0) - x * z + log(1 + e^-|x|), with logits x and labels z: the
// form of tf.nn.sigmoid_cross_entropy_with_logits, which cannot overflow.
void SigmoidCrossEntropy(size_t count, const float* logits, const float* labels,
                         float* loss);
void SigmoidCrossEntropy(size_t count, const double* logits,
                         const double* labels, double* loss);

// dlogits = dloss * (sigmoid(x) - z). dlogits may be any of the inputs.
template <typename T>
void SigmoidCrossEntropyGrad(size_t count, const T* logits, const T* labels,
                             const T* dloss, T* dlogits);

// The scalar twins of the float functions, which add in the same order and
// take e^x from the C library in double.
namespace softmax {

void SoftmaxScalar(size_t rows, size_t classes, const float* x, float* y);
void LogSoftmaxScalar(size_t rows, size_t classes, const float* x, float* y);
void SoftmaxCrossEntropyScalar(size_t rows, size_t classes, const float* logits,
                               const float* labels, float* loss,
                               float* backprop);

}  // namespace softmax
}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_SOFTMAX_H_
