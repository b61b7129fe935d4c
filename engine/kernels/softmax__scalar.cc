#include "engine/kernels/softmax.h"
#include "engine/kernels/softmax_rows.h"
#include "engine/kernels/unary.h"

namespace tensorbundle::kernels::softmax {
namespace {

struct ScalarMath {
  static void Exp(size_t count, const float* x, float* y) {
    unary::ExpScalar(count, x, y);
  }
};

}  // namespace

void SoftmaxScalar(size_t rows, size_t classes, const float* x, float* y) {
  Softmax<float, ScalarMath>(rows, classes, x, y);
}

void LogSoftmaxScalar(size_t rows, size_t classes, const float* x, float* y) {
  LogSoftmax<float, ScalarMath>(rows, classes, x, y);
}

void SoftmaxCrossEntropyScalar(size_t rows, size_t classes, const float* logits,
                               const float* labels, float* loss,
                               float* backprop) {
  CrossEntropy<float, ScalarMath>(rows, classes, logits, labels, loss,
                                  backprop);
}

}  // namespace tensorbundle::kernels::softmax
