// What the kernels of softmax.h do to one row, over a choice of e^x.
//
// Included by softmax*.cc alone. `Math` has
//   static void Exp(size_t count, const T* x, T* y)   y may be x
#ifndef TB_KERNELS_SOFTMAX_ROWS_H_
#define TB_KERNELS_SOFTMAX_ROWS_H_

#include <cmath>
#include <cstddef>

namespace tensorbundle::kernels::softmax {

// The largest element; NaN, when there is one, wherever it stands.
// REQUIRES: count > 0.
template <typename T>
T RowMax(size_t count, const T* x) {
  T largest = x[0];
  for (size_t i = 1; i < count; ++i) {
    if (!(x[i] <= largest)) largest = x[i];
    if (largest != largest) break;
  }
  return largest;
}

// The sum of f(i) for i < count in the order that softmax.h states.
template <typename T, typename Function>
T RowSum(size_t count, Function f) {
  T lanes[4] = {};
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (size_t lane = 0; lane < 4; ++lane) lanes[lane] += f(i + lane);
  }
  for (size_t lane = 0; i < count; ++i, ++lane) lanes[lane] += f(i);
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename T, typename Math>
void Softmax(size_t rows, size_t classes, const T* x, T* y) {
  if (classes == 0) return;
  for (size_t row = 0; row < rows; ++row) {
    const T largest = RowMax(classes, x);
    for (size_t i = 0; i < classes; ++i) y[i] = x[i] - largest;
    Math::Exp(classes, y, y);
    const T scale = T(1) / RowSum<T>(classes, [y](size_t i) { return y[i]; });
    for (size_t i = 0; i < classes; ++i) y[i] *= scale;
    x += classes;
    y += classes;
  }
}

// A block of e^s that is summed and forgotten.
inline constexpr size_t kChunk = 64;

// sum(e^(x - largest)).
template <typename T, typename Math>
T SumExp(size_t count, const T* x, T largest) {
  T lanes[4] = {};
  T e[kChunk];
  for (size_t done = 0; done < count; done += kChunk) {
    const size_t size = count - done < kChunk ? count - done : kChunk;
    for (size_t i = 0; i < size; ++i) e[i] = x[done + i] - largest;
    Math::Exp(size, e, e);
    for (size_t i = 0; i < size; ++i) lanes[i % 4] += e[i];
  }
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

template <typename T, typename Math>
void LogSoftmax(size_t rows, size_t classes, const T* x, T* y) {
  if (classes == 0) return;
  for (size_t row = 0; row < rows; ++row) {
    const T largest = RowMax(classes, x);
    const T log_sum = std::log(SumExp<T, Math>(classes, x, largest));
    for (size_t i = 0; i < classes; ++i) y[i] = (x[i] - largest) - log_sum;
    x += classes;
    y += classes;
  }
}

template <typename T, typename Math>
void LogSoftmaxGrad(size_t rows, size_t classes, const T* y, const T* dy,
                    T* dx) {
  for (size_t row = 0; row < rows; ++row) {
    const T sum = RowSum<T>(classes, [dy](size_t i) { return dy[i]; });
    T e[kChunk];
    for (size_t done = 0; done < classes; done += kChunk) {
      const size_t size = classes - done < kChunk ? classes - done : kChunk;
      Math::Exp(size, y + done, e);
      for (size_t i = 0; i < size; ++i) {
        dx[done + i] = dy[done + i] - sum * e[i];
      }
    }
    y += classes;
    dy += classes;
    dx += classes;
  }
}

// y = e^(x - largest) / sum - label(i) for each element of a row. y may be x.
template <typename T, typename Math, typename Label>
void Backprop(size_t count, const T* x, T largest, T sum, Label label, T* y) {
  T e[kChunk];
  for (size_t done = 0; done < count; done += kChunk) {
    const size_t size = count - done < kChunk ? count - done : kChunk;
    for (size_t i = 0; i < size; ++i) e[i] = x[done + i] - largest;
    Math::Exp(size, e, e);
    for (size_t i = 0; i < size; ++i) {
      y[done + i] = e[i] / sum - label(done + i);
    }
  }
}

template <typename T, typename Math>
void CrossEntropy(size_t rows, size_t classes, const T* logits, const T* labels,
                  T* loss, T* backprop) {
  for (size_t row = 0; row < rows; ++row) {
    loss[row] = T(0);
    if (classes == 0) continue;
    const T largest = RowMax(classes, logits);
    const T sum = SumExp<T, Math>(classes, logits, largest);
    const T log_sum = std::log(sum);
    loss[row] = RowSum<T>(classes, [=](size_t i) {
      return labels[i] * (log_sum - (logits[i] - largest));
    });
    Backprop<T, Math>(
        classes, logits, largest, sum, [labels](size_t i) { return labels[i]; },
        backprop);
    logits += classes;
    labels += classes;
    backprop += classes;
  }
}

template <typename T, typename Math, typename Label>
void SparseCrossEntropy(size_t rows, size_t classes, const T* logits,
                        const Label* labels, T* loss, T* backprop) {
  for (size_t row = 0; row < rows; ++row) {
    const size_t label = static_cast<size_t>(labels[row]);
    const T largest = RowMax(classes, logits);
    const T sum = SumExp<T, Math>(classes, logits, largest);
    loss[row] = std::log(sum) - (logits[label] - largest);
    Backprop<T, Math>(
        classes, logits, largest, sum,
        [label](size_t i) { return i == label ? T(1) : T(0); }, backprop);
    logits += classes;
    backprop += classes;
  }
}

}  // namespace tensorbundle::kernels::softmax

#endif  // TB_KERNELS_SOFTMAX_ROWS_H_
