// Every gradient agrees with central differences in float64, whether the graph
// knows the shapes or only their ranks.
#include "tests/engine/session/differentiation.h"

namespace tensorbundle::session {
namespace {

using graph::AttrMap;
using graph::AttrValue;
using graph::Graph;
using graph::Output;
using ops::Operand;

Output Apply(Graph* graph, std::string_view op,
             std::vector<ops::Argument> arguments, AttrMap attrs = {},
             int output = 0) {
  return Must(ops::ApplyOp(graph, op, std::move(arguments), std::move(attrs)))
      ->output(output);
}

// op(x)
Function Unary(const char* op, double low = -2, double high = 2) {
  return {
      op,
      {{2, 3}},
      [op](Graph* graph, const Outputs& x) { return Apply(graph, op, {x[0]}); },
      low,
      high};
}

// op(x, y) with both broadcast
Function Binary(const char* op, double low = -2, double high = 2) {
  return {op,
          {{2, 1, 3}, {4, 1}},
          [op](Graph* graph, const Outputs& x) {
            return Apply(graph, op, {x[0], x[1]});
          },
          low,
          high};
}

Function SameShapes(const char* op, double low = -2, double high = 2) {
  return {op,
          {{2, 3}, {2, 3}},
          [op](Graph* graph, const Outputs& x) {
            return Apply(graph, op, {x[0], x[1]});
          },
          low,
          high};
}

Function Product(const char* name, const char* op, std::vector<int64_t> a,
                 std::vector<int64_t> b, const char* ta, bool va,
                 const char* tb, bool vb) {
  return {name, {a, b}, [=](Graph* graph, const Outputs& x) {
            return Apply(
                graph, op, {x[0], x[1]},
                {{ta, AttrValue::Bool(va)}, {tb, AttrValue::Bool(vb)}});
          }};
}

Operand Ints(std::vector<int64_t> values) {
  return ops::GradientCall::Axes(std::move(values));
}

Function Reduction(const char* op, std::vector<int64_t> axes, bool keep) {
  return {op, {{2, 3, 4}}, [=](Graph* graph, const Outputs& x) {
            return Apply(graph, op, {x[0], Ints(axes)},
                         {{"keep_dims", AttrValue::Bool(keep)}});
          }};
}

class GradientsTest : public testing::Test {
 protected:
  static void Check(const std::vector<Function>& functions) {
    for (const Function& function : functions) {
      CheckDerivatives(function, Known::kShapes);
      CheckDerivatives(function, Known::kRanks);
    }
  }
};

TEST_F(GradientsTest, FunctionsOfOneTensor) {
  Check({Unary("Abs"),
         Unary("Cos"),
         Unary("Elu"),
         Unary("Exp"),
         Unary("Expm1"),
         Unary("Identity"),
         Unary("L2Loss"),
         Unary("Log", 0.1, 3),
         Unary("Log1p", -0.5, 3),
         Unary("LogSoftmax"),
         Unary("Neg"),
         Unary("Reciprocal", 0.5, 2),
         Unary("Relu"),
         Unary("Relu6", -8, 8),
         Unary("Rsqrt", 0.5, 3),
         Unary("Sigmoid"),
         Unary("Sin"),
         Unary("Softmax"),
         Unary("Softplus", -30, 30),
         Unary("Sqrt", 0.5, 3),
         Unary("Square"),
         Unary("Tanh")});
}

TEST_F(GradientsTest, FunctionsOfTwoBroadcastTensors) {
  Check({Binary("Add"), Binary("AddV2"), Binary("Sub"), Binary("Mul"),
         Binary("Div", 0.5, 2), Binary("RealDiv", 0.5, 2), Binary("Maximum"),
         Binary("Minimum"), Binary("Pow", 0.5, 2),
         Binary("SquaredDifference")});
}

TEST_F(GradientsTest, FunctionsOfTwoTensorsOfOneShape) {
  Check({SameShapes("Add"), SameShapes("Sub"), SameShapes("Mul"),
         SameShapes("SigmoidGrad"), SameShapes("TanhGrad")});
}

TEST_F(GradientsTest, MatrixProducts) {
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      const std::vector<int64_t> a =
          ta ? std::vector<int64_t>{3, 2} : std::vector<int64_t>{2, 3};
      const std::vector<int64_t> b =
          tb ? std::vector<int64_t>{4, 3} : std::vector<int64_t>{3, 4};
      std::vector<int64_t> batch_a = {2, 1};
      batch_a.insert(batch_a.end(), a.begin(), a.end());
      std::vector<int64_t> batch_b = {3};
      batch_b.insert(batch_b.end(), b.begin(), b.end());
      Check({Product("MatMul", "MatMul", a, b, "transpose_a", ta, "transpose_b",
                     tb),
             Product("BatchMatMulV2", "BatchMatMulV2", batch_a, batch_b,
                     "adj_x", ta, "adj_y", tb)});
    }
  }
}

