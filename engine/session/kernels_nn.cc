// Kernels of biases, softmaxes and losses.
#include <algorithm>
#include <string>

#include "engine/graph/known_integers.h"
#include "engine/kernels/bias_add.h"
#include "engine/kernels/reduce.h"
#include "engine/kernels/softmax.h"
#include "engine/kernels/unary_ops.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

// The dimension that biases belong to.
int ChannelAxis(const graph::Node& node, const Shape& shape) {
  return node.string_attr("data_format") == "NCHW" && shape.rank() > 2
             ? 1
             : shape.rank() - 1;
}

Status BiasAdd(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  const Tensor& bias = context.input(1);
  if (x.shape().rank() < 2) {
    return InvalidArgumentError("Input tensor must be at least 2D: " +
                                x.shape().ToString());
  }
  if (bias.shape().rank() != 1) {
    return InvalidArgumentError("Biases must be 1D: " +
                                bias.shape().ToString());
  }
  const int axis = ChannelAxis(context.node(), x.shape());
  if (x.shape().dim(axis) != bias.shape().dim(0)) {
    return InvalidArgumentError(
        "Must provide as many biases as the last dimension of the input "
        "tensor: " +
        bias.shape().ToString() + " vs. " + x.shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y,
                      context.ForwardOrAllocateOutput(0, x.shape(), {0}));
  const AxisView view = ViewOf(x.shape(), axis);
  return WithReal(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::BiasAdd(view.outer, view.size, view.inner, x.as<T>().data(),
                     bias.as<T>().data(), y->mutable_as<T>().data());
    return OkStatus();
  });
}

Status BiasAddGrad(KernelContext& context, int) {
  const Tensor& dy = context.input(0);
  if (dy.shape().rank() < 2) {
    return InvalidArgumentError("Input tensor must be at least 2D: " +
                                dy.shape().ToString());
  }
  const AxisView view =
      ViewOf(dy.shape(), ChannelAxis(context.node(), dy.shape()));
  TB_ASSIGN_OR_RETURN(
      Tensor* const db,
      context.AllocateOutput(0, Shape::Of({static_cast<int64_t>(view.size)})));
  return WithReal(dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::BiasAddGrad(view.outer, view.size, view.inner, dy.as<T>().data(),
                         db->mutable_as<T>().data());
    return OkStatus();
  });
}

Status Softmax(KernelContext& context, int log) {
  const Tensor& x = context.input(0);
  const int rank = x.shape().rank();
  if (rank < 1) {
    return InvalidArgumentError("logits must have >= 1 dimension, got " +
                                x.shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y,
                      context.ForwardOrAllocateOutput(0, x.shape(), {0}));
  if (x.num_elements() == 0) return OkStatus();
  const size_t rows = CountBefore(x.shape(), rank - 1);
  const size_t classes = static_cast<size_t>(x.shape().dim(rank - 1));
  return WithReal(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    void (*softmax)(size_t, size_t, const T*, T*) = kernels::Softmax;
    if (log) softmax = kernels::LogSoftmax;
    softmax(rows, classes, x.as<T>().data(), y->mutable_as<T>().data());
    return OkStatus();
  });
}

Status CrossEntropy(KernelContext& context, int) {
  const Tensor& logits = context.input(0);
  const Tensor& labels = context.input(1);
  if (!(logits.shape() == labels.shape())) {
    return InvalidArgumentError(
        "logits and labels must be broadcastable: logits_size=" +
        logits.shape().ToString() +
        " labels_size=" + labels.shape().ToString());
  }
  if (logits.shape().rank() != 2) {
    return InvalidArgumentError(
        "logits and labels must be either 2-dimensional, or broadcasted to be "
        "2-dimensional");
  }
  const int64_t rows = logits.shape().dim(0);
  TB_ASSIGN_OR_RETURN(Tensor* const loss,
                      context.AllocateOutput(0, Shape::Of({rows})));
  TB_ASSIGN_OR_RETURN(Tensor* const backprop,
                      context.ForwardOrAllocateOutput(1, logits.shape(), {0}));
  return WithReal(logits.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::SoftmaxCrossEntropy(
        static_cast<size_t>(rows), static_cast<size_t>(logits.shape().dim(1)),
        logits.as<T>().data(), labels.as<T>().data(),
        loss->mutable_as<T>().data(), backprop->mutable_as<T>().data());
    return OkStatus();
  });
}

