// OpDefs of TensorFlow 1.15: convolutions and pooling.
#include <string>
#include <utility>
#include <vector>

#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::kPure;
using graph::PartialShape;

constexpr int64_t kUnknown = PartialShape::kUnknownDim;

// Where the dimensions of a data format are.
struct Layout {
  int rows, columns, channels;
};

Layout LayoutOf(const InferenceContext& context) {
  const bool nchw = context.node().string_attr("data_format") == "NCHW";
  return nchw ? Layout{2, 3, 1} : Layout{1, 2, 3};
}

// An attribute with one number for each of four dimensions.
Result<std::vector<int64_t>> FourInts(const InferenceContext& context,
                                      const char* name) {
  const std::span<const int64_t> values = context.node().ints_attr(name);
  if (values.size() != 4) {
    return InvalidArgumentError(context.node().op() + " requires the " + name +
                                " attribute to contain 4 values, but got: " +
                                std::to_string(values.size()));
  }
  for (const int64_t value : values) {
    if (value < 1) {
      return InvalidArgumentError("Attribute " + std::string(name) +
                                  " must be positive, but got " +
                                  std::to_string(value));
    }
  }
  return std::vector<int64_t>(values.begin(), values.end());
}

// GetWindowedOutputSizeFromDims, core/framework/common_shape_fns.cc.
Result<int64_t> WindowedSize(const InferenceContext& context, int64_t in,
                             int64_t filter, int64_t stride, int64_t dilation) {
  const std::string& padding = context.node().string_attr("padding");
  if (padding == "EXPLICIT") {
    return UnimplementedError("Explicit padding is not supported");
  }
  if (padding == "SAME") {
    return in == kUnknown ? kUnknown : (in + stride - 1) / stride;
  }
  if (in == kUnknown || filter == kUnknown) return kUnknown;
  const int64_t extent = (filter - 1) * dilation + 1;
  if (in < extent) {
    return InvalidArgumentError(
        "Negative dimension size caused by subtracting " +
        std::to_string(extent) + " from " + std::to_string(in));
  }
  return (in - extent) / stride + 1;
}

Result<PartialShape> Windowed(const InferenceContext& context,
                              const PartialShape& input, int64_t filter_rows,
                              int64_t filter_columns, int64_t channels,
                              const std::vector<int64_t>& strides,
                              const std::vector<int64_t>& dilations) {
  const Layout at = LayoutOf(context);
  const auto along = [&](int dim, int64_t filter) {
    const size_t i = static_cast<size_t>(dim);
    return WindowedSize(context, input.dim(dim), filter, strides[i],
                        dilations[i]);
  };
  TB_ASSIGN_OR_RETURN(const int64_t rows, along(at.rows, filter_rows));
  TB_ASSIGN_OR_RETURN(const int64_t columns, along(at.columns, filter_columns));
  PartialShape shape = graph::WithDim(input, at.rows, rows);
  shape = graph::WithDim(shape, at.columns, columns);
  return graph::WithDim(shape, at.channels, channels);
}

Status Conv2DShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape input,
                      graph::WithRank(context.input(0), 4));
  TB_ASSIGN_OR_RETURN(const PartialShape filter,
                      graph::WithRank(context.input(1), 4));
  TB_ASSIGN_OR_RETURN(const auto strides, FourInts(context, "strides"));
  TB_ASSIGN_OR_RETURN(const auto dilations, FourInts(context, "dilations"));
  const Layout at = LayoutOf(context);
  const bool depthwise = context.node().op() == "DepthwiseConv2dNative";
  TB_RETURN_IF_ERROR(
      graph::MergeDims(input.dim(at.channels), filter.dim(2)).status());
  int64_t channels = filter.dim(3);
  if (depthwise) {
    const int64_t in = filter.dim(2);
    channels =
        in == kUnknown || channels == kUnknown ? kUnknown : in * channels;
  }
  TB_ASSIGN_OR_RETURN(PartialShape shape,
                      Windowed(context, input, filter.dim(0), filter.dim(1),
                               channels, strides, dilations));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status PoolShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape input,
                      graph::WithRank(context.input(0), 4));
  TB_ASSIGN_OR_RETURN(const auto ksize, FourInts(context, "ksize"));
  TB_ASSIGN_OR_RETURN(const auto strides, FourInts(context, "strides"));
  const Layout at = LayoutOf(context);
  TB_ASSIGN_OR_RETURN(
      PartialShape shape,
      Windowed(context, input, ksize[static_cast<size_t>(at.rows)],
               ksize[static_cast<size_t>(at.columns)], input.dim(at.channels),
               strides, {1, 1, 1, 1}));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

