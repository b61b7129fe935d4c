// Gradients of activations, losses and convolutions: tensorflow/python/ops/
// nn_grad.py.
#include <string>
#include <vector>

#include "engine/ops/gradient_call.h"

namespace tensorbundle::ops {

using graph::AttrMap;
using graph::AttrValue;
using graph::Output;

namespace {

void BiasAddGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, grad);
  g.Set(1, g.Op("BiasAddGrad", {grad},
                {{"data_format", *g.node().attr("data_format")}}));
}

// Relu, Relu6 and Elu tell by their results, Softplus by its argument.
void ByResult(GradientCall& g) {
  g.Set(0, g.Op(g.node().op() + "Grad", {g.grad(), g.output(0)}));
}
void SoftplusGrad(GradientCall& g) {
  g.Set(0, g.Op("SoftplusGrad", {g.grad(), g.input(0)}));
}
void ReluGradGrad(GradientCall& g) {
  g.Set(0, g.Op(g.node().op(), {g.grad(), g.input(1)}));
}

void SoftmaxGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output softmax = g.output(0);
  const Output sum =
      g.Sum(g.Mul(grad, softmax), GradientCall::Axes({-1}), true);
  g.Set(0, g.Mul(g.Sub(grad, sum), softmax));
}

void LogSoftmaxGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output softmax = g.Op("Exp", {g.output(0)});
  const Output sum = g.Sum(grad, GradientCall::Axes({-1}), true);
  g.Set(0, g.Sub(grad, g.Mul(sum, softmax)));
}

// vector[:, None] * matrix
Output BroadcastMul(GradientCall& g, const Output& vector,
                    const Output& matrix) {
  const Output column = g.Op("ExpandDims", {vector, -1.0});
  return g.Mul(column, matrix);
}

void CrossEntropyGrad(GradientCall& g) {
  const Output loss = g.grad(0);
  Output logits = BroadcastMul(g, loss, g.output(1));
  const Output second = g.grad(1);
  if (g.status().ok() && second.node->op() != "ZerosLike") {
    // Somebody differentiates the gradient itself.
    const Output softmax = g.Op("Softmax", {g.input(0)});
    const Output inner =
        g.Sum(g.Mul(second, softmax), GradientCall::Axes({-1}), true);
    logits = g.Add(logits, g.Mul(g.Sub(second, inner), softmax));
  }
  g.Set(0, logits);
  const Output log = g.Op("LogSoftmax", {g.input(0)});
  g.Set(1, BroadcastMul(g, loss, g.Neg(log)));
}

void SparseCrossEntropyGrad(GradientCall& g) {
  const Output loss = g.grad(0);
  const Output backprop =
      g.Op("PreventGradient", {g.output(1)},
           {{"message",
             AttrValue::String(
                 "Currently there is no way to take the second derivative of "
                 "sparse_softmax_cross_entropy_with_logits due to the fused "
                 "implementation's interaction with tf.gradients()")}});
  g.Set(0, BroadcastMul(g, loss, backprop));
}

void PreventGradientGrad(GradientCall& g) {
  g.Fail(
      Status(Code::kPyLookupError, "Gradient explicitly disabled. Reason: b'" +
                                       g.node().string_attr("message") + "'"));
}

void L2LossGrad(GradientCall& g) { g.Set(0, g.Mul(g.input(0), g.grad())); }

// The gradients of a convolution by its inputs are ops of the same attributes.
AttrMap ConvAttrs(const graph::Node& node) {
  AttrMap attrs;
  for (const char* name : {"strides", "padding", "data_format", "dilations",
                           "use_cudnn_on_gpu", "explicit_paddings"}) {
    if (const AttrValue* value = node.attr(name)) attrs[name] = *value;
  }
  return attrs;
}

