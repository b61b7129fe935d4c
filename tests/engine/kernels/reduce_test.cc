// reduce_sum / mean / max / min / prod / all / any over any axes; the mean of
// nothing is NaN; argmax is the first maximum.
#include "engine/kernels/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Dims Kept(const Dims& dims, AxisMask axes) {
  Dims kept;
  for (size_t i = 0; i < dims.rank; ++i) {
    if (!((axes >> i) & 1)) kept.push_back(dims[i]);
  }
  return kept;
}

// Where each element of x goes, by dividing its index into coordinates.
size_t Target(const Dims& dims, AxisMask axes, size_t index) {
  size_t target = 0, scale = 1;
  for (size_t i = dims.rank; i-- > 0;) {
    const size_t at = index % dims[i];
    index /= dims[i];
    if ((axes >> i) & 1) continue;
    target += at * scale;
    scale *= dims[i];
  }
  return target;
}

template <typename T>
void CheckAllAxes(const Dims& dims) {
  const std::vector<T> x = Values<T>(dims.Elements(), 3, -2.7, 2.7);
  for (AxisMask axes = 0; axes < AxisMask{1} << dims.rank; ++axes) {
    SCOPED_TRACE(testing::Message()
                 << "rank " << dims.rank << " axes " << axes);
    const size_t results = Kept(dims, axes).Elements();
    std::vector<double> sum(results), magnitude(results), prod(results, 1),
        max(results, -kInfinity), min(results, kInfinity);
    std::vector<size_t> count(results);
    for (size_t i = 0; i < x.size(); ++i) {
      const size_t t = Target(dims, axes, i);
      const double v = static_cast<double>(x[i]);
      sum[t] += v;
      magnitude[t] += std::fabs(v);
      prod[t] *= v;
      max[t] = std::max(max[t], v);
      min[t] = std::min(min[t], v);
      ++count[t];
    }
    // Floats are computed in double and rounded once, doubles at each step.
    const double unit =
        std::is_integral_v<T> ? 0 : std::numeric_limits<T>::epsilon();
    const double steps = static_cast<double>(dims.Elements());
    const double epsilon = std::is_same_v<T, double> ? unit * steps : unit;
    std::vector<T> y(results, T(77));
    ReduceSum(dims, axes, x.data(), y.data());
    for (size_t i = 0; i < results; ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), sum[i],
                  epsilon * std::fabs(sum[i]) + 1e-12 * magnitude[i]);
    }
    ReduceProd(dims, axes, x.data(), y.data());
    for (size_t i = 0; i < results; ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), prod[i],
                  2 * epsilon * std::fabs(prod[i]));
    }
    ReduceMax(dims, axes, x.data(), y.data());
    for (size_t i = 0; i < results; ++i) {
      EXPECT_EQ(static_cast<double>(y[i]), max[i]);
    }
    ReduceMin(dims, axes, x.data(), y.data());
    for (size_t i = 0; i < results; ++i) {
      EXPECT_EQ(static_cast<double>(y[i]), min[i]);
    }
    ReduceMean(dims, axes, x.data(), y.data());
    for (size_t i = 0; i < results; ++i) {
      const double mean = sum[i] / static_cast<double>(count[i]);
      EXPECT_NEAR(static_cast<double>(y[i]),
                  std::is_integral_v<T> ? std::trunc(mean) : mean,
                  epsilon * std::fabs(mean) + 1e-12 * magnitude[i]);
    }
  }
}

TEST(Reduce, AnyAxes) {
  for (const Dims& dims :
       {Dims{}, Dims{7}, Dims{1}, Dims{3, 5}, Dims{5, 1, 4}, Dims{2, 3, 4, 5},
        Dims{1, 2, 1, 3, 1, 65}, Dims{9, 130}, Dims{2, 1, 3, 2, 1, 2, 2, 3}}) {
    CheckAllAxes<float>(dims);
    CheckAllAxes<double>(dims);
  }
  CheckAllAxes<int32_t>({3, 2, 2});
  CheckAllAxes<int64_t>({3, 2, 2});
}

TEST(Reduce, ALongSumOfFloatsIsRoundedOnce) {
  // Added one by one in float, 2^24 + 1 ones stop at 2^24.
  constexpr size_t kCount = (1 << 24) + 4;
  const std::vector<float> x(kCount, 1.f);
  float y = 0;
  ReduceSum({kCount}, 1, x.data(), &y);
  EXPECT_EQ(y, 16777220.f);
  ReduceMean({kCount}, 1, x.data(), &y);
  EXPECT_EQ(y, 1.f);
  std::vector<float> columns(2);
  ReduceSum({kCount / 2, 2}, 1, x.data(), columns.data());
  EXPECT_EQ(columns, std::vector<float>(2, 8388610.f));
}

