// Kernels of arithmetic, element by element.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "engine/graph/known_integers.h"
#include "engine/kernels/cast.h"
#include "engine/kernels/elementwise.h"
#include "engine/kernels/indexing.h"
#include "engine/kernels/unary_ops.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

using kernels::BinaryOp;
using kernels::UnaryOp;

Status NoKernel(const graph::Node& node, DType dtype) {
  return InvalidArgumentError("No OpKernel was registered to support Op '" +
                              node.op() + "' with T=" + DTypeProtoName(dtype));
}

Status Unary(KernelContext& context, int code) {
  const Tensor& x = context.input(0);
  const kernels::UnaryLoop loop =
      kernels::FindUnary(static_cast<UnaryOp>(code), x.dtype());
  if (loop == nullptr) return NoKernel(context.node(), x.dtype());
  TB_ASSIGN_OR_RETURN(Tensor* const y,
                      context.ForwardOrAllocateOutput(0, x.shape(), {0}));
  loop(static_cast<size_t>(x.num_elements()), x.bytes().data(),
       y->mutable_bytes().data());
  return OkStatus();
}

bool Any(const Tensor& tensor, bool (*test)(int64_t)) {
  const std::vector<int64_t> elements = graph::IntegersOf(tensor);
  return std::any_of(elements.begin(), elements.end(), test);
}

// What TensorFlow refuses to compute with integers.
Status CheckIntegers(BinaryOp op, const Tensor& y) {
  if (!IsInteger(y.dtype())) return OkStatus();
  const bool divides = op == BinaryOp::kDiv || op == BinaryOp::kFloorDiv ||
                       op == BinaryOp::kFloorMod;
  if (divides && Any(y, [](int64_t v) { return v == 0; })) {
    return InvalidArgumentError("Integer division by zero");
  }
  if (op == BinaryOp::kPow && Any(y, [](int64_t v) { return v < 0; })) {
    return InvalidArgumentError(
        "Integers to negative integer powers are not allowed");
  }
  return OkStatus();
}

Status Binary(KernelContext& context, int code) {
  const BinaryOp op = static_cast<BinaryOp>(code);
  const Tensor& x = context.input(0);
  const Tensor& y = context.input(1);
  if (!kernels::SupportsBinary(op, x.dtype())) {
    return NoKernel(context.node(), x.dtype());
  }
  TB_ASSIGN_OR_RETURN(const Shape shape,
                      kernels::BroadcastShapes(x.shape(), y.shape()));
  TB_RETURN_IF_ERROR(CheckIntegers(op, y));
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.ForwardOrAllocateOutput(0, shape, {0, 1}));
  kernels::Binary(op, x, y, out);
  return OkStatus();
}

Status AddN(KernelContext& context, int) {
  const Tensor& first = context.input(0);
  for (int i = 1; i < context.num_inputs(); ++i) {
    if (!(context.input(i).shape() == first.shape())) {
      return InvalidArgumentError(
          "Inputs to operation " + context.node().name() + " of type " +
          context.node().op() +
          " must have the same size and shape.  Input 0: " +
          first.shape().ToString() + " != input " + std::to_string(i) + ": " +
          context.input(i).shape().ToString());
    }
  }
  if (context.num_inputs() == 1) {
    context.set_output(0, first);
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(Tensor* const sum,
                      context.ForwardOrAllocateOutput(0, first.shape(), {0}));
  kernels::Binary(BinaryOp::kAdd, first, context.input(1), sum);
  for (int i = 2; i < context.num_inputs(); ++i) {
    kernels::Binary(BinaryOp::kAdd, *sum, context.input(i), sum);
  }
  return OkStatus();
}

Status Cast(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  const DType to = context.node().type_attr("DstT");
  if (x.dtype() == to) {
    context.set_output(0, x);
    return OkStatus();
  }
  if (!kernels::CanCast(x.dtype()) || !kernels::CanCast(to)) {
    return UnimplementedError("Cast " + DTypeString(x.dtype()) + " to " +
                              DTypeString(to) + " is not supported");
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, x.shape()));
  kernels::Cast(static_cast<size_t>(x.num_elements()), x.dtype(),
                x.bytes().data(), to, y->mutable_bytes().data());
  return OkStatus();
}

