// OpDefs of TensorFlow 1.15: activations, biases, losses.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::kPure;
using graph::PartialShape;
using graph::UnchangedShape;

constexpr char kReal[] = "T: {half, bfloat16, float, double}";
constexpr char kBias[] =
    "T: numbertype; data_format: {'NHWC', 'NCHW'} = 'NHWC'";

// The dimension that biases belong to.
int ChannelDim(const InferenceContext& context, const PartialShape& shape) {
  const bool nchw = context.node().string_attr("data_format") == "NCHW";
  return nchw && shape.rank() > 2 ? 1 : shape.rank() - 1;
}

Status BiasAddShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape value,
                      graph::WithRankAtLeast(context.input(0), 2));
  TB_ASSIGN_OR_RETURN(const PartialShape bias,
                      graph::WithRank(context.input(1), 1));
  if (value.has_rank()) {
    const int channel = ChannelDim(context, value);
    TB_ASSIGN_OR_RETURN(const int64_t dim,
                        graph::MergeDims(value.dim(channel), bias.dim(0)));
    value = graph::WithDim(value, channel, dim);
  }
  context.set_output(0, std::move(value));
  return OkStatus();
}

Status BiasAddGradShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape value,
                      graph::WithRankAtLeast(context.input(0), 2));
  const int64_t channels = value.has_rank()
                               ? value.dim(ChannelDim(context, value))
                               : PartialShape::kUnknownDim;
  context.set_output(0, PartialShape::Of({channels}));
  return OkStatus();
}

Status SoftmaxShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape logits,
                      graph::WithRankAtLeast(context.input(0), 1));
  context.set_output(0, std::move(logits));
  return OkStatus();
}

Status CrossEntropyShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape both,
                      graph::Broadcast(context.input(0), context.input(1)));
  TB_ASSIGN_OR_RETURN(PartialShape logits, graph::WithRank(both, 2));
  context.set_output(0, PartialShape::Of({logits.dim(0)}));
  context.set_output(1, std::move(logits));
  return OkStatus();
}

Status SparseCrossEntropyShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape logits,
                      graph::WithRank(context.input(0), 2));
  TB_ASSIGN_OR_RETURN(const PartialShape labels,
                      graph::WithRank(context.input(1), 1));
  TB_ASSIGN_OR_RETURN(const int64_t batch,
                      graph::MergeDims(logits.dim(0), labels.dim(0)));
  context.set_output(0, PartialShape::Of({batch}));
  context.set_output(1, PartialShape::Of({batch, logits.dim(1)}));
  return OkStatus();
}

Status InTopKShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape predictions,
                      graph::WithRank(context.input(0), 2));
  TB_ASSIGN_OR_RETURN(const PartialShape targets,
                      graph::WithRank(context.input(1), 1));
  TB_ASSIGN_OR_RETURN(const int64_t batch,
                      graph::MergeDims(predictions.dim(0), targets.dim(0)));
  context.set_output(0, PartialShape::Of({batch}));
  return OkStatus();
}

// x, scale, offset and, unless training, mean and variance.
Status BatchNormShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape x,
                      graph::WithRank(context.input(0), 4));
  const int channel =
      context.node().string_attr("data_format") == "NCHW" ? 1 : 3;
  int64_t channels = x.has_rank() ? x.dim(channel) : PartialShape::kUnknownDim;
  const int vectors = context.node().bool_attr("is_training") ? 3 : 5;
  for (int i = 1; i < vectors; ++i) {
    TB_ASSIGN_OR_RETURN(const PartialShape vector,
                        graph::WithRank(context.input(i), 1));
    TB_ASSIGN_OR_RETURN(channels, graph::MergeDims(channels, vector.dim(0)));
  }
  context.set_output(0, x.has_rank() ? graph::WithDim(x, channel, channels)
                                     : PartialShape::OfRank(4));
  for (int i = 1; i < 5; ++i) {
    context.set_output(i, PartialShape::Of({channels}));
  }
  return OkStatus();
}

Status BatchNormGradShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape dy,
                      graph::WithRank(context.input(0), 4));
  TB_ASSIGN_OR_RETURN(const PartialShape both,
                      graph::Merge(dy, context.input(1)));
  TB_ASSIGN_OR_RETURN(const PartialShape scale,
                      graph::WithRank(context.input(2), 1));
  context.set_output(0, both);
  context.set_output(1, scale);
  context.set_output(2, scale);
  context.set_output(3, PartialShape::Of({0}));
  context.set_output(4, PartialShape::Of({0}));
  return OkStatus();
}

constexpr char kBatchNorm[] =
    "T: {half, bfloat16, float}; U: {float}; epsilon: float = 0.0001; "
    "data_format: {'NHWC', 'NCHW'} = 'NHWC'; is_training: bool = true";

constexpr graph::OpSpec kNnOps[] = {
    {"BiasAdd", "value: T; bias: T", "output: T", kBias, kPure, BiasAddShape},
    {"BiasAddGrad", "out_backprop: T", "output: T", kBias, kPure,
     BiasAddGradShape},
    {"Elu", "features: T", "activations: T", kReal, kPure, UnchangedShape},
    {"EluGrad", "gradients: T; outputs: T", "backprops: T", kReal, kPure,
     graph::MergedShape},
    {"FusedBatchNormGradV3",
     "y_backprop: T; x: T; scale: float; reserve_space_1: U; "
     "reserve_space_2: U; reserve_space_3: U",
     "x_backprop: T; scale_backprop: U; offset_backprop: U; "
     "reserve_space_4: U; reserve_space_5: U",
     kBatchNorm, kPure, BatchNormGradShape},
    {"FusedBatchNormV3", "x: T; scale: U; offset: U; mean: U; variance: U",
     "y: T; batch_mean: U; batch_variance: U; reserve_space_1: U; "
     "reserve_space_2: U; reserve_space_3: U",
     kBatchNorm, kPure, BatchNormShape},
    {"InTopKV2", "predictions: float; targets: T; k: T", "precision: bool",
     "T: {int32, int64} = int32", kPure, InTopKShape},
    {"L2Loss", "t: T", "output: T", kReal, kPure, graph::ScalarShape},
    {"LogSoftmax", "logits: T", "logsoftmax: T", kReal, kPure, SoftmaxShape},
    {"Relu", "features: T", "activations: T", "T: {realnumbertype, qint8}",
     kPure, UnchangedShape},
    {"Relu6", "features: T", "activations: T", "T: realnumbertype", kPure,
     UnchangedShape},
    {"Relu6Grad", "gradients: T; features: T", "backprops: T",
     "T: realnumbertype", kPure, graph::MergedShape},
    {"ReluGrad", "gradients: T; features: T", "backprops: T",
     "T: realnumbertype", kPure, graph::MergedShape},
    {"Softmax", "logits: T", "softmax: T", kReal, kPure, SoftmaxShape},
    {"SoftmaxCrossEntropyWithLogits", "features: T; labels: T",
     "loss: T; backprop: T", kReal, kPure, CrossEntropyShape},
    {"Softplus", "features: T", "activations: T", kReal, kPure, UnchangedShape},
    {"SoftplusGrad", "gradients: T; features: T", "backprops: T", kReal, kPure,
     graph::MergedShape},
    {"SparseSoftmaxCrossEntropyWithLogits", "features: T; labels: Tlabels",
     "loss: T; backprop: T",
     "T: {half, bfloat16, float, double}; Tlabels: {int32, int64} = int64",
     kPure, SparseCrossEntropyShape},
};

}  // namespace

std::span<const graph::OpSpec> NnOps() { return kNnOps; }

}  // namespace tensorbundle::ops
