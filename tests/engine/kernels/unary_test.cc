// exp, log, tanh, sigmoid, rsqrt, sqrt, pow: within the stated number of units
// in the last place of the exact value for arguments of every magnitude, with
// C's special values, whatever an element's place in the buffer.
#include "engine/kernels/unary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/util/bytes.h"
#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

using Reference = double (*)(double);

struct Case {
  const char* name;
  unary::UnaryF32* simd128;
  unary::UnaryF32* scalar;
  Reference reference;
  double bound;  // units in the last place
};

double Logistic(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

const Case kCases[] = {
    {"Exp", Exp, unary::ExpScalar, [](double x) { return std::exp(x); }, 1.0},
    {"Log", Log, unary::LogScalar, [](double x) { return std::log(x); }, 0.9},
    {"Tanh", Tanh, unary::TanhScalar, [](double x) { return std::tanh(x); },
     1.4},
    {"Sigmoid", Sigmoid, unary::SigmoidScalar, Logistic, 2.5},
    {"Rsqrt", Rsqrt, unary::RsqrtScalar,
     [](double x) { return 1 / std::sqrt(x); }, 1.5},
    {"Sqrt", Sqrt, unary::SqrtScalar, [](double x) { return std::sqrt(x); },
     0.5},
};

// |got - exact| in units in the last place of `exact` as a float; 0 for the
// same infinity, NaN or zero, infinity when only one of the two is that.
double Error(float got, double exact) {
  const float rounded = static_cast<float>(exact);
  if (std::isnan(rounded)) return std::isnan(got) ? 0 : kInfinity;
  if (std::isinf(rounded)) return got == rounded ? 0 : kInfinity;
  if (exact == 0) {
    return got == 0 && std::signbit(got) == std::signbit(exact) ? 0 : kInfinity;
  }
  int exponent = 0;
  std::frexp(exact, &exponent);
  const double unit = std::ldexp(1.0, std::max(exponent - 24, -149));
  return std::fabs(double{got} - exact) / unit;
}

std::vector<float> SpecialValues() {
  return {0.f,
          -0.f,
          1.f,
          -1.f,
          kInfinity,
          -kInfinity,
          kNan,
          0x1p-149f,
          -0x1p-149f,
          0x1p-126f,
          -0x1p-126f,
          0x1.fffffcp-127f,
          0x1.fffffep127f,
          -0x1.fffffep127f,
          88.72283f,
          88.722844f,
          89.f,
          -87.33655f,
          -103.97208f,
          -103.97209f,
          -104.f,
          -105.f,
          1e5f,
          0.625f,
          0x1.3ffffep-1f,
          -0.625f,
          9.f,
          10.f,
          0x1.6a09e6p-1f,
          0x1.6a09e4p-1f,
          0x1.6a09e8p-1f,
          0x1.fffffep-1f,
          0x1.000002p0f};
}

void ExpectWithinBound(unary::UnaryF32* function, const Case& c, double bound,
                       const std::vector<float>& x) {
  std::vector<float> y(x.size());
  function(x.size(), x.data(), y.data());
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_LE(Error(y[i], c.reference(x[i])), bound)
        << c.name << "(" << x[i] << ") = " << y[i];
  }
}

TEST(Unary, SpecialValues) {
  for (const Case& c : kCases) {
    ExpectWithinBound(c.simd128, c, c.bound, SpecialValues());
    ExpectWithinBound(c.scalar, c, 0.51, SpecialValues());
  }
}

TEST(Unary, WithinTheBoundAtEveryMagnitude) {
  // Bit patterns at a stride that is prime to every power of two: each of the
  // 512 binades, of both signs, NaNs included, gets about 840 arguments.
  std::vector<float> x;
  for (uint64_t bits = 0; bits <= 0xFFFFFFFF; bits += 9973) {
    x.push_back(BitCast<float>(static_cast<uint32_t>(bits)));
  }
  for (const Case& c : kCases) ExpectWithinBound(c.simd128, c, c.bound, x);
}

TEST(Unary, WithinTheBoundWhereNetworksWork) {
  for (const Case& c : kCases) {
    ExpectWithinBound(c.simd128, c, c.bound, Values<float>(100000, 1, -20, 20));
    ExpectWithinBound(c.simd128, c, c.bound,
                      Values<float>(100000, 2, -0.75, 0.75));
    ExpectWithinBound(c.simd128, c, c.bound, Values<float>(100000, 3, 0, 2));
  }
}

TEST(Unary, APlaceInTheBufferDoesNotMatter) {
  const std::vector<float> x = Values<float>(17, 4, -3, 3);
  for (const Case& c : kCases) {
    std::vector<float> whole(x.size());
    c.simd128(x.size(), x.data(), whole.data());
    for (size_t begin = 0; begin <= x.size(); ++begin) {
      for (size_t end = begin; end <= x.size(); ++end) {
        std::vector<float> part(x.begin() + static_cast<ptrdiff_t>(begin),
                                x.begin() + static_cast<ptrdiff_t>(end));
        c.simd128(part.size(), part.data(), part.data());
        for (size_t i = 0; i < part.size(); ++i) {
          EXPECT_EQ(BitCast<uint32_t>(part[i]),
                    BitCast<uint32_t>(whole[begin + i]));
        }
      }
    }
  }
}

TEST(Unary, DoublesAreTheCLibrarys) {
  const std::vector<double> x = Values<double>(9, 5, 0.1, 3);
  std::vector<double> y(x.size());
  const auto check = [&](void (*f)(size_t, const double*, double*),
                         Reference reference) {
    f(x.size(), x.data(), y.data());
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_DOUBLE_EQ(y[i], reference(x[i]));
    }
  };
  check(Exp, kCases[0].reference);
  check(Log, kCases[1].reference);
  check(Tanh, kCases[2].reference);
  check(Sigmoid, kCases[3].reference);
  check(Rsqrt, kCases[4].reference);
  check(Sqrt, kCases[5].reference);
}

TEST(Unary, PowersOfEveryMagnitude) {
  const std::vector<float> x = Values<float>(50000, 6, -6, 6);
  const std::vector<float> y = Values<float>(50000, 7, -20, 20);
  std::vector<float> base(x.size()), z(x.size());
  Exp(x.size(), x.data(), base.data());
  Pow(x.size(), base.data(), y.data(), z.data());
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_LE(Error(z[i], std::pow(double{base[i]}, double{y[i]})), 1.0)
        << base[i] << "^" << y[i];
  }
}

TEST(Unary, PowersByHand) {
  const std::vector<double> x = {2, -2, 0, 0, -8, 1, kInfinity, 2};
  const std::vector<double> y = {10, 3, 0, -1, 0.5, kNan, -1, -1074};
  std::vector<double> z(x.size());
  Pow(x.size(), x.data(), y.data(), z.data());
  EXPECT_EQ(z[0], 1024);
  EXPECT_EQ(z[1], -8);
  EXPECT_EQ(z[2], 1);
  EXPECT_EQ(z[3], kInfinity);
  EXPECT_TRUE(std::isnan(z[4]));
  EXPECT_EQ(z[5], 1);
  EXPECT_EQ(z[6], 0);
  EXPECT_EQ(z[7], 0x1p-1074);
}

}  // namespace
}  // namespace tensorbundle::kernels
