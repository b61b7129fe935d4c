// tf.random_*: nodes, names, order, seeds.
#include "engine/ops/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/ops/array.h"
#include "tests/engine/ops/node_text.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

using graph::Graph;
using testing::ElementsAre;

TEST(Random, NormalIsScaledAndMoved) {
  const std::shared_ptr<Graph> graph = NewGraph();
  graph->set_seed(1);
  Must(RandomNormal(graph.get(), Dims({4}), 0.0, 0.5,
                    {.dtype = DType::kDouble, .seed = 7, .name = "noise"}));
  EXPECT_THAT(
      NodeNames(*graph),
      ElementsAre("noise/shape Const", "noise/mean Const", "noise/stddev Const",
                  "noise/RandomStandardNormal RandomStandardNormal",
                  "noise/mul Mul", "noise Add"));
  EXPECT_EQ(NodeText(graph->node(4)),
            "noise/RandomStandardNormal = RandomStandardNormal(noise/shape) "
            "T=int32 dtype=double seed=1 seed2=7 : [4]");
}

TEST(Random, UniformIsMadeBeforeItsRange) {
  const std::shared_ptr<Graph> graph = NewGraph();
  Must(RandomUniform(graph.get(), Dims({2}), -1.0, Operand(1.0), {}));
  EXPECT_THAT(
      NodeNames(*graph),
      ElementsAre("random_uniform/shape Const", "random_uniform/min Const",
                  "random_uniform/max Const",
                  "random_uniform/RandomUniform RandomUniform",
                  "random_uniform/sub Sub", "random_uniform/mul Mul",
                  "random_uniform Add"));
  EXPECT_EQ(NodeText(graph->node(5)),
            "random_uniform/sub = Sub(random_uniform/max, random_uniform/min) "
            "T=float : []");
  EXPECT_EQ(NodeText(graph->node(7)),
            "random_uniform = Add(random_uniform/mul, random_uniform/min) "
            "T=float : [2]");
}

TEST(Random, UniformIntegersAreOneOp) {
  const std::shared_ptr<Graph> graph = NewGraph();
  Must(RandomUniform(graph.get(), Dims({2}), 0.0, Operand(10.0),
                     {.dtype = DType::kInt64, .seed = 3}));
  EXPECT_THAT(
      GraphText(*graph),
      ElementsAre(
          "random_uniform/shape = Const() dtype=int32 value=<int32[1] 2> : [1]",
          "random_uniform/min = Const() dtype=int64 value=<int64[] 0> : []",
          "random_uniform/max = Const() dtype=int64 value=<int64[] 10> : []",
          "random_uniform = RandomUniformInt(random_uniform/shape, "
          "random_uniform/min, random_uniform/max) T=int32 Tout=int64 "
          "seed=87654321 seed2=3 : [2]"));
}

TEST(Random, TakesTensorsForItsArguments) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const graph::Output shape = Must(Placeholder(
      graph.get(), DType::kInt64, graph::PartialShape::Of({2}), "shape"));
  const graph::Output stddev = Must(
      Placeholder(graph.get(), DType::kFloat, graph::PartialShape::Of({})));
  Must(TruncatedNormal(graph.get(), shape, 0.0, stddev, {}));
  EXPECT_EQ(NodeText(graph->node(4)),
            "truncated_normal/TruncatedNormal = TruncatedNormal(shape) T=int64 "
            "dtype=float seed=0 seed2=0 : [?,?]");
  EXPECT_EQ(NodeText(graph->node(5)),
            "truncated_normal/mul = Mul(truncated_normal/TruncatedNormal, "
            "Placeholder) T=float : [?,?]");
}

TEST(Random, AScalarHasAnEmptyShape) {
  const std::shared_ptr<Graph> graph = NewGraph();
  EXPECT_EQ(Must(TruncatedNormal(graph.get(), Dims({}), 0.0, 1.0, {})).shape(),
            graph::PartialShape::Of({}));
  EXPECT_EQ(NodeText(graph->node(1)),
            "truncated_normal/shape = Const() dtype=int32 value=<int32[0] > : "
            "[0]");
}

TEST(Random, RefusesWhatPythonRefuses) {
  const std::shared_ptr<Graph> graph = NewGraph();
  const auto uniform = [&](DType dtype) {
    return RandomUniform(graph.get(), Dims({2}), 0.0, std::nullopt,
                         {.dtype = dtype})
        .status();
  };
  EXPECT_EQ(uniform(DType::kInt32).code(), Code::kPyValueError);
  EXPECT_EQ(uniform(DType::kInt32).message(),
            "Must specify maxval for integer dtype tf.int32");
  EXPECT_EQ(uniform(DType::kBool).message(), "Invalid dtype tf.bool");
  EXPECT_TRUE(uniform(DType::kBfloat16).ok());

  const Status normal =
      RandomNormal(graph.get(), Dims({2}), 0.0, 1.0, {.dtype = DType::kInt32})
          .status();
  EXPECT_EQ(normal.code(), Code::kPyTypeError);
  EXPECT_EQ(normal.message(),
            "Value passed to parameter 'dtype' has DataType int32 not in list "
            "of allowed values: float16, bfloat16, float32, float64");
  EXPECT_EQ(TruncatedNormal(graph.get(), Dims({2, -3}), 0.0, 1.0, {})
                .status()
                .message(),
            "Invalid value in tensor used for shape: -3 for "
            "'truncated_normal/TruncatedNormal' (op: 'TruncatedNormal') with "
            "input shapes: [2] and with computed input tensors: input[0] = <2 "
            "-3>.");
}

}  // namespace
}  // namespace tensorbundle::ops