Status SparseCrossEntropy(KernelContext& context, int) {
  const Tensor& logits = context.input(0);
  const Tensor& labels = context.input(1);
  const Shape& shape = logits.shape();
  if (shape.rank() != 2) {
    return InvalidArgumentError("logits must be 2-D, but got shape " +
                                shape.ToString());
  }
  if (labels.shape().rank() != 1) {
    return InvalidArgumentError("labels must be 1-D, but got shape " +
                                labels.shape().ToString());
  }
  if (labels.shape().dim(0) != shape.dim(0)) {
    return InvalidArgumentError(
        "logits and labels must have the same first dimension, got logits "
        "shape " +
        shape.ToString() + " and labels shape " + labels.shape().ToString());
  }
  const size_t rows = static_cast<size_t>(shape.dim(0));
  const size_t classes = static_cast<size_t>(shape.dim(1));
  if (rows > 0 && classes == 0) {
    return InvalidArgumentError(
        "Must have at least one class, but got logits "
        "shape " +
        shape.ToString());
  }
  const std::vector<int64_t> values = graph::IntegersOf(labels);
  const size_t bad = kernels::FindBadLabel(rows, classes, values.data());
  if (bad < rows) {
    std::string text = "Received a label value of " +
                       std::to_string(values[bad]) +
                       " which is outside the valid range of [0, " +
                       std::to_string(classes) + ").  Label values:";
    for (const int64_t value : values) text += " " + std::to_string(value);
    return InvalidArgumentError(std::move(text));
  }
  TB_ASSIGN_OR_RETURN(Tensor* const loss,
                      context.AllocateOutput(0, labels.shape()));
  TB_ASSIGN_OR_RETURN(Tensor* const backprop,
                      context.ForwardOrAllocateOutput(1, shape, {0}));
  return WithReal(logits.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::SparseSoftmaxCrossEntropy(
        rows, classes, logits.as<T>().data(), values.data(),
        loss->mutable_as<T>().data(), backprop->mutable_as<T>().data());
    return OkStatus();
  });
}

// sum(x * x) / 2
Status L2Loss(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, Shape()));
  return WithReal(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    double lanes[4] = {};
    const std::span<const T> values = x.as<T>();
    for (size_t i = 0; i < values.size(); ++i) {
      const double value = values[i];
      lanes[i % 4] += value * value;
    }
    y->mutable_as<T>()[0] =
        static_cast<T>(((lanes[0] + lanes[2]) + (lanes[1] + lanes[3])) / 2);
    return OkStatus();
  });
}

// Whether fewer than k classes beat the target; ties do not.
Status InTopK(KernelContext& context, int) {
  const Tensor& predictions = context.input(0);
  const Shape& shape = predictions.shape();
  const std::vector<int64_t> targets = graph::IntegersOf(context.input(1));
  const int64_t k = graph::IntegersOf(context.input(2))[0];
  if (shape.rank() != 2 || context.input(1).shape().rank() != 1) {
    return InvalidArgumentError(shape.rank() != 2
                                    ? "predictions must be 2-dimensional"
                                    : "targets must be 1-dimensional");
  }
  if (shape.dim(0) != context.input(1).shape().dim(0)) {
    return InvalidArgumentError(
        "First dimension of predictions " + std::to_string(shape.dim(0)) +
        " must match length of targets " + std::to_string(targets.size()));
  }
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.AllocateOutput(0, context.input(1).shape()));
  const size_t classes = static_cast<size_t>(shape.dim(1));
  const float* row = predictions.as<float>().data();
  for (size_t i = 0; i < targets.size(); ++i, row += classes) {
    const size_t target = static_cast<size_t>(targets[i]);
    bool in =
        targets[i] >= 0 && target < classes && row[target] - row[target] == 0;
    if (in) {
      in = std::count_if(row, row + classes,
                         [&](float v) { return v > row[target]; }) < k;
    }
    out->mutable_as<uint8_t>()[i] = in;
  }
  return OkStatus();
}

constexpr KernelEntry kNnKernels[] = {
    {"BiasAdd", BiasAdd, 0, kReals},
    {"BiasAddGrad", BiasAddGrad, 0, kReals},
    {"InTopKV2", InTopK},
    {"L2Loss", L2Loss, 0, kReals},
    {"LogSoftmax", Softmax, 1, kReals},
    {"Softmax", Softmax, 0, kReals},
    {"SoftmaxCrossEntropyWithLogits", CrossEntropy, 0, kReals},
    {"SparseSoftmaxCrossEntropyWithLogits", SparseCrossEntropy, 0, kReals},
};

}  // namespace

std::span<const KernelEntry> NnKernels() { return kNnKernels; }

}  // namespace tensorbundle::session