Status Select(KernelContext& context, int) {
  const Tensor& condition = context.input(0);
  const Tensor& a = context.input(1);
  const Tensor& b = context.input(2);
  const Shape& shape = a.shape();
  if (!(shape == b.shape())) {
    return InvalidArgumentError(
        "'then' and 'else' must have the same size.  but received: " +
        shape.ToString() + " vs. " + b.shape().ToString());
  }
  const Shape& by = condition.shape();
  if (by.rank() == 0) {
    context.set_output(0, condition.as<bool>()[0] ? a : b);
    return OkStatus();
  }
  const bool rows = by.rank() == 1 && shape.rank() > 1;
  if (rows ? by.dim(0) != shape.dim(0) : !(by == shape)) {
    return InvalidArgumentError(
        rows ? "Number of batches of 'then' must match size of 'cond', but "
               "saw: " +
                   std::to_string(shape.dim(0)) + " vs. " +
                   std::to_string(by.dim(0))
             : "'cond' must be a scalar or of the shape of 'then', but saw "
               "shape: " +
                   by.ToString());
  }
  if (a.dtype() == DType::kString) {
    return UnimplementedError("Select of strings");
  }
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  kernels::Select(static_cast<size_t>(by.num_elements()),
                  rows ? CountFrom(shape, 1) : 1, ElementSize(a),
                  reinterpret_cast<const uint8_t*>(condition.bytes().data()),
                  a.bytes().data(), b.bytes().data(),
                  out->mutable_bytes().data());
  return OkStatus();
}

Status Range(KernelContext& context, int) {
  return WithNumber(context.input(0).dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T start = context.input(0).as<T>()[0];
    const T limit = context.input(1).as<T>()[0];
    const T delta = context.input(2).as<T>()[0];
    if (delta == 0) {
      return InvalidArgumentError("Requires delta != 0: " + std::to_string(0));
    }
    if (delta > 0 ? start > limit : start < limit) {
      return InvalidArgumentError(
          std::string("Requires start ") + (delta > 0 ? "<=" : ">=") +
          " limit when delta " + (delta > 0 ? ">" : "<") +
          " 0: " + std::to_string(start) + "/" + std::to_string(limit));
    }
    int64_t size;
    if constexpr (std::is_integral_v<T>) {
      size = (int64_t{limit} - start + delta + (delta > 0 ? -1 : 1)) / delta;
    } else {
      const double count = std::ceil(std::abs(
          (static_cast<double>(limit) - start) / static_cast<double>(delta)));
      if (!(count < 1e15)) return InvalidArgumentError("Range is too long");
      size = static_cast<int64_t>(count);
    }
    TB_ASSIGN_OR_RETURN(Tensor* const out,
                        context.AllocateOutput(0, Shape::Of({size})));
    T value = start;
    for (T& each : out->mutable_as<T>()) {
      each = value;
      value = static_cast<T>(value + delta);
    }
    return OkStatus();
  });
}

Status UnsortedSegmentSum(KernelContext& context, int) {
  const Tensor& data = context.input(0);
  const Tensor& ids = context.input(1);
  const int64_t segments = graph::IntegersOf(context.input(2))[0];
  const int rank = ids.shape().rank();
  if (segments < 0) {
    return InvalidArgumentError(
        "Input num_segments == " + std::to_string(segments) +
        " must not be negative.");
  }
  if (data.shape().rank() < rank ||
      !std::equal(ids.shape().dims().begin(), ids.shape().dims().end(),
                  data.shape().dims().begin())) {
    return InvalidArgumentError(
        "data.shape = " + data.shape().ToString() +
        " does not start with segment_ids.shape = " + ids.shape().ToString());
  }
  const std::vector<int64_t> values = graph::IntegersOf(ids);
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= segments) {
      return InvalidArgumentError("segment_ids[" + std::to_string(i) +
                                  "] = " + std::to_string(values[i]) +
                                  " is out of range [0, " +
                                  std::to_string(segments) + ")");
    }
  }
  std::vector<int64_t> dims(data.shape().dims().begin() + rank,
                            data.shape().dims().end());
  dims.insert(dims.begin(), segments);
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  return WithNumber(data.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::UnsortedSegmentSum(
        values.size(), CountFrom(shape, 1), values.data(), data.as<T>().data(),
        static_cast<size_t>(segments), out->mutable_as<T>().data());
    return OkStatus();
  });
}

