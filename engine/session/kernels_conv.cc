// Kernels of convolutions and pooling, NHWC.
#include <string>
#include <vector>

#include "engine/kernels/conv2d.h"
#include "engine/kernels/depthwise_conv2d.h"
#include "engine/kernels/pool.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

using kernels::WindowAxis;

size_t Dim(const Shape& shape, int i) {
  return static_cast<size_t>(shape.dim(i));
}

Status CheckNode(const graph::Node& node) {
  if (node.string_attr("data_format") != "NHWC") {
    return InvalidArgumentError("The " + node.op() +
                                " op currently only supports the NHWC tensor "
                                "format on the CPU.");
  }
  if (node.string_attr("padding") == "EXPLICIT") {
    return UnimplementedError("Explicit padding is not supported");
  }
  const std::span<const int64_t> strides = node.ints_attr("strides");
  if (strides[0] != 1 || strides[3] != 1) {
    return UnimplementedError(
        "Current implementation does not yet support strides in the batch and "
        "depth dimensions.");
  }
  return OkStatus();
}

// Rows (dimension 1) or columns (2) of a window.
WindowAxis AxisOf(const graph::Node& node, int dim, size_t in, size_t filter) {
  const size_t i = static_cast<size_t>(dim);
  const size_t stride = static_cast<size_t>(node.ints_attr("strides")[i]);
  const graph::AttrValue* dilations = node.attr("dilations");
  const size_t dilation =
      dilations == nullptr ? 1 : static_cast<size_t>(dilations->list()->i[i]);
  return node.string_attr("padding") == "SAME"
             ? kernels::SameWindow(in, filter, stride, dilation)
             : kernels::ValidWindow(in, filter, stride, dilation);
}

Status CheckRank4(const Shape& shape, const char* what) {
  if (shape.rank() == 4) return OkStatus();
  return InvalidArgumentError(std::string(what) +
                              " must be 4-dimensional: " + shape.ToString());
}

// The sizes of a convolution of x by f, and the shape of its result.
struct Convolution {
  WindowAxis rows, columns;
  Shape out;
};

Result<Convolution> ConvolutionOf(const graph::Node& node, const Shape& x,
                                  const Shape& f, bool depthwise) {
  TB_RETURN_IF_ERROR(CheckNode(node));
  TB_RETURN_IF_ERROR(CheckRank4(x, "input"));
  TB_RETURN_IF_ERROR(CheckRank4(f, "filter"));
  if (x.dim(3) != f.dim(2)) {
    return InvalidArgumentError("input and filter must have the same depth: " +
                                std::to_string(x.dim(3)) + " vs " +
                                std::to_string(f.dim(2)));
  }
  if (f.num_elements() == 0) {
    return InvalidArgumentError("filter must not be empty: " + f.ToString());
  }
  Convolution result;
  result.rows = AxisOf(node, 1, Dim(x, 1), Dim(f, 0));
  result.columns = AxisOf(node, 2, Dim(x, 2), Dim(f, 1));
  const int64_t dims[] = {x.dim(0), static_cast<int64_t>(result.rows.out),
                          static_cast<int64_t>(result.columns.out),
                          depthwise ? f.dim(2) * f.dim(3) : f.dim(3)};
  TB_ASSIGN_OR_RETURN(result.out, Shape::Create(dims));
  return result;
}

enum Direction { kForward, kInput, kFilter };

Status CheckBackprop(const Shape& dy, const Shape& expected) {
  if (dy == expected) return OkStatus();
  return InvalidArgumentError("Conv2DSlowBackprop: Size of out_backprop " +
                              dy.ToString() + " doesn't match computed " +
                              expected.ToString());
}

// The shapes of x and f, and the output's, in one of the three directions.
struct Operands {
  Shape x, f, result;
  Convolution convolution;
};

Result<Operands> OperandsOf(const KernelContext& context, int direction,
                            bool depthwise) {
  Operands operands;
  operands.x = context.input(0).shape();
  operands.f = context.input(1).shape();
  if (direction == kInput) {
    TB_ASSIGN_OR_RETURN(operands.x, ShapeFrom(context.input(0)));
  } else if (direction == kFilter) {
    TB_ASSIGN_OR_RETURN(operands.f, ShapeFrom(context.input(1)));
  }
  TB_ASSIGN_OR_RETURN(
      operands.convolution,
      ConvolutionOf(context.node(), operands.x, operands.f, depthwise));
  operands.result = direction == kForward ? operands.convolution.out
                    : direction == kInput ? operands.x
                                          : operands.f;
  if (direction != kForward) {
    TB_RETURN_IF_ERROR(
        CheckBackprop(context.input(2).shape(), operands.convolution.out));
  }
  return operands;
}