TEST_F(GradientsTest, Reductions) {
  for (const char* op : {"Sum", "Mean", "Max", "Min", "Prod"}) {
    for (const bool keep : {false, true}) {
      Check({Reduction(op, {0, 1, 2}, keep), Reduction(op, {1}, keep),
             Reduction(op, {0, -1}, keep), Reduction(op, {}, keep)});
    }
  }
}

TEST_F(GradientsTest, SeveralInputs) {
  Check({
      {"AddN",
       {{2, 3}, {2, 3}, {2, 3}},
       [](Graph* graph, const Outputs& x) {
         return Apply(graph, "AddN", {std::vector<Operand>{x[0], x[1], x[2]}});
       }},
      {"BiasAdd",
       {{2, 3, 4}, {4}},
       [](Graph* graph, const Outputs& x) {
         return Apply(graph, "BiasAdd", {x[0], x[1]});
       }},
      {"BiasAdd of NCHW",
       {{2, 3, 2, 2}, {3}},
       [](Graph* graph, const Outputs& x) {
         return Apply(graph, "BiasAdd", {x[0], x[1]},
                      {{"data_format", AttrValue::String("NCHW")}});
       }},
      {"Select",
       {{2, 3}, {2, 3}},
       [](Graph* graph, const Outputs& x) {
         const Output mask = Apply(graph, "Greater", {x[0], x[1]});
         return Apply(graph, "Select", {mask, x[0], x[1]});
       }},
      {"Cast",
       {{2, 3}},
       [](Graph* graph, const Outputs& x) {
         return Apply(graph, "Cast", {x[0]},
                      {{"DstT", AttrValue::Type(DType::kDouble)}});
       }},
  });
}

TEST_F(GradientsTest, CrossEntropies) {
  Check({
      {"SoftmaxCrossEntropyWithLogits",
       {{3, 4}, {3, 4}},
       [](Graph* graph, const Outputs& x) {
         // TensorFlow's derivative holds for labels that add up to 1.
         const Output labels = Apply(graph, "Softmax", {x[1]});
         return Apply(graph, "SoftmaxCrossEntropyWithLogits", {x[0], labels});
       }},
      {"its gradient",
       {{3, 4}},
       [](Graph* graph, const Outputs& x) {
         const Output labels = Apply(graph, "OnesLike", {x[0]});
         return Apply(graph, "SoftmaxCrossEntropyWithLogits", {x[0], labels},
                      {}, 1);
       }},
      {"SparseSoftmaxCrossEntropyWithLogits",
       {{3, 4}},
       [](Graph* graph, const Outputs& x) {
         return Apply(graph, "SparseSoftmaxCrossEntropyWithLogits",
                      {x[0], Ints({2, 0, 3})});
       }},
  });
}