TEST(Reduce, IntegersWrapAround) {
  const std::vector<int32_t> x = {std::numeric_limits<int32_t>::max(), 1};
  int32_t y = 0;
  ReduceSum({2}, 1, x.data(), &y);
  EXPECT_EQ(y, std::numeric_limits<int32_t>::min());
  const std::vector<int64_t> big = {int64_t{1} << 62, 4};
  int64_t product = 7;
  ReduceProd({2}, 1, big.data(), &product);
  EXPECT_EQ(product, 0);
}

TEST(Reduce, Nothing) {
  float y[3] = {9, 9, 9};
  const auto expect = [&](float value) {
    for (const float v : y) EXPECT_EQ(v, value);
  };
  const float* none = nullptr;
  ReduceSum({0, 3}, 1, none, y);
  expect(0);
  ReduceProd({3, 0}, 2, none, y);
  expect(1);
  ReduceMax({0, 3}, 1, none, y);
  expect(-std::numeric_limits<float>::infinity());
  ReduceMin({3, 0}, 2, none, y);
  expect(std::numeric_limits<float>::infinity());
  ReduceMean({0, 3}, 1, none, y);
  for (const float v : y) EXPECT_TRUE(std::isnan(v));
  int32_t largest = 0;
  ReduceMax({0}, 1, static_cast<const int32_t*>(nullptr), &largest);
  EXPECT_EQ(largest, std::numeric_limits<int32_t>::min());
  // No results at all: y is not touched.
  ReduceSum({0, 3}, 2, none, static_cast<float*>(nullptr));
}

TEST(Reduce, NanWins) {
  for (size_t at = 0; at < 9; ++at) {
    std::vector<double> x = Values<double>(9, 4);
    x[at] = kNan;
    double y = 0;
    ReduceMax({9}, 1, x.data(), &y);
    EXPECT_TRUE(std::isnan(y));
    ReduceMin({3, 3}, 3, x.data(), &y);
    EXPECT_TRUE(std::isnan(y));
  }
}

TEST(Reduce, AllAndAny) {
  const std::vector<uint8_t> x = {1, 1, 0, 0, 1, 0};
  std::vector<uint8_t> y(3);
  ReduceAll({3, 2}, 2, x.data(), y.data());
  EXPECT_EQ(y, (std::vector<uint8_t>{1, 0, 0}));
  ReduceAny({3, 2}, 2, x.data(), y.data());
  EXPECT_EQ(y, (std::vector<uint8_t>{1, 0, 1}));
  ReduceAll({0}, 1, x.data(), y.data());
  EXPECT_EQ(y[0], 1);
  ReduceAny({0}, 1, x.data(), y.data());
  EXPECT_EQ(y[0], 0);
}

TEST(Reduce, TheFirstExtremeCounts) {
  const std::vector<float> x = {1, 5, 2, 5, -3, -3, 0, 5};
  std::vector<int64_t> at(2);
  ArgMax(2, 4, 1, x.data(), at.data());
  EXPECT_EQ(at, (std::vector<int64_t>{1, 3}));
  ArgMin(2, 4, 1, x.data(), at.data());
  EXPECT_EQ(at, (std::vector<int64_t>{0, 0}));
  std::vector<int32_t> columns(4);
  ArgMax(1, 2, 4, x.data(), columns.data());
  EXPECT_EQ(columns, (std::vector<int32_t>{0, 0, 0, 0}));
  ArgMin(1, 2, 4, x.data(), columns.data());
  EXPECT_EQ(columns, (std::vector<int32_t>{1, 1, 1, 0}));
}

TEST(Reduce, ExtremesAmongInfinitiesAndNans) {
  const std::vector<double> x = {kNan, -kInfinity,
                                 std::numeric_limits<double>::lowest(), kNan};
  int64_t at = 9;
  ArgMax(1, 4, 1, x.data(), &at);
  EXPECT_EQ(at, 2);
  const std::vector<double> nans = {kNan, kNan};
  ArgMin(1, 2, 1, nans.data(), &at);
  EXPECT_EQ(at, 0);
  const std::vector<int32_t> lowest(3, std::numeric_limits<int32_t>::min());
  ArgMax(1, 3, 1, lowest.data(), &at);
  EXPECT_EQ(at, 0);
}

}  // namespace
}  // namespace tensorbundle::kernels
