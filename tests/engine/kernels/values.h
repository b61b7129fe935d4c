// Reproducible inputs, and the yardsticks of the kernels' tests.
#ifndef TB_TESTS_KERNELS_VALUES_H_
#define TB_TESTS_KERNELS_VALUES_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace tensorbundle::kernels {

// `count` numbers in [low, high), the same for the same seed on every host.
template <typename T>
std::vector<T> Values(size_t count, uint64_t seed, double low = -1,
                      double high = 1) {
  std::vector<T> values(count);
  uint64_t state = seed * 2 + 1;
  for (T& value : values) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double unit =
        static_cast<double>(state >> 40) / static_cast<double>(1 << 24);
    value = static_cast<T>(low + (high - low) * unit);
  }
  return values;
}

// d f / d x[i] for each i, by central differences. `f` reads x.
inline std::vector<double> NumericGradient(std::vector<double>& x,
                                           const std::function<double()>& f) {
  std::vector<double> gradient(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const double kept = x[i];
    const double step = 1e-5;
    x[i] = kept + step;
    const double above = f();
    x[i] = kept - step;
    const double below = f();
    x[i] = kept;
    gradient[i] = (above - below) / (2 * step);
  }
  return gradient;
}

// sum(x * y): the scalar whose gradient tests take, y being the weights.
inline double Dot(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

}  // namespace tensorbundle::kernels

#endif  // TB_TESTS_KERNELS_VALUES_H_
