// What ops compute agrees with the C library in double precision, or with
// TensorFlow's documented examples; what they refuse has TensorFlow's words.
#include <cmath>

#include "engine/ops/apply_op.h"
#include "engine/ops/gradient_call.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::AttrMap;
using graph::AttrValue;
using graph::Output;
using ops::Operand;
using testing::ElementsAre;

constexpr double kInf = INFINITY;

class OpValuesTest : public SessionTest {
 protected:
  Output Apply(std::string_view op, std::vector<ops::Argument> arguments,
               AttrMap attrs = {}, int output = 0) {
    return Must(ops::ApplyOp(graph_.get(), op, std::move(arguments),
                             std::move(attrs)))
        ->output(output);
  }
  // The words of Python's ValueError or TypeError.
  std::string Refusal(std::string_view op, std::vector<ops::Argument> arguments,
                      AttrMap attrs = {}) {
    return ops::ApplyOp(graph_.get(), op, std::move(arguments),
                        std::move(attrs))
        .status()
        .message();
  }
  // What comes before the node's name.
  std::string RunError(const Output& fetch, std::vector<Feed> feeds = {}) {
    const std::string message = Error(fetch, std::move(feeds)).message();
    return message.substr(0, message.find("\n\t"));
  }
  Output Known(std::vector<int64_t> dims, DType dtype = DType::kFloat) {
    return Placeholder(*graph::PartialShape::Create(dims), dtype);
  }
  static Tensor Of(DType dtype, std::vector<int64_t> dims,
                   std::vector<double> values) {
    Tensor tensor = *Tensor::Create(dtype, *Shape::Create(dims));
    for (size_t i = 0; i < values.size(); ++i) {
      switch (dtype) {
        case DType::kFloat:
          tensor.mutable_as<float>()[i] = static_cast<float>(values[i]);
          break;
        case DType::kDouble:
          tensor.mutable_as<double>()[i] = values[i];
          break;
        case DType::kInt32:
          tensor.mutable_as<int32_t>()[i] = static_cast<int32_t>(values[i]);
          break;
        case DType::kInt64:
          tensor.mutable_as<int64_t>()[i] = static_cast<int64_t>(values[i]);
          break;
        default:
          tensor.mutable_as<uint8_t>()[i] = values[i] != 0;
      }
    }
    return tensor;
  }
  static std::vector<double> Doubles(const Tensor& tensor) {
    std::vector<double> values;
    for (size_t i = 0; i < static_cast<size_t>(tensor.num_elements()); ++i) {
      switch (tensor.dtype()) {
        case DType::kFloat:
          values.push_back(tensor.as<float>()[i]);
          break;
        case DType::kDouble:
          values.push_back(tensor.as<double>()[i]);
          break;
        case DType::kInt32:
          values.push_back(tensor.as<int32_t>()[i]);
          break;
        case DType::kInt64:
          values.push_back(static_cast<double>(tensor.as<int64_t>()[i]));
          break;
        default:
          values.push_back(tensor.as<uint8_t>()[i]);
      }
    }
    return values;
  }
  std::vector<double> Run(const Output& fetch) { return Doubles(Value(fetch)); }

  static void ExpectNear(double actual, double expected, double relative) {
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(actual)) << actual;
    } else if (std::isinf(expected)) {
      EXPECT_EQ(actual, expected);
    } else {
      EXPECT_NEAR(actual, expected,
                  relative * std::max(1e-30, std::abs(expected)));
    }
  }
};

Operand Ints(std::vector<int64_t> values) {
  return ops::GradientCall::Axes(std::move(values));
}

