// Updates of the optimizers, in the stated order of operations: float results
// equal, bit for bit, a plain float loop that makes the same roundings, and
// stay near a loop in double over ten steps.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "engine/kernels/adadelta.h"
#include "engine/kernels/adagrad.h"
#include "engine/kernels/adam.h"
#include "engine/kernels/ftrl.h"
#include "engine/kernels/gradient_descent.h"
#include "engine/kernels/momentum.h"
#include "engine/kernels/rms_prop.h"
#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

constexpr int kSteps = 10;
constexpr std::array<double, 4> kNoSlots = {};

// var, then up to three slots.
template <typename T>
using State = std::array<std::vector<T>, 4>;

// One step of all elements; `step` counts from 1.
template <typename T>
using Update =
    std::function<void(int step, const std::vector<T>& g, State<T>& state)>;
// One step of one element.
template <typename T>
using Element = std::function<void(int step, T g, std::array<T*, 4> state)>;

template <typename T>
State<T> Run(size_t count, const std::array<double, 4>& initial,
             const Update<T>& update) {
  State<T> state;
  for (size_t slot = 0; slot < 4; ++slot) {
    state[slot].assign(count, static_cast<T>(initial[slot]));
  }
  state[0] = Values<T>(count, 1);
  for (int step = 1; step <= kSteps; ++step) {
    // Float and double runs see the same gradients.
    const std::vector<float> g =
        Values<float>(count, static_cast<uint64_t>(step) + 10);
    update(step, std::vector<T>(g.begin(), g.end()), state);
  }
  return state;
}

template <typename T>
Update<T> EachOf(const Element<T>& element) {
  return [element](int step, const std::vector<T>& g, State<T>& state) {
    for (size_t i = 0; i < g.size(); ++i) {
      element(step, g[i],
              {&state[0][i], &state[1][i], &state[2][i], &state[3][i]});
    }
  };
}

void Check(const std::array<double, 4>& initial, const Update<float>& update,
           const Update<double>& update64, const Element<float>& element,
           const Element<double>& element64) {
  for (const size_t count : {0, 1, 3, 4, 5, 31, 33}) {
    const State<float> got = Run(count, initial, update);
    EXPECT_EQ(got, Run(count, initial, EachOf(element))) << count;
    const State<double> got64 = Run(count, initial, update64);
    EXPECT_EQ(got64, Run(count, initial, EachOf(element64))) << count;
    for (size_t slot = 0; slot < 4; ++slot) {
      for (size_t i = 0; i < count; ++i) {
        EXPECT_NEAR(got[slot][i], got64[slot][i],
                    2e-5 * (1 + std::fabs(got64[slot][i])));
      }
    }
  }
}

template <typename T>
Update<T> Descent() {
  return [](int, const std::vector<T>& g, State<T>& s) {
    ApplyGradientDescent(g.size(), T(0.1), g.data(), s[0].data());
  };
}
template <typename T>
Element<T> DescentElement() {
  return [](int, T g, std::array<T*, 4> s) {
    const T step = g * T(0.1);
    *s[0] = *s[0] - step;
  };
}

TEST(Optimizers, GradientDescent) {
  Check(kNoSlots, Descent<float>(), Descent<double>(), DescentElement<float>(),
        DescentElement<double>());
}

template <typename T>
Update<T> WithMomentum(bool nesterov) {
  return [nesterov](int, const std::vector<T>& g, State<T>& s) {
    ApplyMomentum<T>(g.size(), {T(0.1), T(0.9), nesterov}, g.data(),
                     s[0].data(), s[1].data());
  };
}
template <typename T>
Element<T> MomentumElement(bool nesterov) {
  return [nesterov](int, T g, std::array<T*, 4> s) {
    const T decayed = *s[1] * T(0.9);
    *s[1] = decayed + g;
    if (nesterov) {
      const T own = g * T(0.1);
      const T ahead = *s[1] * T(0.9);
      const T step = own + ahead * T(0.1);
      *s[0] = *s[0] - step;
    } else {
      const T step = *s[1] * T(0.1);
      *s[0] = *s[0] - step;
    }
  };
}