TEST_F(GradientsTest, ShapesAndArrangements) {
  const auto of_one = [](const char* name, std::vector<int64_t> shape,
                         std::function<Output(Graph*, const Output&)> build) {
    return Function{name, {shape}, [=](Graph* graph, const Outputs& x) {
                      return build(graph, x[0]);
                    }};
  };
  Check({
      of_one("Reshape", {2, 6},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Reshape", {x, Ints({3, -1})});
             }),
      of_one("ExpandDims", {2, 3},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "ExpandDims", {x, 1.0});
             }),
      of_one("Squeeze", {2, 1, 3},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Squeeze", {x},
                            {{"squeeze_dims", AttrValue::Ints({1})}});
             }),
      of_one("Transpose", {2, 3, 4},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Transpose", {x, Ints({2, 0, 1})});
             }),
      of_one("Tile", {2, 3},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Tile", {x, Ints({2, 3})});
             }),
      of_one("BroadcastTo", {2, 1},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "BroadcastTo", {x, Ints({3, 2, 4})});
             }),
      of_one("Fill", {},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Fill", {Ints({2, 3}), x});
             }),
      of_one("Cumsum", {3, 2},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Cumsum", {x, 0.0},
                            {{"exclusive", AttrValue::Bool(true)}});
             }),
      of_one("Unpack", {2, 3},
             [](Graph* graph, const Output& x) {
               return Apply(
                   graph, "Unpack", {x},
                   {{"num", AttrValue::Int(3)}, {"axis", AttrValue::Int(-1)}},
                   1);
             }),
      of_one("Split", {2, 6},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Split", {1.0, x},
                            {{"num_split", AttrValue::Int(3)}}, 2);
             }),
      of_one("SplitV", {2, 6},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "SplitV", {x, Ints({1, 3, 2}), 1.0},
                            {{"num_split", AttrValue::Int(3)},
                             {"Tlen", AttrValue::Type(DType::kInt32)}},
                            1);
             }),
      of_one("Slice", {3, 4},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "Slice", {x, Ints({1, 0}), Ints({2, -1})});
             }),
      of_one("StridedSlice", {5, 4, 2},
             [](Graph* graph, const Output& x) {
               return Apply(
                   graph, "StridedSlice",
                   {x, Ints({3, 0, 1}), Ints({0, 0, 2}), Ints({-2, 1, 1})},
                   {{"ellipsis_mask", AttrValue::Int(2)},
                    {"shrink_axis_mask", AttrValue::Int(4)}});
             }),
      of_one("Pad", {2, 3},
             [](Graph* graph, const Output& x) {
               const Output by =
                   Apply(graph, "Reshape", {Ints({1, 0, 0, 2}), Ints({2, 2})});
               return Apply(graph, "Pad", {x, by});
             }),
      of_one("GatherV2", {4, 2},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "GatherV2", {x, Ints({3, 1, 3}), 0.0},
                            {{"Taxis", AttrValue::Type(DType::kInt32)}});
             }),
      of_one("GatherV2 along another axis", {3, 4, 2},
             [](Graph* graph, const Output& x) {
               const Output at =
                   Apply(graph, "Reshape", {Ints({3, 1, 3, 0}), Ints({2, 2})});
               return Apply(graph, "GatherV2", {x, at, -2.0},
                            {{"Taxis", AttrValue::Type(DType::kInt32)}});
             }),
      of_one("two Gathers", {4, 2},
             [](Graph* graph, const Output& x) {
               const Output a =
                   Apply(graph, "GatherV2", {x, Ints({3, 1}), 0.0},
                         {{"Taxis", AttrValue::Type(DType::kInt32)}});
               const Output b = Apply(graph, "Gather", {x, Ints({1, 2})});
               return Apply(graph, "Mul", {a, b});
             }),
      of_one("UnsortedSegmentSum", {4, 2},
             [](Graph* graph, const Output& x) {
               return Apply(graph, "UnsortedSegmentSum",
                            {x, Ints({2, -1, 0, 2}), 3.0});
             }),
      Function{"Pack",
               {{2, 3}, {2, 3}},
               [](Graph* graph, const Outputs& x) {
                 return Apply(graph, "Pack", {std::vector<Operand>{x[0], x[1]}},
                              {{"axis", AttrValue::Int(1)}});
               }},
      Function{"ConcatV2",
               {{2, 3}, {2, 1}, {2, 2}},
               [](Graph* graph, const Outputs& x) {
                 return Apply(graph, "ConcatV2",
                              {std::vector<Operand>{x[0], x[1], x[2]}, -1.0});
               }},
  });
}

// A convolution or pooling of the first argument, by the second if it has one.
Function Window(const char* op, std::vector<std::vector<int64_t>> shapes,
                const char* padding, int64_t stride, bool pool) {
  return {op, std::move(shapes), [=](Graph* graph, const Outputs& x) {
            AttrMap attrs = {
                {"strides", AttrValue::Ints({1, stride, stride, 1})},
                {"padding", AttrValue::String(padding)}};
            if (pool) attrs["ksize"] = AttrValue::Ints({1, 2, 3, 1});
            return x.size() == 1 ? Apply(graph, op, {x[0]}, attrs)
                                 : Apply(graph, op, {x[0], x[1]}, attrs);
          }};
}

TEST_F(GradientsTest, ConvolutionsAndPooling) {
  for (const char* padding : {"SAME", "VALID"}) {
    for (const int64_t stride : {1, 2}) {
      Check({Window("Conv2D", {{2, 5, 4, 2}, {3, 2, 2, 3}}, padding, stride,
                    false),
             Window("DepthwiseConv2dNative", {{2, 5, 4, 2}, {3, 2, 2, 2}},
                    padding, stride, false),
             Window("MaxPool", {{2, 5, 4, 2}}, padding, stride, true),
             Window("AvgPool", {{2, 5, 4, 2}}, padding, stride, true)});
    }
  }
  Check({{"Conv2DBackpropInput",
          {{3, 3, 2, 3}, {2, 3, 2, 3}},
          [](Graph* graph, const Outputs& x) {
            return Apply(graph, "Conv2DBackpropInput",
                         {Ints({2, 5, 4, 2}), x[0], x[1]},
                         {{"strides", AttrValue::Ints({1, 2, 2, 1})},
                          {"padding", AttrValue::String("SAME")}});
          }}});
}

}  // namespace
}  // namespace tensorbundle::session