constexpr KernelEntry kMathKernels[] = {
    {"Abs", Unary, UnaryOp::kAbs},
    {"Add", Binary, BinaryOp::kAdd},
    {"AddN", AddN, 0, kNumbers},
    {"AddV2", Binary, BinaryOp::kAdd},
    {"Cast", Cast},
    {"Ceil", Unary, UnaryOp::kCeil},
    {"Cos", Unary, UnaryOp::kCos},
    {"Div", Binary, BinaryOp::kDiv},
    {"Elu", Unary, UnaryOp::kElu},
    {"EluGrad", Binary, BinaryOp::kEluGrad},
    {"Equal", Binary, BinaryOp::kEqual},
    {"Exp", Unary, UnaryOp::kExp},
    {"Expm1", Unary, UnaryOp::kExpm1},
    {"Floor", Unary, UnaryOp::kFloor},
    {"FloorDiv", Binary, BinaryOp::kFloorDiv},
    {"FloorMod", Binary, BinaryOp::kFloorMod},
    {"Greater", Binary, BinaryOp::kGreater},
    {"GreaterEqual", Binary, BinaryOp::kGreaterEqual},
    {"IsFinite", Unary, UnaryOp::kIsFinite},
    {"IsNan", Unary, UnaryOp::kIsNan},
    {"Less", Binary, BinaryOp::kLess},
    {"LessEqual", Binary, BinaryOp::kLessEqual},
    {"Log", Unary, UnaryOp::kLog},
    {"Log1p", Unary, UnaryOp::kLog1p},
    {"LogicalAnd", Binary, BinaryOp::kLogicalAnd},
    {"LogicalNot", Unary, UnaryOp::kLogicalNot},
    {"LogicalOr", Binary, BinaryOp::kLogicalOr},
    {"Maximum", Binary, BinaryOp::kMaximum},
    {"Minimum", Binary, BinaryOp::kMinimum},
    {"Mul", Binary, BinaryOp::kMul},
    {"Neg", Unary, UnaryOp::kNeg},
    {"NotEqual", Binary, BinaryOp::kNotEqual},
    {"Pow", Binary, BinaryOp::kPow},
    {"Range", Range},
    {"RealDiv", Binary, BinaryOp::kDiv},
    {"Reciprocal", Unary, UnaryOp::kReciprocal},
    {"Relu", Unary, UnaryOp::kRelu},
    {"Relu6", Unary, UnaryOp::kRelu6},
    {"Relu6Grad", Binary, BinaryOp::kRelu6Grad},
    {"ReluGrad", Binary, BinaryOp::kReluGrad},
    {"Round", Unary, UnaryOp::kRound},
    {"Rsqrt", Unary, UnaryOp::kRsqrt},
    {"RsqrtGrad", Binary, BinaryOp::kRsqrtGrad},
    {"Select", Select},
    {"Sigmoid", Unary, UnaryOp::kSigmoid},
    {"SigmoidGrad", Binary, BinaryOp::kSigmoidGrad},
    {"Sign", Unary, UnaryOp::kSign},
    {"Sin", Unary, UnaryOp::kSin},
    {"Softplus", Unary, UnaryOp::kSoftplus},
    {"SoftplusGrad", Binary, BinaryOp::kSoftplusGrad},
    {"Sqrt", Unary, UnaryOp::kSqrt},
    {"SqrtGrad", Binary, BinaryOp::kSqrtGrad},
    {"Square", Unary, UnaryOp::kSquare},
    {"SquaredDifference", Binary, BinaryOp::kSquaredDifference},
    {"Sub", Binary, BinaryOp::kSub},
    {"Tanh", Unary, UnaryOp::kTanh},
    {"TanhGrad", Binary, BinaryOp::kTanhGrad},
    {"UnsortedSegmentSum", UnsortedSegmentSum, 0, kNumbers},
};

}  // namespace

std::span<const KernelEntry> MathKernels() { return kMathKernels; }

}  // namespace tensorbundle::session
