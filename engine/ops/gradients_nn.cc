// Gradients of activations, losses and convolutions: tensorflow/python/ops/
// nn_grad.py.
#include <string>

#include "engine/ops/gradient_call.h"

namespace tensorbundle::ops {

using graph::AttrMap;
using graph::AttrValue;
using graph::Output;

namespace {

AttrMap Attrs(const graph::Node& node, std::initializer_list<const char*> names) {
  AttrMap attrs;
  for (const char* name : names) attrs[name] = *node.attr(name);
  return attrs;
}

void BiasAddGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, grad);
  g.Set(1, g.Op("BiasAddGrad", {grad}, Attrs(g.node(), {"data_format"})));
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
  const Output backprop = g.Op(
      "PreventGradient", {g.output(1)},
      {{"message",
        AttrValue::String(
            "Currently there is no way to take the second derivative of "
            "sparse_softmax_cross_entropy_with_logits due to the fused "
            "implementation's interaction with tf.gradients()")}});
  g.Set(0, BroadcastMul(g, loss, backprop));
}

void PreventGradientGrad(GradientCall& g) {
  g.Fail(Status(Code::kPyLookupError,
                "Gradient explicitly disabled. Reason: b'" +
                    g.node().string_attr("message") + "'"));
}

void L2LossGrad(GradientCall& g) { g.Set(0, g.Mul(g.input(0), g.grad())); }

constexpr GradientEntry kNnGradients[] = {
    {"BiasAdd", BiasAddGrad},
    {"Elu", ByResult},
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
