// Kernels of batch normalisation, NHWC, float.
#include <algorithm>
#include <limits>
#include <string>

#include "engine/kernels/batch_norm.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

// What both kernels check, and the sizes of x as a matrix.
struct Batch {
  size_t rows, channels;
  Shape vector;
  float epsilon;
  bool is_training;
};

Result<Batch> BatchOf(const KernelContext& context, const Tensor& x) {
  const graph::Node& node = context.node();
  if (node.string_attr("data_format") != "NHWC") {
    return InternalError("The CPU implementation of " + node.op() +
                         " only supports NHWC tensor format for now.");
  }
  if (x.shape().rank() != 4) {
    return InvalidArgumentError("input must be 4-dimensional" +
                                x.shape().ToString());
  }
  return Batch{CountBefore(x.shape(), 3), static_cast<size_t>(x.shape().dim(3)),
               Shape::Of({x.shape().dim(3)}), *node.attr("epsilon")->real(),
               node.bool_attr("is_training")};
}

Status CheckVectors(const KernelContext& context, const Batch& batch, int first,
                    std::initializer_list<const char*> names) {
  int i = first;
  for (const char* const name : names) {
    const Shape& shape = context.input(i++).shape();
    if (shape.rank() != 1) {
      return InvalidArgumentError(std::string(name) + " must be 1-dimensional" +
                                  shape.ToString());
    }
    if (!(shape == batch.vector)) {
      return InvalidArgumentError(
          std::string(name) +
          " must have the same number of elements as the channels of x, got " +
          std::to_string(shape.num_elements()) + " and " +
          std::to_string(batch.channels));
    }
  }
  return OkStatus();
}

const float* Floats(const KernelContext& context, int i) {
  return context.input(i).as<float>().data();
}

// x, scale, offset, mean, variance. Outputs y, the mean and the unbiased
// variance of the batch, and what the gradient wants to know.
Status FusedBatchNorm(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_ASSIGN_OR_RETURN(const Batch batch, BatchOf(context, x));
  TB_RETURN_IF_ERROR(CheckVectors(context, batch, 1, {"scale", "offset"}));
  if (!batch.is_training) {
    TB_RETURN_IF_ERROR(CheckVectors(context, batch, 3,
                                    {"estimated_mean", "estimated_variance"}));
  }
  for (int i = 3; i < 5; ++i) {
    if (batch.is_training && context.input(i).num_elements() > 0) {
      return InvalidArgumentError(
          std::string(i == 3 ? "estimated_mean" : "estimated_variance") +
          " must be empty for training" + context.input(i).shape().ToString());
    }
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, x.shape()));
  float* vectors[4];
  for (int i = 0; i < 4; ++i) {
    TB_ASSIGN_OR_RETURN(Tensor* const vector,
                        context.AllocateOutput(i + 1, batch.vector));
    vectors[i] = vector->mutable_as<float>().data();
  }
  TB_ASSIGN_OR_RETURN(Tensor* const unused, context.AllocateOutput(5, Shape()));
  unused->mutable_as<float>()[0] = 0;
  const auto [mean, variance, kept_mean, kept_variance] = vectors;
  float* const out = y->mutable_as<float>().data();
  const size_t channels = batch.channels;
  if (batch.is_training) {
    kernels::BatchMoments(batch.rows, channels, Floats(context, 0), kept_mean,
                          kept_variance, out);
    const float rows = static_cast<float>(batch.rows);
    const float unbiased = batch.rows > 1 ? rows / (rows - 1) : 1;
    std::copy_n(kept_mean, channels, mean);
    for (size_t c = 0; c < channels; ++c) {
      variance[c] = kept_variance[c] * unbiased;
    }
  } else {
    for (int i = 0; i < 4; ++i) {
      std::copy_n(Floats(context, 3 + i % 2), channels, vectors[i]);
    }
  }
  kernels::BatchNorm(batch.rows, channels, Floats(context, 0), kept_mean,
                     kept_variance, Floats(context, 1), Floats(context, 2),
                     batch.epsilon, out);
  return OkStatus();
}

// dy, x, scale, mean, variance: those of the batch, or the ones given.
Status FusedBatchNormGrad(KernelContext& context, int) {
  const Tensor& x = context.input(1);
  TB_ASSIGN_OR_RETURN(const Batch batch, BatchOf(context, x));
  if (!(context.input(0).shape() == x.shape())) {
    return InvalidArgumentError(
        "x and y_backprop must have same shape, but x has shape " +
        x.shape().ToString() + " and y_backprop has shape " +
        context.input(0).shape().ToString());
  }
  TB_RETURN_IF_ERROR(CheckVectors(context, batch, 2,
                                  {"scale", "saved mean", "saved variance"}));
  TB_ASSIGN_OR_RETURN(Tensor* const dx, context.AllocateOutput(0, x.shape()));
  TB_ASSIGN_OR_RETURN(Tensor* const dscale,
                      context.AllocateOutput(1, batch.vector));
  TB_ASSIGN_OR_RETURN(Tensor* const doffset,
                      context.AllocateOutput(2, batch.vector));
  for (int i = 3; i < 5; ++i) {
    TB_RETURN_IF_ERROR(context.AllocateOutput(i, Shape::Of({0})).status());
  }
  kernels::BatchNormGrad(
      batch.rows, batch.channels, batch.is_training, Floats(context, 0),
      Floats(context, 1), Floats(context, 3), Floats(context, 4),
      Floats(context, 2), batch.epsilon, dx->mutable_as<float>().data(),
      dscale->mutable_as<float>().data(), doffset->mutable_as<float>().data());
  return OkStatus();
}

constexpr uint64_t kFloat = DTypes({DType::kFloat});

constexpr KernelEntry kBatchNormKernels[] = {
    {"FusedBatchNormV3", FusedBatchNorm, 0, kFloat},
    {"FusedBatchNormGradV3", FusedBatchNormGrad, 0, kFloat},
};

}  // namespace

std::span<const KernelEntry> BatchNormKernels() { return kBatchNormKernels; }

}  // namespace tensorbundle::session