// The shape that input `kInput` spells.
template <int kInput>
Status ShapeInput(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape sizes, context.ShapeFromInput(kInput));
  TB_ASSIGN_OR_RETURN(PartialShape shape, graph::WithRank(sizes, 4));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status MaxPoolGradShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape, graph::WithRank(context.input(0), 4));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

#define TB_CONV_ATTRS                                                       \
  "T: {half, bfloat16, float, double}; strides: list(int); "                \
  "use_cudnn_on_gpu: bool = true; padding: {'SAME', 'VALID', 'EXPLICIT'}; " \
  "explicit_paddings: list(int) = []; "                                     \
  "data_format: {'NHWC', 'NCHW'} = 'NHWC'; "                                \
  "dilations: list(int) = [1, 1, 1, 1]"
#define TB_DEPTHWISE_ATTRS                                               \
  "T: {half, bfloat16, float, double}; strides: list(int); "             \
  "padding: {'SAME', 'VALID'}; data_format: {'NHWC', 'NCHW'} = 'NHWC'; " \
  "dilations: list(int) = [1, 1, 1, 1]"
#define TB_POOL_ATTRS                                \
  "ksize: list(int) >= 4; strides: list(int) >= 4; " \
  "padding: {'SAME', 'VALID'}; data_format: {'NHWC', 'NCHW'} = 'NHWC'; "

constexpr graph::OpSpec kConvOps[] = {
    {"AvgPool", "value: T", "output: T",
     TB_POOL_ATTRS "T: {half, bfloat16, float, double}", kPure, PoolShape},
    {"AvgPoolGrad", "orig_input_shape: int32; grad: T", "output: T",
     TB_POOL_ATTRS "T: {half, bfloat16, float, double}", kPure, ShapeInput<0>},
    {"Conv2D", "input: T; filter: T", "output: T", TB_CONV_ATTRS, kPure,
     Conv2DShape},
    {"Conv2DBackpropFilter", "input: T; filter_sizes: int32; out_backprop: T",
     "output: T", TB_CONV_ATTRS, kPure, ShapeInput<1>},
    {"Conv2DBackpropInput", "input_sizes: int32; filter: T; out_backprop: T",
     "output: T", TB_CONV_ATTRS, kPure, ShapeInput<0>},
    {"DepthwiseConv2dNative", "input: T; filter: T", "output: T",
     TB_DEPTHWISE_ATTRS, kPure, Conv2DShape},
    {"DepthwiseConv2dNativeBackpropFilter",
     "input: T; filter_sizes: int32; out_backprop: T", "output: T",
     TB_DEPTHWISE_ATTRS, kPure, ShapeInput<1>},
    {"DepthwiseConv2dNativeBackpropInput",
     "input_sizes: int32; filter: T; out_backprop: T", "output: T",
     TB_DEPTHWISE_ATTRS, kPure, ShapeInput<0>},
    {"MaxPool", "input: T", "output: T",
     "T: {half, bfloat16, float, double, int32, int64, uint8, int16, int8, "
     "uint16, qint8} = float; ksize: list(int) >= 4; strides: list(int) >= 4; "
     "padding: {'SAME', 'VALID'}; "
     "data_format: {'NHWC', 'NCHW', 'NCHW_VECT_C'} = 'NHWC'",
     kPure, PoolShape},
    {"MaxPoolGrad", "orig_input: T; orig_output: T; grad: T", "output: T",
     TB_POOL_ATTRS "T: realnumbertype = float", kPure, MaxPoolGradShape},
};

#undef TB_CONV_ATTRS
#undef TB_DEPTHWISE_ATTRS
#undef TB_POOL_ATTRS

}  // namespace

std::span<const graph::OpSpec> ConvOps() { return kConvOps; }

}  // namespace tensorbundle::ops
