// conv2d: cross-correlation; VALID out = ceil((in - f + 1) / s); SAME out =
// ceil(in / s), pad = max((out - 1) * s + f - in, 0), before = pad / 2. Its two
// gradients, the depthwise form and bias_add.
#include "engine/kernels/conv2d.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/kernels/bias_add.h"
#include "engine/kernels/depthwise_conv2d.h"
#include "tests/engine/kernels/values.h"

namespace tensorbundle::kernels {
namespace {

TEST(Window, FollowsTensorFlowsPaddingRules) {
  const auto expect = [](const WindowAxis& axis, size_t out, size_t before) {
    EXPECT_EQ(axis.out, out);
    EXPECT_EQ(axis.pad_before, before);
  };
  expect(ValidWindow(28, 5, 1), 24, 0);
  expect(ValidWindow(28, 2, 2), 14, 0);
  expect(ValidWindow(7, 3, 2), 3, 0);
  expect(ValidWindow(6, 3, 2), 2, 0);
  expect(ValidWindow(2, 3, 1), 0, 0);
  expect(ValidWindow(7, 3, 1, 3), 1, 0);
  expect(SameWindow(28, 5, 1), 28, 2);
  expect(SameWindow(28, 2, 2), 14, 0);
  expect(SameWindow(5, 2, 1), 5, 0);  // the odd one goes after
  expect(SameWindow(7, 3, 2), 4, 1);
  expect(SameWindow(6, 3, 2), 3, 0);
  expect(SameWindow(5, 1, 3), 2, 0);
  expect(SameWindow(5, 3, 1, 2), 5, 2);
  expect(SameWindow(0, 3, 1), 0, 0);
}

const WindowAxis kAxes[] = {ValidWindow(5, 3, 1),    ValidWindow(6, 2, 3),
                            SameWindow(5, 3, 1),     SameWindow(6, 3, 2),
                            SameWindow(5, 2, 2),     SameWindow(7, 3, 1, 2),
                            SameWindow(4, 1, 1),     SameWindow(5, 1, 2),
                            ValidWindow(7, 3, 1, 2), SameWindow(2, 5, 1)};

// y by the definition, in double.
template <typename T>
std::vector<double> Defined(const Conv2dShape& s, const std::vector<T>& x,
                            const std::vector<T>& f) {
  std::vector<double> y;
  for (size_t b = 0; b < s.batch; ++b) {
    for (size_t i = 0; i < s.rows.out; ++i) {
      for (size_t j = 0; j < s.columns.out; ++j) {
        for (size_t o = 0; o < s.out_channels; ++o) {
          double sum = 0;
          for (size_t p = 0; p < s.rows.filter; ++p) {
            for (size_t q = 0; q < s.columns.filter; ++q) {
              const long row =
                  static_cast<long>(i * s.rows.stride + p * s.rows.dilation) -
                  static_cast<long>(s.rows.pad_before);
              const long column = static_cast<long>(j * s.columns.stride +
                                                    q * s.columns.dilation) -
                                  static_cast<long>(s.columns.pad_before);
              if (row < 0 || row >= static_cast<long>(s.rows.in)) continue;
              if (column < 0 || column >= static_cast<long>(s.columns.in)) {
                continue;
              }
              for (size_t c = 0; c < s.in_channels; ++c) {
                const size_t pixel =
                    (b * s.rows.in + static_cast<size_t>(row)) * s.columns.in +
                    static_cast<size_t>(column);
                const size_t tap = p * s.columns.filter + q;
                sum +=
                    double{x[pixel * s.in_channels + c]} *
                    double{f[(tap * s.in_channels + c) * s.out_channels + o]};
              }
            }
          }
          y.push_back(sum);
        }
      }
    }
  }
  return y;
}

template <typename T>
struct Buffers {
  explicit Buffers(const Conv2dShape& s)
      : x(Values<T>(s.batch * s.rows.in * s.columns.in * s.in_channels, 1)),
        f(Values<T>(
            s.rows.filter * s.columns.filter * s.in_channels * s.out_channels,
            2)),
        dy(Values<T>(s.batch * s.rows.out * s.columns.out * s.out_channels, 3)),
        workspace(Conv2dWorkspace(s)) {}
  std::vector<T> x, f, dy, workspace;
};

TEST(Conv2d, EqualsItsDefinition) {
  for (const WindowAxis& rows : kAxes) {
    for (const WindowAxis& columns : kAxes) {
      const Conv2dShape shape{2, rows, columns, 3, 5};
      Buffers<float> in(shape);
      const std::vector<double> expected = Defined(shape, in.x, in.f);
      std::vector<float> y(expected.size());
      Conv2d<float>(shape, in.x.data(), in.f.data(), y.data(), in.workspace);
      for (size_t i = 0; i < y.size(); ++i) {
        ASSERT_NEAR(y[i], expected[i], 2e-5);
      }
    }
  }
}

TEST(Conv2d, GradientsAgreeWithDifferences) {
  for (const WindowAxis& axis : kAxes) {
    const Conv2dShape shape{2, axis, SameWindow(3, 2, 1), 2, 3};
    Buffers<double> in(shape);
    const auto loss = [&] { return Dot(Defined(shape, in.x, in.f), in.dy); };
    std::vector<double> dx(in.x.size(), 99), df(in.f.size(), 99);
    Conv2dBackpropInput<double>(shape, in.f.data(), in.dy.data(), dx.data(),
                                in.workspace);
    Conv2dBackpropFilter<double>(shape, in.x.data(), in.dy.data(), df.data(),
                                 in.workspace);
    const std::vector<double> numeric_x = NumericGradient(in.x, loss);
    for (size_t i = 0; i < dx.size(); ++i) {
      EXPECT_NEAR(dx[i], numeric_x[i], 1e-7);
    }
    const std::vector<double> numeric_f = NumericGradient(in.f, loss);
    for (size_t i = 0; i < df.size(); ++i) {
      EXPECT_NEAR(df[i], numeric_f[i], 1e-7);
    }
  }
}

TEST(Conv2d, ManyBlocksOfPatches) {
  // 3 x 3 x 64 taps: 113 positions to a block, 400 positions.
  const Conv2dShape shape{1, SameWindow(20, 3, 1), SameWindow(20, 3, 1), 64, 2};
  Buffers<double> in(shape);
  const std::vector<double> expected = Defined(shape, in.x, in.f);
  std::vector<double> y(expected.size());
  Conv2d<double>(shape, in.x.data(), in.f.data(), y.data(), in.workspace);
  for (size_t i = 0; i < y.size(); ++i) ASSERT_NEAR(y[i], expected[i], 1e-11);
  // <dy, conv(x, f)> == <dx, x> == <df, f>, as conv is linear in each.
  std::vector<double> dx(in.x.size()), df(in.f.size());
  Conv2dBackpropInput<double>(shape, in.f.data(), in.dy.data(), dx.data(),
                              in.workspace);
  Conv2dBackpropFilter<double>(shape, in.x.data(), in.dy.data(), df.data(),
                               in.workspace);
  const double product = Dot(y, in.dy);
  EXPECT_NEAR(Dot(dx, in.x), product, 1e-9);
  EXPECT_NEAR(Dot(df, in.f), product, 1e-9);
}

TEST(Conv2d, NoImagesAndNoOutput) {
  const Conv2dShape shape{0, SameWindow(4, 3, 1), SameWindow(4, 3, 1), 1, 2};
  std::vector<float> workspace(Conv2dWorkspace(shape)), df(18, 9);
  Conv2d<float>(shape, nullptr, df.data(), nullptr, workspace);
  Conv2dBackpropFilter<float>(shape, nullptr, nullptr, df.data(), workspace);
  EXPECT_EQ(df, std::vector<float>(18));
}

TEST(DepthwiseConv2d, IsAConvolutionWithABlockDiagonalFilter) {
  for (const size_t multiplier : {1, 3}) {
    for (const WindowAxis& rows : kAxes) {
      constexpr size_t kChannels = 3;
      const size_t outputs = kChannels * multiplier;
      const WindowAxis columns = SameWindow(4, 3, 2);
      const DepthwiseShape shape{2, rows, columns, kChannels, multiplier};
      const Conv2dShape full{2, rows, columns, kChannels, outputs};
      Buffers<double> in(full);
      const size_t taps = rows.filter * columns.filter;
      std::vector<double> f = Values<double>(taps * outputs, 7);
      const auto spread = [&] {
        std::vector<double> wide(in.f.size());
        for (size_t t = 0; t < taps; ++t) {
          for (size_t k = 0; k < outputs; ++k) {
            const size_t c = k / multiplier;
            wide[(t * kChannels + c) * outputs + k] = f[t * outputs + k];
          }
        }
        return wide;
      };
      const std::vector<double> expected = Defined(full, in.x, spread());
      std::vector<double> y(expected.size(), 99);
      DepthwiseConv2d(shape, in.x.data(), f.data(), y.data());
      for (size_t i = 0; i < y.size(); ++i)
        EXPECT_NEAR(y[i], expected[i], 1e-12);

      const auto loss = [&] {
        return Dot(Defined(full, in.x, spread()), in.dy);
      };
      std::vector<double> dx(in.x.size(), 99), df(f.size(), 99);
      DepthwiseConv2dBackpropInput(shape, f.data(), in.dy.data(), dx.data());
      DepthwiseConv2dBackpropFilter(shape, in.x.data(), in.dy.data(),
                                    df.data());
      const std::vector<double> numeric_x = NumericGradient(in.x, loss);
      for (size_t i = 0; i < dx.size(); ++i) {
        EXPECT_NEAR(dx[i], numeric_x[i], 1e-7);
      }
      const std::vector<double> numeric_f = NumericGradient(f, loss);
      for (size_t i = 0; i < df.size(); ++i) {
        EXPECT_NEAR(df[i], numeric_f[i], 1e-7);
      }
    }
  }
}

TEST(BiasAdd, AddsToChannelsFirstOrLast) {
  const std::vector<float> x = {1, 2, 3, 4, 5, 6}, bias = {10, 20};
  std::vector<float> y(6);
  BiasAdd(3, 2, 1, x.data(), bias.data(), y.data());
  EXPECT_EQ(y, (std::vector<float>{11, 22, 13, 24, 15, 26}));
  BiasAdd(1, 2, 3, x.data(), bias.data(), y.data());
  EXPECT_EQ(y, (std::vector<float>{11, 12, 13, 24, 25, 26}));
  std::vector<float> dbias(2);
  BiasAddGrad(3, 2, 1, x.data(), dbias.data());
  EXPECT_EQ(dbias, (std::vector<float>{9, 12}));
  BiasAddGrad(1, 2, 3, x.data(), dbias.data());
  EXPECT_EQ(dbias, (std::vector<float>{6, 15}));
}

}  // namespace
}  // namespace tensorbundle::kernels
