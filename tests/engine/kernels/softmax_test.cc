// softmax: e = exp(x - max), e * (1 / sum e). Cross entropy: s = x - max,
// loss = sum(label * (log(sum exp s) - s)), gradient softmax - label.
#include "engine/kernels/softmax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

constexpr size_t kClassCounts[] = {1, 2, 3, 4, 5, 10, 63, 64, 65, 130};

std::vector<double> Exact(const std::vector<float>& x, size_t classes) {
  std::vector<double> y(x.begin(), x.end());
  for (size_t row = 0; row < y.size(); row += classes) {
    const auto begin = y.begin() + static_cast<ptrdiff_t>(row);
    const auto end = begin + static_cast<ptrdiff_t>(classes);
    const double largest = *std::max_element(begin, end);
    double sum = 0;
    for (auto v = begin; v != end; ++v) sum += std::exp(*v - largest);
    for (auto v = begin; v != end; ++v) *v = std::exp(*v - largest) / sum;
  }
  return y;
}

// Labels that sum to 1 in each row.
template <typename T>
std::vector<T> Labels(size_t rows, size_t classes, uint64_t seed) {
  std::vector<T> labels = Values<T>(rows * classes, seed, 0.1, 1);
  for (size_t row = 0; row < rows; ++row) {
    T sum = 0;
    for (size_t i = 0; i < classes; ++i) sum += labels[row * classes + i];
    for (size_t i = 0; i < classes; ++i) labels[row * classes + i] /= sum;
  }
  return labels;
}

using SoftmaxF32 = void (*)(size_t, size_t, const float*, float*);
using CrossEntropyF32 = void (*)(size_t, size_t, const float*, const float*,
                                 float*, float*);

void CheckSoftmax(SoftmaxF32 function, bool logarithm) {
  for (const size_t classes : kClassCounts) {
    const std::vector<float> x = Values<float>(3 * classes, classes, -30, 30);
    std::vector<float> y = x;
    function(3, classes, y.data(), y.data());
    const std::vector<double> exact = Exact(x, classes);
    for (size_t i = 0; i < y.size(); ++i) {
      if (logarithm) {
        EXPECT_NEAR(y[i], std::log(exact[i]), 1e-6 * 60);
      } else {
        EXPECT_NEAR(y[i], exact[i], 1e-6 * exact[i] * 4);
      }
    }
  }
}

TEST(Softmax, IsWithinRoundingOfTheExactValue) {
  CheckSoftmax(Softmax, false);
  CheckSoftmax(softmax::SoftmaxScalar, false);
  CheckSoftmax(LogSoftmax, true);
  CheckSoftmax(softmax::LogSoftmaxScalar, true);
}

void CheckCrossEntropy(CrossEntropyF32 function) {
  for (const size_t classes : kClassCounts) {
    const std::vector<float> x = Values<float>(3 * classes, 5, -20, 20);
    const std::vector<float> labels = Labels<float>(3, classes, 6);
    std::vector<float> loss(3), backprop = x;
    function(3, classes, backprop.data(), labels.data(), loss.data(),
             backprop.data());
    const std::vector<double> exact = Exact(x, classes);
    for (size_t row = 0; row < 3; ++row) {
      double expected = 0;
      for (size_t i = row * classes; i < (row + 1) * classes; ++i) {
        expected -= double{labels[i]} * std::log(exact[i]);
        EXPECT_NEAR(backprop[i], exact[i] - double{labels[i]}, 1e-6);
      }
      EXPECT_NEAR(loss[row], expected, 1e-5 * (1 + std::fabs(expected)));
    }
  }
}

TEST(Softmax, CrossEntropyAndItsGradientInOnePass) {
  CheckCrossEntropy(SoftmaxCrossEntropy);
  CheckCrossEntropy(softmax::SoftmaxCrossEntropyScalar);
}

