// Batch normalisation agrees with a computation in double precision, its
// derivatives with central differences of that.
#include "engine/kernels/batch_norm.h"

#include <gtest/gtest.h>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

constexpr size_t kRows = 7;
constexpr size_t kChannels = 3;
constexpr double kEpsilon = 0.25;

struct Moments {
  std::vector<double> mean, variance;
};

Moments MomentsOf(const std::vector<double>& x) {
  Moments moments{std::vector<double>(kChannels),
                  std::vector<double>(kChannels)};
  for (size_t c = 0; c < kChannels; ++c) {
    for (size_t r = 0; r < kRows; ++r) {
      moments.mean[c] += x[r * kChannels + c] / kRows;
    }
    for (size_t r = 0; r < kRows; ++r) {
      const double centred = x[r * kChannels + c] - moments.mean[c];
      moments.variance[c] += centred * centred / kRows;
    }
  }
  return moments;
}

std::vector<double> Normalised(const std::vector<double>& x,
                               const Moments& moments,
                               const std::vector<double>& scale,
                               const std::vector<double>& offset) {
  std::vector<double> y(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t c = i % kChannels;
    y[i] = (x[i] - moments.mean[c]) /
               std::sqrt(moments.variance[c] + kEpsilon) * scale[c] +
           offset[c];
  }
  return y;
}

std::vector<float> ToFloats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

void ExpectNear(const std::vector<float>& actual,
                const std::vector<double>& expected, double bound) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i], bound) << "element " << i;
  }
}

class BatchNormTest : public testing::Test {
 protected:
  // Numbers that a float holds.
  static std::vector<double> Given(size_t count, uint64_t seed) {
    const std::vector<float> values = Values<float>(count, seed, -2, 3);
    return {values.begin(), values.end()};
  }

  std::vector<double> x_ = Given(kRows * kChannels, 1);
  std::vector<double> dy_ = Given(kRows * kChannels, 2);
  std::vector<double> scale_ = Given(kChannels, 3);
  std::vector<double> offset_ = Given(kChannels, 4);
};

TEST_F(BatchNormTest, MomentsAndValues) {
  const Moments expected = MomentsOf(x_);
  std::vector<float> mean(kChannels), variance(kChannels), y(x_.size());
  const std::vector<float> x = ToFloats(x_);
  BatchMoments(kRows, kChannels, x.data(), mean.data(), variance.data(),
               y.data());
  ExpectNear(mean, expected.mean, 1e-6);
  ExpectNear(variance, expected.variance, 1e-6);
  BatchNorm(kRows, kChannels, x.data(), mean.data(), variance.data(),
            ToFloats(scale_).data(), ToFloats(offset_).data(), kEpsilon,
            y.data());
  ExpectNear(y, Normalised(x_, expected, scale_, offset_), 1e-5);
}

TEST_F(BatchNormTest, OfNoRows) {
  float mean = 0, variance = 0;
  BatchMoments(0, 1, nullptr, &mean, &variance, nullptr);
  EXPECT_TRUE(std::isnan(mean));
  EXPECT_TRUE(std::isnan(variance));
}

TEST_F(BatchNormTest, Derivatives) {
  for (const bool of_batch : {false, true}) {
    SCOPED_TRACE(of_batch);
    const Moments fixed = MomentsOf(x_);
    const auto loss = [&] {
      return Dot(
          Normalised(x_, of_batch ? MomentsOf(x_) : fixed, scale_, offset_),
          dy_);
    };
    std::vector<float> dx(x_.size()), dscale(kChannels), doffset(kChannels);
    BatchNormGrad(kRows, kChannels, of_batch, ToFloats(dy_).data(),
                  ToFloats(x_).data(), ToFloats(fixed.mean).data(),
                  ToFloats(fixed.variance).data(), ToFloats(scale_).data(),
                  kEpsilon, dx.data(), dscale.data(), doffset.data());
    ExpectNear(dx, NumericGradient(x_, loss), 1e-4);
    ExpectNear(dscale, NumericGradient(scale_, loss), 1e-4);
    ExpectNear(doffset, NumericGradient(offset_, loss), 1e-4);
  }
}

}  // namespace
}  // namespace tensorbundle::kernels
