// Derivatives by central differences in float64, to hold tf.gradients to.
#ifndef TB_TESTS_ENGINE_SESSION_DIFFERENTIATION_H_
#define TB_TESTS_ENGINE_SESSION_DIFFERENTIATION_H_

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/ops/apply_op.h"
#include "engine/ops/gradients.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {

using Outputs = std::vector<graph::Output>;

// A function y(x0, x1, ...) of float64 tensors as nodes of a graph.
struct Function {
  const char* name;
  std::vector<std::vector<int64_t>> shapes;
  std::function<graph::Output(graph::Graph*, const Outputs&)> build;
  // The arguments lie in [low, high).
  double low = -2;
  double high = 2;
  // Of which arguments there is a derivative; empty: of all.
  std::vector<bool> differentiable = {};
};

// Numbers without a pattern, but the same in every run.
class Numbers64 {
 public:
  double Next(double low, double high) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  Tensor Of(const Shape& shape, double low, double high) {
    Tensor tensor = *Tensor::Create(DType::kDouble, shape);
    for (double& each : tensor.mutable_as<double>()) each = Next(low, high);
    return tensor;
  }

 private:
  uint64_t state_ = 7;
};

// Shapes in the graph are known, or only their ranks.
enum class Known { kShapes, kRanks };

inline void CheckDerivatives(const Function& function, Known known) {
  SCOPED_TRACE(function.name);
  const std::shared_ptr<graph::Graph> graph = ops::NewGraph();
  Session session(graph, &Counter);
  Numbers64 numbers;
  Outputs xs;
  std::vector<Feed> feeds;
  for (const std::vector<int64_t>& dims : function.shapes) {
    const Shape shape = *Shape::Create(dims);
    xs.push_back(Must(ops::Placeholder(
        graph.get(), DType::kDouble,
        known == Known::kShapes ? graph::PartialShape(shape)
                                : graph::PartialShape::OfRank(shape.rank()))));
    feeds.push_back(
        {xs.back(), numbers.Of(shape, function.low, function.high)});
  }
  const graph::Output y = function.build(graph.get(), xs);
  const auto run = [&](const graph::Output& fetch) {
    const graph::Output fetches[] = {fetch};
    const Result<std::vector<Tensor>> values = session.Run(feeds, fetches, {});
    EXPECT_TRUE(values.ok()) << values.status().message();
    return values.ok() ? (*values)[0] : Tensor();
  };
  const Tensor value = run(y);
  if (!value.initialized()) return;
  EXPECT_TRUE(y.shape().IsCompatibleWith(value.shape()))
      << y.shape().ToString() << " is not " << value.shape().ToString();

  // d(sum of weights * y) / dx
  const Tensor weights = numbers.Of(value.shape(), 0.5, 1.5);
  ops::GradientOptions options;
  options.grad_ys = {ops::Operand(weights)};
  const Result<std::vector<ops::Gradient>> gradients =
      ops::Gradients(graph.get(), {y}, xs, options);
  ASSERT_TRUE(gradients.ok()) << gradients.status().message();
  const auto loss = [&] {
    const Tensor now = run(y);
    double sum = 0;
    for (size_t i = 0; i < static_cast<size_t>(now.num_elements()); ++i) {
      sum += now.as<double>()[i] * weights.as<double>()[i];
    }
    return sum;
  };
  for (size_t k = 0; k < xs.size(); ++k) {
    SCOPED_TRACE("argument " + std::to_string(k));
    if (!function.differentiable.empty() && !function.differentiable[k]) {
      EXPECT_FALSE((*gradients)[k].defined());
      continue;
    }
    ASSERT_TRUE((*gradients)[k].defined());
    const Tensor dx = run(Must(ops::ToTensor(graph.get(), (*gradients)[k])));
    ASSERT_EQ(dx.shape().ToString(), feeds[k].value.shape().ToString());
    for (size_t i = 0; i < static_cast<size_t>(dx.num_elements()); ++i) {
      Tensor& x = feeds[k].value;
      double& element = x.mutable_as<double>()[i];
      const double at = element;
      constexpr double kStep = 1e-5;
      element = at + kStep;
      const double above = loss();
      element = at - kStep;
      const double below = loss();
      element = at;
      const double expected = (above - below) / (2 * kStep);
      EXPECT_NEAR(dx.as<double>()[i], expected,
                  1e-6 * std::max(1.0, std::abs(expected)))
          << "element " << i;
    }
  }
}

}  // namespace tensorbundle::session

#endif  // TB_TESTS_ENGINE_SESSION_DIFFERENTIATION_H_