TEST(Softmax, GradientsAgreeWithDifferences) {
  constexpr size_t kRows = 2, kClasses = 7, kSize = kRows * kClasses;
  std::vector<double> x = Values<double>(kSize, 1, -2, 2);
  const std::vector<double> dy = Values<double>(kSize, 2);
  std::vector<double> y(kSize), dx(kSize);

  Softmax(kRows, kClasses, x.data(), y.data());
  SoftmaxGrad(kRows, kClasses, y.data(), dy.data(), dx.data());
  std::vector<double> numeric = NumericGradient(x, [&] {
    std::vector<double> out(kSize);
    Softmax(kRows, kClasses, x.data(), out.data());
    return Dot(out, dy);
  });
  for (size_t i = 0; i < kSize; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-8);

  LogSoftmax(kRows, kClasses, x.data(), y.data());
  LogSoftmaxGrad(kRows, kClasses, y.data(), dy.data(), dx.data());
  numeric = NumericGradient(x, [&] {
    std::vector<double> out(kSize);
    LogSoftmax(kRows, kClasses, x.data(), out.data());
    return Dot(out, dy);
  });
  for (size_t i = 0; i < kSize; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-8);

  const std::vector<double> labels = Labels<double>(kRows, kClasses, 3);
  std::vector<double> loss(kRows), scratch(kSize);
  SoftmaxCrossEntropy(kRows, kClasses, x.data(), labels.data(), loss.data(),
                      dx.data());
  numeric = NumericGradient(x, [&] {
    std::vector<double> out(kRows);
    SoftmaxCrossEntropy(kRows, kClasses, x.data(), labels.data(), out.data(),
                        scratch.data());
    return out[0] + out[1];
  });
  for (size_t i = 0; i < kSize; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-8);

  SigmoidCrossEntropyGrad(kSize, x.data(), labels.data(), dy.data(), dx.data());
  numeric = NumericGradient(x, [&] {
    std::vector<double> out(kSize);
    SigmoidCrossEntropy(kSize, x.data(), labels.data(), out.data());
    return Dot(out, dy);
  });
  for (size_t i = 0; i < kSize; ++i) EXPECT_NEAR(dx[i], numeric[i], 1e-8);
}

TEST(Softmax, SparseLabelsAreOneHotLabels) {
  constexpr size_t kRows = 5, kClasses = 10, kSize = kRows * kClasses;
  const std::vector<float> x = Values<float>(kSize, 8, -5, 5);
  const std::vector<int64_t> labels = {0, 9, 3, 3, 7};
  std::vector<float> dense(kSize);
  for (size_t row = 0; row < kRows; ++row) {
    dense[row * kClasses + static_cast<size_t>(labels[row])] = 1;
  }
  std::vector<float> loss(kRows), backprop(kSize), sparse_loss(kRows),
      sparse_backprop(kSize);
  SoftmaxCrossEntropy(kRows, kClasses, x.data(), dense.data(), loss.data(),
                      backprop.data());
  SparseSoftmaxCrossEntropy(kRows, kClasses, x.data(), labels.data(),
                            sparse_loss.data(), sparse_backprop.data());
  EXPECT_EQ(sparse_loss, loss);
  EXPECT_EQ(sparse_backprop, backprop);
}

TEST(Softmax, FindsTheLabelOutOfRange) {
  EXPECT_EQ(FindBadLabel(3, 10, std::vector<int32_t>{0, 9, 4}.data()), 3u);
  EXPECT_EQ(FindBadLabel(3, 10, std::vector<int32_t>{0, 10, 4}.data()), 1u);
  EXPECT_EQ(FindBadLabel(2, 10, std::vector<int64_t>{-1, 0}.data()), 0u);
  EXPECT_EQ(FindBadLabel(1, 10, std::vector<int64_t>{1LL << 32}.data()), 0u);
  EXPECT_EQ(FindBadLabel(4, 10, std::vector<int64_t>{12, 3, 15, 11}.data()),
            2u);
  EXPECT_EQ(FindBadLabel(3, 10, std::vector<int64_t>{12, -1, -2}.data()), 2u);
  EXPECT_EQ(FindBadLabel(0, 10, std::vector<int64_t>{}.data()), 0u);
}

TEST(Softmax, LargeLogitsDoNotOverflow) {
  const std::vector<float> x = {1000, -1000, 999};
  const std::vector<float> labels = {0, 1, 0};
  std::vector<float> loss(1), backprop(3);
  SoftmaxCrossEntropy(1, 3, x.data(), labels.data(), loss.data(),
                      backprop.data());
  EXPECT_NEAR(loss[0], 2000.3132617f, 1e-3);
  EXPECT_NEAR(backprop[0], 0.731058579, 1e-6);
  EXPECT_EQ(backprop[1], -1);
  std::vector<float> sigmoid_loss(3);
  SigmoidCrossEntropy(3, x.data(), labels.data(), sigmoid_loss.data());
  EXPECT_EQ(sigmoid_loss, (std::vector<float>{1000, 1000, 999}));
}

TEST(Softmax, ANanSpoilsItsRowAlone) {
  std::vector<float> x = Values<float>(12, 9);
  x[6] = std::numeric_limits<float>::quiet_NaN();
  Softmax(3, 4, x.data(), x.data());
  for (size_t i = 0; i < 12; ++i) EXPECT_EQ(std::isnan(x[i]), i / 4 == 1) << i;
}

TEST(Softmax, NoRowsAndNoClasses) {
  float loss[2] = {5, 5};
  Softmax(0, 4, static_cast<float*>(nullptr), nullptr);
  LogSoftmax(2, 0, static_cast<float*>(nullptr), nullptr);
  SoftmaxCrossEntropy(2, 0, static_cast<float*>(nullptr), nullptr, loss,
                      nullptr);
  EXPECT_EQ(loss[0], 0);
  EXPECT_EQ(loss[1], 0);
}

}  // namespace
}  // namespace tensorbundle::kernels
