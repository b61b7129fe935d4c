// The optimizers' ops, run ten times in a session: the variable and every slot
// are what the formulas give, written out here once more.
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "engine/ops/apply_op.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;
using testing::HasSubstr;

constexpr int kSteps = 10;

// One element: s[0] is the variable, the slots follow.
using Formula = std::function<void(double g, std::vector<double>& s)>;

struct Case {
  std::string op;
  std::vector<double> state;
  // The inputs after the refs; NaN stands for the gradient.
  std::vector<double> inputs;
  graph::AttrMap attrs;
  Formula formula;
};

const double kGradient = std::nan("");

std::vector<Case> Cases() {
  const graph::AttrMap nesterov = {
      {"use_nesterov", graph::AttrValue::Bool(true)}};
  return {
      {"ApplyGradientDescent",
       {1.0},
       {0.1, kGradient},
       {},
       [](double g, std::vector<double>& s) { s[0] -= 0.1 * g; }},
      {"ApplyMomentum",
       {1.0, 0.5},
       {0.1, kGradient, 0.9},
       {},
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + g;
         s[0] -= 0.1 * s[1];
       }},
      {"ApplyMomentum",
       {1.0, 0.5},
       {0.1, kGradient, 0.9},
       nesterov,
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + g;
         s[0] -= 0.1 * g + 0.9 * 0.1 * s[1];
       }},
      {"ApplyAdam",
       {1.0, 0.2, 0.3},
       {0.5, 0.7, 0.01, 0.9, 0.99, 1e-8, kGradient},
       {},
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + 0.1 * g;
         s[2] = 0.99 * s[2] + 0.01 * g * g;
         s[0] -= 0.01 * std::sqrt(1 - 0.7) / (1 - 0.5) * s[1] /
                 (std::sqrt(s[2]) + 1e-8);
       }},
      {"ApplyAdam",
       {1.0, 0.2, 0.3},
       {0.5, 0.7, 0.01, 0.9, 0.99, 1e-8, kGradient},
       nesterov,
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + 0.1 * g;
         s[2] = 0.99 * s[2] + 0.01 * g * g;
         s[0] -= 0.01 * std::sqrt(1 - 0.7) / (1 - 0.5) *
                 (0.1 * g + 0.9 * s[1]) / (std::sqrt(s[2]) + 1e-8);
       }},
      {"ApplyAdagrad",
       {1.0, 0.1},
       {0.1, kGradient},
       {},
       [](double g, std::vector<double>& s) {
         s[1] += g * g;
         s[0] -= 0.1 * g / std::sqrt(s[1]);
       }},
      {"ApplyAdagrad",
       {1.0, 0.1},
       {0.1, kGradient},
       {{"update_slots", graph::AttrValue::Bool(false)}},
       [](double g, std::vector<double>& s) {
         s[0] -= 0.1 * g / std::sqrt(s[1]);
       }},
      {"ApplyAdadelta",
       {1.0, 0.1, 0.2},
       {0.5, 0.95, 1e-6, kGradient},
       {},
       [](double g, std::vector<double>& s) {
         s[1] = 0.95 * s[1] + 0.05 * g * g;
         const double u = std::sqrt(s[2] + 1e-6) / std::sqrt(s[1] + 1e-6) * g;
         s[0] -= 0.5 * u;
         s[2] = 0.95 * s[2] + 0.05 * u * u;
       }},
      {"ApplyRMSProp",
       {1.0, 1.0, 0.3},
       {0.1, 0.9, 0.5, 1e-6, kGradient},
       {},
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + 0.1 * g * g;
         s[2] = 0.5 * s[2] + 0.1 * g / std::sqrt(s[1] + 1e-6);
         s[0] -= s[2];
       }},
      {"ApplyCenteredRMSProp",
       {1.0, 0.4, 1.0, 0.3},
       {0.1, 0.9, 0.5, 1e-6, kGradient},
       {},
       [](double g, std::vector<double>& s) {
         s[1] = 0.9 * s[1] + 0.1 * g;
         s[2] = 0.9 * s[2] + 0.1 * g * g;
         s[3] = 0.5 * s[3] + 0.1 * g / std::sqrt(s[2] - s[1] * s[1] + 1e-6);
         s[0] -= s[3];
       }},
      {"ApplyFtrl",
       {1.0, 0.1, 0.2},
       {kGradient, 0.5, 0.01, 0.02, -0.5},
       {},
       [](double g, std::vector<double>& s) {
         const double n = s[1] + g * g;
         s[2] += g - (std::sqrt(n) - std::sqrt(s[1])) / 0.5 * s[0];
         s[0] = std::abs(s[2]) > 0.01 ? (std::copysign(0.01, s[2]) - s[2]) /
                                            (std::sqrt(n) / 0.5 + 2 * 0.02)
                                      : 0;
         s[1] = n;
       }},
      {"ApplyFtrlV2",
       {1.0, 0.1, 0.2},
       {kGradient, 0.5, 0.01, 0.02, 0.03, -0.4},
       {},
       [](double g, std::vector<double>& s) {
         const double n = s[1] + g * g;
         s[2] += g + 2 * 0.03 * s[0] -
                 (std::pow(n, 0.4) - std::pow(s[1], 0.4)) / 0.5 * s[0];
         s[0] = std::abs(s[2]) > 0.01 ? (std::copysign(0.01, s[2]) - s[2]) /
                                            (std::pow(n, 0.4) / 0.5 + 2 * 0.02)
                                      : 0;
         s[1] = n;
       }},
  };
}