TEST(Optimizers, Momentum) {
  for (const bool nesterov : {false, true}) {
    Check(kNoSlots, WithMomentum<float>(nesterov),
          WithMomentum<double>(nesterov), MomentumElement<float>(nesterov),
          MomentumElement<double>(nesterov));
  }
}

template <typename T>
Update<T> Adam() {
  return [](int step, const std::vector<T>& g, State<T>& s) {
    AdamOptions<T> options{T(0.001), T(0.9), T(0.999),
                           T(1e-8),  T(0.9), T(0.999)};
    for (int i = 1; i < step; ++i) {
      options.beta1_power *= options.beta1;
      options.beta2_power *= options.beta2;
    }
    ApplyAdam(g.size(), options, g.data(), s[0].data(), s[1].data(),
              s[2].data());
  };
}
template <typename T>
Element<T> AdamElement() {
  return [](int step, T g, std::array<T*, 4> s) {
    T power1 = T(0.9), power2 = T(0.999);
    for (int i = 1; i < step; ++i) {
      power1 *= T(0.9);
      power2 *= T(0.999);
    }
    const T root = std::sqrt(T(1) - power2);
    const T scaled = T(0.001) * root;
    const T alpha = scaled / (T(1) - power1);
    const T change1 = (g - *s[1]) * (T(1) - T(0.9));
    *s[1] = *s[1] + change1;
    const T square = g * g;
    const T change2 = (square - *s[2]) * (T(1) - T(0.999));
    *s[2] = *s[2] + change2;
    const T numerator = *s[1] * alpha;
    const T denominator = std::sqrt(*s[2]) + T(1e-8);
    *s[0] = *s[0] - numerator / denominator;
  };
}

TEST(Optimizers, Adam) {
  Check(kNoSlots, Adam<float>(), Adam<double>(), AdamElement<float>(),
        AdamElement<double>());
}

TEST(Optimizers, AdamsFirstStepIsTheLearningRate) {
  std::vector<double> var = {1, 1}, m(2), v(2);
  const std::vector<double> g = {0.5, -200};
  const AdamOptions<double> options{0.001, 0.9, 0.999, 1e-8, 0.9, 0.999};
  ApplyAdam(2, options, g.data(), var.data(), m.data(), v.data());
  EXPECT_NEAR(var[0], 0.999, 1e-6);
  EXPECT_NEAR(var[1], 1.001, 1e-6);
}

template <typename T>
Update<T> Adagrad() {
  return [](int, const std::vector<T>& g, State<T>& s) {
    ApplyAdagrad(g.size(), T(0.1), true, g.data(), s[0].data(), s[1].data());
  };
}
template <typename T>
Element<T> AdagradElement() {
  return [](int, T g, std::array<T*, 4> s) {
    const T square = g * g;
    *s[1] = *s[1] + square;
    const T scaled = g * T(0.1);
    const T inverse = T(1) / std::sqrt(*s[1]);
    const T step = scaled * inverse;
    *s[0] = *s[0] - step;
  };
}

TEST(Optimizers, Adagrad) {
  Check({0, 0.1, 0, 0}, Adagrad<float>(), Adagrad<double>(),
        AdagradElement<float>(), AdagradElement<double>());
}

template <typename T>
Update<T> RmsProp(bool centered) {
  return [centered](int, const std::vector<T>& g, State<T>& s) {
    const RmsPropOptions<T> options{T(0.01), T(0.9), T(0.5), T(1e-10)};
    if (centered) {
      ApplyCenteredRmsProp(g.size(), options, g.data(), s[0].data(),
                           s[3].data(), s[1].data(), s[2].data());
    } else {
      ApplyRmsProp(g.size(), options, g.data(), s[0].data(), s[1].data(),
                   s[2].data());
    }
  };
}
template <typename T>
Element<T> RmsPropElement(bool centered) {
  return [centered](int, T g, std::array<T*, 4> s) {
    const T rate = T(1) - T(0.9);
    const T square = g * g;
    const T change = (square - *s[1]) * rate;
    *s[1] = *s[1] + change;
    T denominator = *s[1] + T(1e-10);
    if (centered) {
      const T mean_change = (g - *s[3]) * rate;
      *s[3] = *s[3] + mean_change;
      const T mean_square = *s[3] * *s[3];
      denominator = (*s[1] - mean_square) + T(1e-10);
    }
    const T kept = *s[2] * T(0.5);
    const T scaled = g * T(0.01);
    *s[2] = kept + scaled / std::sqrt(denominator);
    *s[0] = *s[0] - *s[2];
  };
}