Status Conv2D(KernelContext& context, int direction) {
  TB_ASSIGN_OR_RETURN(const Operands operands,
                      OperandsOf(context, direction, false));
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.AllocateOutput(0, operands.result));
  const kernels::Conv2dShape shape{
      Dim(operands.x, 0), operands.convolution.rows,
      operands.convolution.columns, Dim(operands.f, 2), Dim(operands.f, 3)};
  return WithReal(out->dtype(), [&](auto zero) -> Status {
    using T = decltype(zero);
    TB_ASSIGN_OR_RETURN(const std::span<T> workspace,
                        context.Workspace<T>(kernels::Conv2dWorkspace(shape)));
    T* const y = out->mutable_as<T>().data();
    const auto input = [&](int i) { return context.input(i).as<T>().data(); };
    if (direction == kForward) {
      kernels::Conv2d(shape, input(0), input(1), y, workspace);
    } else if (direction == kInput) {
      kernels::Conv2dBackpropInput(shape, input(1), input(2), y, workspace);
    } else {
      kernels::Conv2dBackpropFilter(shape, input(0), input(2), y, workspace);
    }
    return OkStatus();
  });
}

Status Depthwise(KernelContext& context, int direction) {
  TB_ASSIGN_OR_RETURN(const Operands operands,
                      OperandsOf(context, direction, true));
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.AllocateOutput(0, operands.result));
  const kernels::DepthwiseShape shape{
      Dim(operands.x, 0), operands.convolution.rows,
      operands.convolution.columns, Dim(operands.f, 2), Dim(operands.f, 3)};
  return WithReal(out->dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* const y = out->mutable_as<T>().data();
    const auto input = [&](int i) { return context.input(i).as<T>().data(); };
    if (direction == kForward) {
      kernels::DepthwiseConv2d(shape, input(0), input(1), y);
    } else if (direction == kInput) {
      kernels::DepthwiseConv2dBackpropInput(shape, input(1), input(2), y);
    } else {
      kernels::DepthwiseConv2dBackpropFilter(shape, input(0), input(2), y);
    }
    return OkStatus();
  });
}

Result<kernels::PoolShape> PoolOf(const graph::Node& node, const Shape& x) {
  TB_RETURN_IF_ERROR(CheckNode(node));
  TB_RETURN_IF_ERROR(CheckRank4(x, "tensor_in"));
  const std::span<const int64_t> ksize = node.ints_attr("ksize");
  if (ksize[0] != 1 || ksize[3] != 1) {
    return UnimplementedError(
        "Pooling is not yet supported on the batch dimension.");
  }
  return kernels::PoolShape{
      Dim(x, 0), AxisOf(node, 1, Dim(x, 1), static_cast<size_t>(ksize[1])),
      AxisOf(node, 2, Dim(x, 2), static_cast<size_t>(ksize[2])), Dim(x, 3)};
}

Result<Shape> PooledShape(const kernels::PoolShape& pool) {
  const int64_t dims[] = {static_cast<int64_t>(pool.batch),
                          static_cast<int64_t>(pool.rows.out),
                          static_cast<int64_t>(pool.columns.out),
                          static_cast<int64_t>(pool.channels)};
  return Shape::Create(dims);
}

Status Pool(KernelContext& context, int average) {
  const Tensor& x = context.input(0);
  TB_ASSIGN_OR_RETURN(const kernels::PoolShape pool,
                      PoolOf(context.node(), x.shape()));
  TB_ASSIGN_OR_RETURN(const Shape shape, PooledShape(pool));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  return WithReal(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto run = average ? kernels::AvgPool<T> : kernels::MaxPool<T>;
    run(pool, x.as<T>().data(), y->mutable_as<T>().data());
    return OkStatus();
  });
}

// MaxPoolGrad: x, y, dy. AvgPoolGrad: the shape of x, dy.
Status PoolGrad(KernelContext& context, int average) {
  const Tensor& dy = context.input(average ? 1 : 2);
  Shape shape = context.input(0).shape();
  if (average) {
    TB_ASSIGN_OR_RETURN(shape, ShapeFrom(context.input(0)));
  }
  TB_ASSIGN_OR_RETURN(const kernels::PoolShape pool,
                      PoolOf(context.node(), shape));
  TB_ASSIGN_OR_RETURN(const Shape pooled, PooledShape(pool));
  if (!(pooled == dy.shape())) {
    return InvalidArgumentError("Expected grad shape to be " +
                                pooled.ToString() + ", but got " +
                                dy.shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(Tensor* const dx, context.AllocateOutput(0, shape));
  return WithReal(dy.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* const out = dx->mutable_as<T>().data();
    if (average) {
      kernels::AvgPoolGrad(pool, dy.as<T>().data(), out);
    } else {
      kernels::MaxPoolGrad(pool, context.input(0).as<T>().data(),
                           dy.as<T>().data(), out);
    }
    return OkStatus();
  });
}

constexpr KernelEntry kConvKernels[] = {
    {"AvgPool", Pool, 1, kReals},
    {"AvgPoolGrad", PoolGrad, 1, kReals},
    {"Conv2D", Conv2D, kForward, kReals},
    {"Conv2DBackpropFilter", Conv2D, kFilter, kReals},
    {"Conv2DBackpropInput", Conv2D, kInput, kReals},
    {"DepthwiseConv2dNative", Depthwise, kForward, kReals},
    {"DepthwiseConv2dNativeBackpropFilter", Depthwise, kFilter, kReals},
    {"DepthwiseConv2dNativeBackpropInput", Depthwise, kInput, kReals},
    {"MaxPool", Pool, 0, kReals},
    {"MaxPoolGrad", PoolGrad, 0, kReals},
};

}  // namespace

std::span<const KernelEntry> ConvKernels() { return kConvKernels; }

}  // namespace tensorbundle::session