void Conv2DGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AttrMap attrs = ConvAttrs(g.node());
  const std::vector<Output> shapes =
      g.Ops("ShapeN", {std::vector<Operand>{g.input(0), g.input(1)}});
  if (!g.status().ok()) return;
  g.Set(0, g.Op("Conv2DBackpropInput", {shapes[0], g.input(1), grad}, attrs));
  g.Set(1, g.Op("Conv2DBackpropFilter", {g.input(0), shapes[1], grad}, attrs));
}

// Of conv2d_transpose.
void Conv2DBackpropInputGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AttrMap attrs = ConvAttrs(g.node());
  g.Set(1, g.Op("Conv2DBackpropFilter", {grad, g.Shape(g.input(1)), g.input(2)},
                attrs));
  g.Set(2, g.Op("Conv2D", {grad, g.input(1)}, attrs));
}

void Conv2DBackpropFilterGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AttrMap attrs = ConvAttrs(g.node());
  g.Set(0, g.Op("Conv2DBackpropInput", {g.Shape(g.input(0)), grad, g.input(2)},
                attrs));
  g.Set(2, g.Op("Conv2D", {g.input(0), grad}, attrs));
}

void DepthwiseGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AttrMap attrs = ConvAttrs(g.node());
  g.Set(0, g.Op("DepthwiseConv2dNativeBackpropInput",
                {g.Shape(g.input(0)), g.input(1), grad}, attrs));
  g.Set(1, g.Op("DepthwiseConv2dNativeBackpropFilter",
                {g.input(0), g.Shape(g.input(1)), grad}, attrs));
}

AttrMap PoolAttrs(const graph::Node& node) {
  AttrMap attrs;
  for (const char* name : {"ksize", "strides", "padding", "data_format"}) {
    attrs[name] = *node.attr(name);
  }
  return attrs;
}

void MaxPoolGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, g.Op("MaxPoolGrad", {g.input(0), g.output(0), grad},
                PoolAttrs(g.node())));
}

void AvgPoolGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0,
        g.Op("AvgPoolGrad", {g.Shape(g.input(0)), grad}, PoolAttrs(g.node())));
}

// What normalised: the batch's own moments, or those that were given.
void BatchNormGrad(GradientCall& g) {
  const bool training = g.node().bool_attr("is_training");
  AttrMap attrs;
  for (const char* name : {"epsilon", "data_format", "is_training"}) {
    attrs[name] = *g.node().attr(name);
  }
  const std::vector<Output> grads = g.Ops(
      "FusedBatchNormGradV3",
      {g.grad(), g.input(0), g.input(1), training ? g.output(3) : g.input(3),
       training ? g.output(4) : g.input(4), g.output(5)},
      std::move(attrs));
  if (!g.status().ok()) return;
  for (int i = 0; i < 3; ++i) g.Set(i, grads[static_cast<size_t>(i)]);
}

constexpr GradientEntry kNnGradients[] = {
    {"AvgPool", AvgPoolGrad},
    {"Conv2D", Conv2DGrad},
    {"Conv2DBackpropFilter", Conv2DBackpropFilterGrad},
    {"Conv2DBackpropInput", Conv2DBackpropInputGrad},
    {"DepthwiseConv2dNative", DepthwiseGrad},
    {"MaxPool", MaxPoolGrad},
    {"BiasAdd", BiasAddGrad},
    {"Elu", ByResult},
    {"FusedBatchNormV3", BatchNormGrad},
    {"InTopKV2", nullptr},
    {"L2Loss", L2LossGrad},
    {"LogSoftmax", LogSoftmaxGrad},
    {"PreventGradient", PreventGradientGrad},
    {"Relu", ByResult},
    {"Relu6", ByResult},
    {"Relu6Grad", ReluGradGrad},
    {"ReluGrad", ReluGradGrad},
    {"Softmax", SoftmaxGrad},
    {"SoftmaxCrossEntropyWithLogits", CrossEntropyGrad},
    {"Softplus", SoftplusGrad},
    {"SparseSoftmaxCrossEntropyWithLogits", SparseCrossEntropyGrad},
};

}  // namespace

std::span<const GradientEntry> NnGradients() { return kNnGradients; }

}  // namespace tensorbundle::ops