TEST(Optimizers, RmsProp) {
  for (const bool centered : {false, true}) {
    Check({0, 1, 0, 0}, RmsProp<float>(centered), RmsProp<double>(centered),
          RmsPropElement<float>(centered), RmsPropElement<double>(centered));
  }
}

template <typename T>
Update<T> Adadelta() {
  return [](int, const std::vector<T>& g, State<T>& s) {
    ApplyAdadelta<T>(g.size(), {T(0.5), T(0.95), T(1e-6)}, g.data(),
                     s[0].data(), s[1].data(), s[2].data());
  };
}
template <typename T>
Element<T> AdadeltaElement() {
  return [](int, T g, std::array<T*, 4> s) {
    const T rest = T(1) - T(0.95);
    const T square = g * g;
    const T kept = *s[1] * T(0.95);
    *s[1] = kept + square * rest;
    const T inverse = T(1) / std::sqrt(*s[1] + T(1e-6));
    const T ratio = std::sqrt(*s[2] + T(1e-6)) * inverse;
    const T u = ratio * g;
    const T step = u * T(0.5);
    *s[0] = *s[0] - step;
    const T update_square = u * u;
    const T kept_update = *s[2] * T(0.95);
    *s[2] = kept_update + update_square * rest;
  };
}

TEST(Optimizers, Adadelta) {
  Check(kNoSlots, Adadelta<float>(), Adadelta<double>(),
        AdadeltaElement<float>(), AdadeltaElement<double>());
}

template <typename T>
Update<T> Ftrl(double power, double l1, double shrinkage) {
  return [=](int, const std::vector<T>& g, State<T>& s) {
    ApplyFtrl<T>(g.size(),
                 {T(0.1), T(power), T(l1), T(0.02), static_cast<T>(shrinkage)},
                 g.data(), s[0].data(), s[1].data(), s[2].data());
  };
}
template <typename T>
Element<T> FtrlElement(double power, double l1, double shrinkage) {
  return [=](int, T g, std::array<T*, 4> s) {
    const auto scale = [power](T x) {
      return power == -0.5 ? std::sqrt(x) : std::pow(x, -T(power));
    };
    const T square = g * g;
    const T sum = *s[1] + square;
    T gradient = g;
    if (shrinkage != 0) gradient = g + T(2) * T(shrinkage) * *s[0];
    const T sigma = (scale(sum) - scale(*s[1])) / T(0.1);
    const T change = gradient - sigma * *s[0];
    *s[2] = *s[2] + change;
    const T quadratic = scale(sum) / T(0.1) + T(2) * T(0.02);
    const T bound = *s[2] > 0 ? T(l1) : -T(l1);
    *s[0] = std::fabs(*s[2]) > T(l1) ? (bound - *s[2]) / quadratic : T(0);
    *s[1] = sum;
  };
}

TEST(Optimizers, Ftrl) {
  for (const double power : {-0.5, -0.7, 0.0}) {
    for (const double l1 : {0.0, 0.25}) {
      for (const double shrinkage : {0.0, 0.125}) {
        Check({0, 0.1, 0, 0}, Ftrl<float>(power, l1, shrinkage),
              Ftrl<double>(power, l1, shrinkage),
              FtrlElement<float>(power, l1, shrinkage),
              FtrlElement<double>(power, l1, shrinkage));
      }
    }
  }
}

TEST(Optimizers, FtrlsL1TermMakesSmallWeightsZero) {
  std::vector<float> var = {0.5f}, a = {0.1f}, linear = {0};
  const std::vector<float> g = {0.001f};
  ApplyFtrl<float>(1, {0.1f, -0.5f, 10.f, 0.f, 0.f}, g.data(), var.data(),
                   a.data(), linear.data());
  EXPECT_EQ(var[0], 0);
}

}  // namespace
}  // namespace tensorbundle::kernels