class TrainingTest : public SessionTest {
 protected:
  const graph::Variable* Slot(double value, DType dtype) {
    ops::VariableOptions options;
    options.dtype = dtype;
    return Must(
        ops::MakeVariable(graph_.get(), Numbers({value, -value}), options));
  }
  Result<const graph::Node*> Apply(
      const Case& one, const std::vector<const graph::Variable*>& state,
      const Output& gradient) {
    std::vector<ops::Argument> arguments;
    for (const graph::Variable* variable : state) {
      arguments.emplace_back(variable);
    }
    for (double input : one.inputs) {
      arguments.emplace_back(std::isnan(input) ? ops::Operand(gradient)
                                               : ops::Operand(input));
    }
    return ops::ApplyOp(graph_.get(), one.op, std::move(arguments), one.attrs);
  }
};

double Gradient(int step, int element) {
  return std::sin(step * 1.7 + element) + 0.1;
}

TEST_F(TrainingTest, TenStepsAreAsTheFormulasSay) {
  const Output gradient =
      Placeholder(graph::PartialShape::Of({2}), DType::kDouble);
  for (const Case& one : Cases()) {
    SCOPED_TRACE(one.op);
    std::vector<const graph::Variable*> state;
    for (double value : one.state) {
      state.push_back(Slot(value, DType::kDouble));
    }
    const graph::Node* update = Must(Apply(one, state, gradient));
    Initialize();
    std::vector<std::vector<double>> expected(2, one.state);
    for (double& value : expected[1]) value = -value;
    // A slot under a root stays positive.
    if (one.op != "ApplyGradientDescent" && one.op != "ApplyMomentum") {
      for (size_t i = 0; i < state.size(); ++i) {
        expected[1][i] = one.state[i];
        ASSERT_TRUE(
            session_
                .AssignVariable(*state[i]->initializer,
                                VectorOf<double>(DType::kDouble,
                                                 {one.state[i], one.state[i]}))
                .ok());
      }
    }
    const Tensor before = Value(state[0]->variable);
    const double first = before.as<double>()[0];
    for (int step = 0; step < kSteps; ++step) {
      const Feed feeds[] = {
          {gradient, VectorOf<double>(DType::kDouble,
                                      {Gradient(step, 0), Gradient(step, 1)})}};
      const graph::Node* targets[] = {update};
      ASSERT_TRUE(session_.Run(feeds, {}, targets).ok());
      for (int element = 0; element < 2; ++element) {
        one.formula(Gradient(step, element),
                    expected[static_cast<size_t>(element)]);
      }
    }
    for (size_t i = 0; i < state.size(); ++i) {
      const Tensor value = Value(state[i]->variable);
      for (size_t element = 0; element < 2; ++element) {
        EXPECT_NEAR(value.as<double>()[element], expected[element][i], 1e-12)
            << "state " << i;
      }
    }
    // What was fetched before is the caller's.
    EXPECT_EQ(before.as<double>()[0], first);
  }
}

TEST_F(TrainingTest, UpdatesInPlace) {
  const graph::Variable* w = Slot(1, DType::kFloat);
  const Output gradient = Placeholder(graph::PartialShape::Of({2}));
  const graph::Node* update = Must(Apply(Cases()[0], {w}, gradient));
  Initialize();
  const graph::Node* targets[] = {update};
  const Feed feeds[] = {{gradient, Floats2(1, 2)}};
  const auto address = [&] { return Value(w->variable).bytes().data(); };
  ASSERT_TRUE(session_.Run(feeds, {}, targets).ok());
  const uint8_t* const memory = address();
  ASSERT_TRUE(session_.Run(feeds, {}, targets).ok());
  EXPECT_EQ(address(), memory);
}

TEST_F(TrainingTest, ErrorsAreTensorFlows) {
  const graph::Variable* w = Slot(1, DType::kFloat);
  const Case sgd = Cases()[0];
  EXPECT_THAT(
      Apply(sgd, {w}, Placeholder(graph::PartialShape::Of({3})))
          .status()
          .message(),
      HasSubstr("Dimension 0 in both shapes must be equal, but are 2 and 3"));
  const Output any = Placeholder(graph::PartialShape());
  const graph::Node* update = Must(Apply(sgd, {w}, any));
  const graph::Node* targets[] = {update};
  const Feed feeds[] = {{any, VectorOf<float>(DType::kFloat, {1, 2, 3})}};
  EXPECT_THAT(session_.Run(feeds, {}, targets).status().message(),
              HasSubstr("Attempting to use uninitialized value Variable"));
  Initialize();
  EXPECT_THAT(session_.Run(feeds, {}, targets).status().message(),
              HasSubstr("var and delta do not have the same shape[2] [3]\n\t "
                        "[[{{node ApplyGradientDescent"));
}

}  // namespace
}  // namespace tensorbundle::session