TEST_F(OpValuesTest, FunctionsOfOneNumber) {
  struct {
    const char* op;
    double (*function)(double);
    std::vector<double> at;
  } const facts[] = {
      {"Abs", [](double x) { return std::abs(x); }, {-1.5, 0, 2, -kInf}},
      {"Ceil", [](double x) { return std::ceil(x); }, {-1.5, 0.25, 2}},
      {"Cos", [](double x) { return std::cos(x); }, {-1.5, 0, 2, 100}},
      {"Elu",
       [](double x) { return x < 0 ? std::expm1(x) : x; },
       {-3, -1e-5, 0, 2}},
      {"Exp", [](double x) { return std::exp(x); }, {-3, 0, 2, -kInf, kInf}},
      {"Expm1", [](double x) { return std::expm1(x); }, {-3, 1e-6, 2}},
      {"Floor", [](double x) { return std::floor(x); }, {-1.5, 0.25, 2}},
      {"Log", [](double x) { return std::log(x); }, {0.5, 1, 7, 0, -1}},
      {"Log1p", [](double x) { return std::log1p(x); }, {-0.5, 1e-6, 7}},
      {"Neg", [](double x) { return -x; }, {-1.5, 2}},
      {"Reciprocal", [](double x) { return 1 / x; }, {-1.5, 2, 0}},
      {"Relu", [](double x) { return x < 0 ? 0 : x; }, {-1.5, 0, 2, kInf, NAN}},
      {"Relu6",
       [](double x) { return std::min(std::max(x, 0.0), 6.0); },
       {-1.5, 3, 9}},
      {"Round",
       [](double x) { return std::nearbyint(x); },
       {0.5, 1.5, -2.5, 2.4}},
      {"Rsqrt", [](double x) { return 1 / std::sqrt(x); }, {0.25, 3, 0}},
      {"Sigmoid",
       [](double x) { return 1 / (1 + std::exp(-x)); },
       {-30, -1, 0, 2}},
      {"Sign",
       [](double x) { return x > 0   ? 1.0
                             : x < 0 ? -1.0
                                     : x; },
       {-1.5, 0, 2}},
      {"Sin", [](double x) { return std::sin(x); }, {-1.5, 0.5, 2, 100}},
      {"Softplus",
       [](double x) { return std::log1p(std::exp(x)); },
       {-40, -1, 0, 2, 30}},
      {"Sqrt", [](double x) { return std::sqrt(x); }, {0.25, 3, 0}},
      {"Square", [](double x) { return x * x; }, {-1.5, 2}},
      {"Tanh", [](double x) { return std::tanh(x); }, {-20, -0.5, 0.25, 2}},
  };
  for (const auto& fact : facts) {
    SCOPED_TRACE(fact.op);
    for (const DType dtype : {DType::kFloat, DType::kDouble}) {
      const int64_t count = static_cast<int64_t>(fact.at.size());
      const std::vector<double> values =
          Run(Apply(fact.op, {Of(dtype, {count}, fact.at)}));
      ASSERT_EQ(values.size(), fact.at.size());
      for (size_t i = 0; i < values.size(); ++i) {
        ExpectNear(values[i], fact.function(fact.at[i]),
                   dtype == DType::kFloat ? 4e-7 : 1e-15);
      }
    }
  }
}

