// tf.train.init_from_checkpoint: an initializer out of a file, whose value the
// host has read (tensorflow/python/training/checkpoint_utils.py).
#include "engine/train/checkpoint_initializer.h"

#include <gtest/gtest.h>

#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "engine/session/session.h"

namespace tensorbundle::train {
namespace {

uint64_t NoEntropy() { return 1; }

Tensor Floats(const std::vector<float>& values) {
  return *Tensor::FromBytes(
      DType::kFloat, Shape::Of({static_cast<int64_t>(values.size())}),
      Bytes(reinterpret_cast<const uint8_t*>(values.data()),
            values.size() * sizeof(float)));
}

TEST(CheckpointInitializer, TakesTheInitializersPlace) {
  const auto graph = ops::NewGraph();
  const graph::Variable* v =
      *ops::MakeVariable(graph.get(), Floats({0, 0}), {.name = "v"});
  ASSERT_TRUE(InitializeFromCheckpoint(
                  graph.get(), v, {"./model.ckpt", "key", "", Floats({3, 4})})
                  .ok());
  EXPECT_EQ(v->initializer->name(), "Assign");
  EXPECT_EQ(v->initial_value.name(), "checkpoint_initializer:0");
  EXPECT_EQ(v->initial_value.shape(), graph::PartialShape::Of({2}));
  const graph::Node& restore = *v->initial_value.node;
  EXPECT_EQ(restore.op(), "RestoreV2");
  EXPECT_EQ(restore.device(), "/device:CPU:0");
  EXPECT_EQ(restore.input(0).node->name(), "checkpoint_initializer/prefix");
  EXPECT_EQ(v->initializer->InputName(1), "checkpoint_initializer");

  session::Session session(graph, &NoEntropy);
  const graph::Node* init = *ops::GlobalVariablesInitializer(graph.get());
  ASSERT_TRUE(session.Run({}, {}, {{init}}).ok());
  const std::vector<Tensor> values = *session.Run({}, {{v->variable}}, {});
  EXPECT_EQ(values[0].as<float>()[1], 4.0f);
}

TEST(CheckpointInitializer, RefusesAValueThatTheVariableCannotHold) {
  const auto graph = ops::NewGraph();
  const graph::Variable* v =
      *ops::MakeVariable(graph.get(), Floats({0, 0}), {.name = "v"});
  ASSERT_TRUE(InitializeFromCheckpoint(graph.get(), v,
                                       {"./model.ckpt", "key", "", Floats({3})})
                  .ok());
  session::Session session(graph, &NoEntropy);
  const Status status = session.Run({}, {}, {{v->initializer}}).status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "Assign requires shapes of both tensors to match. lhs shape= [2] "
            "rhs shape= [1]\n\t [[{{node Assign}}]]");
}

TEST(CheckpointInitializer, RefusesAnotherDType) {
  const auto graph = ops::NewGraph();
  const graph::Variable* v =
      *ops::MakeVariable(graph.get(), Floats({0, 0}), {.name = "v"});
  const Status status = InitializeFromCheckpoint(
      graph.get(), v,
      {"./model.ckpt", "key", "",
       *Tensor::Create(DType::kInt32, Shape::Of({2}))});
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "tensor_name = key; expected dtype float does not equal original "
            "dtype int32");
  EXPECT_EQ(v->initializer->name(), "v/Assign");
}

}  // namespace
}  // namespace tensorbundle::train