TEST_F(OpValuesTest, FunctionsOfTwoNumbers) {
  struct {
    const char* op;
    std::vector<double> of_reals, of_integers;
  } const facts[] = {
      // x = -7 7 7 -8, y = 2 -2 2 -4
      {"Div", {-3.5, -3.5, 3.5, 2}, {-3, -3, 3, 2}},
      {"FloorDiv", {-4, -4, 3, 2}, {-4, -4, 3, 2}},
      {"FloorMod", {1, -1, 1, 0}, {1, -1, 1, 0}},
      {"Maximum", {2, 7, 7, -4}, {2, 7, 7, -4}},
      {"Minimum", {-7, -2, 2, -8}, {-7, -2, 2, -8}},
      {"SquaredDifference", {81, 81, 25, 16}, {81, 81, 25, 16}},
      {"Equal", {0, 0, 0, 0}, {0, 0, 0, 0}},
      {"NotEqual", {1, 1, 1, 1}, {1, 1, 1, 1}},
      {"Less", {1, 0, 0, 1}, {1, 0, 0, 1}},
      {"LessEqual", {1, 0, 0, 1}, {1, 0, 0, 1}},
      {"Greater", {0, 1, 1, 0}, {0, 1, 1, 0}},
      {"GreaterEqual", {0, 1, 1, 0}, {0, 1, 1, 0}},
  };
  for (const auto& fact : facts) {
    SCOPED_TRACE(fact.op);
    for (const DType dtype :
         {DType::kFloat, DType::kDouble, DType::kInt32, DType::kInt64}) {
      const Output z = Apply(fact.op, {Of(dtype, {4}, {-7, 7, 7, -8}),
                                       Of(dtype, {4}, {2, -2, 2, -4})});
      EXPECT_EQ(Run(z), IsInteger(dtype) ? fact.of_integers : fact.of_reals);
    }
  }
  EXPECT_THAT(Run(Apply("Pow", {Of(DType::kInt32, {2}, {3, -2}),
                                Of(DType::kInt32, {2}, {4, 3})})),
              ElementsAre(81, -8));
  EXPECT_THAT(Run(Apply("LogicalAnd", {Of(DType::kBool, {3}, {0, 1, 1}),
                                       Of(DType::kBool, {3}, {1, 0, 1})})),
              ElementsAre(0, 0, 1));
  EXPECT_THAT(Run(Apply("LogicalOr", {Of(DType::kBool, {3}, {0, 1, 0}),
                                      Of(DType::kBool, {3}, {1, 0, 0})})),
              ElementsAre(1, 1, 0));
  const Output zero = Known({2}, DType::kInt32);
  EXPECT_EQ(RunError(Apply("FloorDiv", {Ints({1, 2}), zero}),
                     {{zero, Of(DType::kInt32, {2}, {1, 0})}}),
            "Integer division by zero");
}

TEST_F(OpValuesTest, Reductions) {
  const Tensor x = Of(DType::kFloat, {2, 3}, {1, 5, 2, -4, 0, 3});
  EXPECT_THAT(Run(Apply("Sum", {x, Ints({0})})), ElementsAre(-3, 5, 5));
  EXPECT_THAT(Run(Apply("Mean", {x, Ints({1})})),
              ElementsAre(testing::DoubleNear(8.0 / 3, 1e-6),
                          testing::DoubleNear(-1.0 / 3, 1e-6)));
  EXPECT_THAT(Run(Apply("Max", {x, Ints({-1})})), ElementsAre(5, 3));
  EXPECT_THAT(Run(Apply("Min", {x, Ints({0, 1})})), ElementsAre(-4));
  EXPECT_THAT(Run(Apply("Prod", {x, Ints({0})})), ElementsAre(-4, 0, 6));
  EXPECT_THAT(Run(Apply("ArgMax", {x, 1.0})), ElementsAre(1, 2));
  EXPECT_THAT(Run(Apply("ArgMin", {x, 0.0})), ElementsAre(1, 1, 0));
  EXPECT_THAT(
      Run(Apply("Cumsum", {x, 1.0}, {{"reverse", AttrValue::Bool(true)}})),
      ElementsAre(8, 7, 2, -1, 3, 3));
  EXPECT_THAT(
      Run(Apply("Any", {Of(DType::kBool, {2, 2}, {0, 0, 1, 0}), Ints({1})})),
      ElementsAre(0, 1));
  EXPECT_THAT(
      Run(Apply("All", {Of(DType::kBool, {2, 2}, {0, 1, 1, 1}), Ints({0})})),
      ElementsAre(0, 1));
  EXPECT_TRUE(std::isnan(
      Run(Apply("Mean", {Of(DType::kFloat, {0}, {}), Ints({0})}))[0]));
  EXPECT_EQ(Refusal("Sum", {Known({2, 3}), Ints({5})}),
            "Invalid reduction dimension 5 for input with 2 dimensions. for "
            "'Sum_1' (op: 'Sum') with input shapes: [2,3], [1] and with "
            "computed input tensors: input[1] = <5>.");
}

TEST_F(OpValuesTest, ProductsAndLosses) {
  const Tensor a = Of(DType::kInt64, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(
      Run(Apply("MatMul", {a, a}, {{"transpose_b", AttrValue::Bool(true)}})),
      ElementsAre(14, 32, 32, 77));
  EXPECT_EQ(Refusal("MatMul", {Known({2, 3}), Known({2, 3})}),
            "Dimensions must be equal, but are 3 and 2 for 'MatMul_1' (op: "
            "'MatMul') with input shapes: [2,3], [2,3].");
  EXPECT_EQ(Refusal("MatMul", {Known({3}), Known({3, 2})}),
            "Shape must be rank 2 but is rank 1 for 'MatMul_2' (op: 'MatMul') "
            "with input shapes: [3], [3,2].");
  const Output left = Placeholder({});
  const Output right = Placeholder({});
  EXPECT_EQ(RunError(Apply("MatMul", {left, right}),
                     {{left, Of(DType::kFloat, {2, 3}, {})},
                      {right, Of(DType::kFloat, {2, 3}, {})}}),
            "Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]");

  const Tensor logits = Of(DType::kDouble, {2, 3}, {1, 2, 3, 1000, 1000, 0});
  const double sum = std::exp(-2.0) + std::exp(-1.0) + 1;
  const std::vector<double> softmax = Run(Apply("Softmax", {logits}));
  EXPECT_NEAR(softmax[0], std::exp(-2.0) / sum, 1e-15);
  EXPECT_NEAR(softmax[3], 0.5, 1e-15);
  const std::vector<double> loss =
      Run(Apply("SparseSoftmaxCrossEntropyWithLogits", {logits, Ints({0, 1})}));
  EXPECT_NEAR(loss[0], std::log(sum) + 2, 1e-15);
  EXPECT_NEAR(loss[1], std::log(2.0), 1e-15);
  const Output labels = Known({2}, DType::kInt32);
  EXPECT_EQ(
      RunError(Apply("SparseSoftmaxCrossEntropyWithLogits", {logits, labels}),
               {{labels, Of(DType::kInt32, {2}, {0, 10})}}),
      "Received a label value of 10 which is outside the valid range of "
      "[0, 3).  Label values: 0 10");
  EXPECT_THAT(Run(Apply("BiasAdd", {Of(DType::kFloat, {2, 2}, {1, 2, 3, 4}),
                                    Of(DType::kFloat, {2}, {10, 20})})),
              ElementsAre(11, 22, 13, 24));
  EXPECT_EQ(Refusal("BiasAdd", {Known({2, 4}), Known({3})}),
            "Dimensions must be equal, but are 4 and 3 for 'BiasAdd_1' (op: "
            "'BiasAdd') with input shapes: [2,4], [3].");
}

TEST_F(OpValuesTest, Arrangements) {
  const Tensor x = Of(DType::kInt32, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(Run(Apply("Transpose", {x, Ints({1, 0})})),
              ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(Run(Apply("Tile", {x, Ints({1, 2})})),
              ElementsAre(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6));
  EXPECT_THAT(Run(Apply("ConcatV2", {std::vector<Operand>{x, x}, 1.0})),
              ElementsAre(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6));
  EXPECT_THAT(Run(Apply("Slice", {x, Ints({0, 1}), Ints({2, 1})})),
              ElementsAre(2, 5));
  EXPECT_THAT(
      Run(Apply("StridedSlice", {x, Ints({-1, 2}), Ints({0, 0}), Ints({1, -2})},
                {{"shrink_axis_mask", AttrValue::Int(1)},
                 {"end_mask", AttrValue::Int(2)}})),
      ElementsAre(6, 4));
  EXPECT_THAT(Run(Apply("GatherV2", {x, Ints({2, 0}), 1.0},
                        {{"Taxis", AttrValue::Type(DType::kInt32)}})),
              ElementsAre(3, 1, 6, 4));
  EXPECT_THAT(Run(Apply("OneHot", {Ints({1, -1, 2}), 3.0, 5.0, 0.0})),
              ElementsAre(0, 5, 0, 0, 0, 0, 0, 0, 5));
  EXPECT_THAT(Run(Apply("Where", {Of(DType::kBool, {2, 2}, {0, 1, 1, 0})})),
              ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(Run(Apply("Range", {10.0, 3.0, -3.0},
                        {{"Tidx", AttrValue::Type(DType::kInt32)}})),
              ElementsAre(10, 7, 4));
  EXPECT_THAT(Run(Apply("Cast", {Of(DType::kFloat, {3}, {-1.7, 0, 2.9})},
                        {{"DstT", AttrValue::Type(DType::kInt32)}})),
              ElementsAre(-1, 0, 2));
  EXPECT_EQ(Apply("Reshape", {Known({-1, 2, 3}), Ints({-1, 6})}).shape(),
            graph::PartialShape::Of({-1, 6}));
  EXPECT_EQ(Refusal("Reshape", {Known({2, 3}), Ints({4})}),
            "Cannot reshape a tensor with 6 elements to shape [4] (4 "
            "elements) for 'Reshape_1' (op: 'Reshape') with input shapes: "
            "[2,3], [1] and with computed input tensors: input[1] = <4>.");
  const Output indices = Known({1}, DType::kInt32);
  EXPECT_EQ(RunError(Apply("Gather", {x, indices}),
                     {{indices, Of(DType::kInt32, {1}, {2})}}),
            "indices[0] = 2 is not in [0, 2)");
}

TEST_F(OpValuesTest, ShapesFlowThroughTheGraph) {
  // tf.layers.flatten of images whose number only a run knows.
  const Output x = Known({-1, 4, 5, 2});
  const Output shape = Apply("Shape", {x});
  EXPECT_EQ(shape.shape(), graph::PartialShape::Of({4}));
  const Output batch =
      Apply("StridedSlice", {shape, Ints({0}), Ints({1}), Ints({1})},
            {{"shrink_axis_mask", AttrValue::Int(1)}});
  EXPECT_EQ(batch.shape(), graph::PartialShape::Of({}));
  const Output flat_shape = Apply("Pack", {std::vector<Operand>{batch, 40.0}});
  EXPECT_EQ(Apply("Reshape", {x, flat_shape}).shape(),
            graph::PartialShape::Of({-1, 40}));
  EXPECT_EQ(Apply("Conv2D", {x, Known({3, 3, 2, 8})},
                  {{"strides", AttrValue::Ints({1, 2, 2, 1})},
                   {"padding", AttrValue::String("SAME")}})
                .shape(),
            graph::PartialShape::Of({-1, 2, 3, 8}));
  EXPECT_EQ(Refusal("Conv2D", {x, Known({3, 3, 1, 8})},
                    {{"strides", AttrValue::Ints({1, 1, 1, 1})},
                     {"padding", AttrValue::String("VALID")}}),
            "Dimensions must be equal, but are 2 and 1 for 'Conv2D_1' (op: "
            "'Conv2D') with input shapes: [?,4,5,2], [3,3,1,8].");
  EXPECT_EQ(Refusal("MaxPool", {x},
                    {{"ksize", AttrValue::Ints({1, 2, 2, 1})},
                     {"strides", AttrValue::Ints({1, 2, 2, 1})},
                     {"padding", AttrValue::String("FULL")}}),
            "Attr 'padding' of 'MaxPool' Op passed string 'FULL' not in: "
            "\"SAME\", \"VALID\".");
}

}  // namespace
}  // namespace tensorbundle::session
