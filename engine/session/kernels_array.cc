// Kernels of constants and placeholders, of shapes and what fills them.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/kernels/arrange.h"
#include "engine/kernels/indexing.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

class ConstKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node& node,
                                              Resources&) {
    auto kernel = std::make_unique<ConstKernel>();
    kernel->value_ = *node.attr("value")->tensor();
    return std::unique_ptr<Kernel>(std::move(kernel));
  }

  Status Compute(KernelContext& context) override {
    context.set_output(0, value_);
    return OkStatus();
  }

 private:
  Tensor value_;
};

// Identity and its like, and a PlaceholderWithDefault that is not fed.
Status Identity(KernelContext& context, int) {
  context.set_output(0, context.input(0));
  return OkStatus();
}

Status NoOp(KernelContext&, int) { return OkStatus(); }

// Runs only when nobody fed it.
Status Placeholder(KernelContext& context, int) {
  const graph::Node& node = context.node();
  std::string text = "You must feed a value for placeholder tensor '" +
                     node.name() + "' with dtype " +
                     DTypeString(node.type_attr("dtype"));
  const graph::PartialShape& shape = *node.attr("shape")->shape();
  if (shape.has_rank() && shape.rank() > 0) {
    text += " and shape " + shape.ToString();
  }
  return InvalidArgumentError(std::move(text));
}

// Output `i`, integers of the output's dtype.
Status SetIntegers(KernelContext& context, int i, const Shape& shape,
                   std::span<const int64_t> values) {
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(i, shape));
  return WithIndex(out->dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::transform(values.begin(), values.end(), out->mutable_as<T>().begin(),
                   [](int64_t value) { return static_cast<T>(value); });
    return OkStatus();
  });
}

Status SetVector(KernelContext& context, int i,
                 std::span<const int64_t> values) {
  return SetIntegers(context, i,
                     Shape::Of({static_cast<int64_t>(values.size())}), values);
}

// Shape and ShapeN.
Status ShapeKernel(KernelContext& context, int) {
  for (int i = 0; i < context.num_inputs(); ++i) {
    TB_RETURN_IF_ERROR(SetVector(context, i, context.input(i).shape().dims()));
  }
  return OkStatus();
}

Status Size(KernelContext& context, int) {
  const int64_t size = context.input(0).num_elements();
  return SetIntegers(context, 0, Shape(), {&size, 1});
}

Status Rank(KernelContext& context, int) {
  const int64_t rank = context.input(0).shape().rank();
  return SetIntegers(context, 0, Shape(), {&rank, 1});
}

Status Reshape(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  if (context.input(1).shape().rank() != 1) {
    return InvalidArgumentError("sizes input must be 1-D, not " +
                                context.input(1).shape().ToString());
  }
  std::vector<int64_t> dims = graph::IntegersOf(context.input(1));
  int64_t product = 1;
  int64_t* unknown = nullptr;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == -1) {
      if (unknown != nullptr) {
        return InvalidArgumentError("Only one input size may be -1, not both " +
                                    std::to_string(unknown - dims.data()) +
                                    " and " + std::to_string(i));
      }
      unknown = &dims[i];
    } else if (dims[i] < 0) {
      return InvalidArgumentError("Size " + std::to_string(i) +
                                  " must be non-negative, not " +
                                  std::to_string(dims[i]));
    } else if (__builtin_mul_overflow(product, dims[i], &product)) {
      return InvalidArgumentError("Shape is too large");
    }
  }
  if (unknown != nullptr) {
    if (product == 0) {
      return InvalidArgumentError(
          "Reshape cannot infer the missing input size for an empty tensor "
          "unless all specified input sizes are non-zero");
    }
    *unknown = x.num_elements() / product;
    if (*unknown * product != x.num_elements()) {
      return InvalidArgumentError(
          "Input to reshape is a tensor with " +
          std::to_string(x.num_elements()) +
          " values, but the requested shape requires a multiple of " +
          std::to_string(product));
    }
    product = x.num_elements();
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  if (product != x.num_elements()) {
    return InvalidArgumentError("Input to reshape is a tensor with " +
                                std::to_string(x.num_elements()) +
                                " values, but the requested shape has " +
                                std::to_string(product));
  }
  context.SetReshaped(0, 0, shape);
  return OkStatus();
}

Status ExpandDims(KernelContext& context, int) {
  const Shape& shape = context.input(0).shape();
  const std::vector<int64_t> axis = graph::IntegersOf(context.input(1));
  if (axis.size() != 1) {
    return InvalidArgumentError("'dim' must be a tensor with a single value");
  }
  const int rank = shape.rank();
  if (axis[0] < -1 - rank || axis[0] > rank) {
    return InvalidArgumentError("Tried to expand dim index " +
                                std::to_string(axis[0]) + " for tensor with " +
                                std::to_string(rank) + " dimensions.");
  }
  std::vector<int64_t> dims(shape.dims().begin(), shape.dims().end());
  const int64_t at = axis[0] < 0 ? axis[0] + rank + 1 : axis[0];
  dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(at), 1);
  TB_ASSIGN_OR_RETURN(const Shape expanded, Shape::Create(dims));
  context.SetReshaped(0, 0, expanded);
  return OkStatus();
}

Status Squeeze(KernelContext& context, int) {
  const Shape& shape = context.input(0).shape();
  const int rank = shape.rank();
  const std::span<const int64_t> axes =
      context.node().ints_attr("squeeze_dims");
  std::vector<int64_t> dims;
  for (const int64_t axis : axes) {
    if (axis < -rank || axis >= rank) {
      return InvalidArgumentError("Tried to squeeze dim index " +
                                  std::to_string(axis) + " for tensor with " +
                                  std::to_string(rank) + " dimensions.");
    }
  }
  for (int i = 0; i < rank; ++i) {
    const bool named = std::any_of(axes.begin(), axes.end(), [&](int64_t axis) {
      return (axis < 0 ? axis + rank : axis) == i;
    });
    if (named && shape.dim(i) != 1) {
      return InvalidArgumentError("Can not squeeze dim[" + std::to_string(i) +
                                  "], expected a dimension of 1, got " +
                                  std::to_string(shape.dim(i)));
    }
    if (!named && (!axes.empty() || shape.dim(i) != 1)) {
      dims.push_back(shape.dim(i));
    }
  }
  TB_ASSIGN_OR_RETURN(const Shape squeezed, Shape::Create(dims));
  context.SetReshaped(0, 0, squeezed);
  return OkStatus();
}

// Every element of `out` becomes `value`, a scalar.
void FillWith(const Tensor& value, Tensor* out) {
  if (out->dtype() == DType::kString) {
    for (std::string& each : out->mutable_strings()) each = value.strings()[0];
    return;
  }
  const size_t size = ElementSize(value);
  uint8_t* to = out->mutable_bytes().data();
  for (int64_t i = 0; i < out->num_elements(); ++i, to += size) {
    std::memcpy(to, value.bytes().data(), size);
  }
}

Status Fill(KernelContext& context, int) {
  TB_ASSIGN_OR_RETURN(const Shape shape, ShapeFrom(context.input(0)));
  const Tensor& value = context.input(1);
  if (value.shape().rank() != 0) {
    return InvalidArgumentError("value must be a scalar, got shape " +
                                value.shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  FillWith(value, out);
  return OkStatus();
}

Status Zeros(KernelContext& context, int) {
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.AllocateOutput(0, context.input(0).shape()));
  if (out->dtype() == DType::kString) {
    for (std::string& each : out->mutable_strings()) each.clear();
  } else if (const MutableBytes bytes = out->mutable_bytes(); !bytes.empty()) {
    std::memset(bytes.data(), 0, bytes.size());
  }
  return OkStatus();
}

Status Ones(KernelContext& context, int) {
  TB_ASSIGN_OR_RETURN(Tensor* const out,
                      context.AllocateOutput(0, context.input(0).shape()));
  if (out->dtype() == DType::kBool) {
    std::fill_n(out->mutable_bytes().data(), out->num_elements(), uint8_t{1});
    return OkStatus();
  }
  return WithNumber(out->dtype(), [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(out->mutable_as<T>().data(), out->num_elements(), T(1));
    return OkStatus();
  });
}

Status OneHot(KernelContext& context, int) {
  const Tensor& indices = context.input(0);
  const Tensor& on = context.input(2);
  const Tensor& off = context.input(3);
  const std::vector<int64_t> depth = graph::IntegersOf(context.input(1));
  const int rank = indices.shape().rank();
  const int64_t axis = context.node().int_attr("axis");
  if (axis > rank) {
    return InvalidArgumentError("Expected axis to be -1 or between [0, " +
                                std::to_string(rank + 1) +
                                ").  But received: " + std::to_string(axis));
  }
  if (depth.size() != 1 || depth[0] < 0) {
    return InvalidArgumentError(depth.size() != 1
                                    ? "depth must be a scalar, but got: " +
                                          context.input(1).shape().ToString()
                                    : "depth must be non-negative, got: " +
                                          std::to_string(depth[0]));
  }
  const int at = axis < 0 ? rank : static_cast<int>(axis);
  std::vector<int64_t> dims(indices.shape().dims().begin(),
                            indices.shape().dims().end());
  dims.insert(dims.begin() + at, depth[0]);
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  if (out->dtype() == DType::kString || indices.dtype() == DType::kUint8) {
    return UnimplementedError("OneHot of strings, or of uint8 indices");
  }
  return WithIndex(indices.dtype(), [&](auto zero) {
    kernels::OneHot(CountBefore(indices.shape(), at),
                    static_cast<size_t>(depth[0]),
                    CountFrom(indices.shape(), at), ElementSize(*out),
                    indices.as<decltype(zero)>().data(), on.bytes().data(),
                    off.bytes().data(), out->mutable_bytes().data());
    return OkStatus();
  });
}

// The axes along which numpy's broadcasting repeats each of two shapes.
Status BroadcastGradientArgs(KernelContext& context, int) {
  const std::vector<int64_t> s[2] = {graph::IntegersOf(context.input(0)),
                                     graph::IntegersOf(context.input(1))};
  const size_t rank = std::max(s[0].size(), s[1].size());
  std::vector<int64_t> axes[2];
  for (size_t i = 0; i < rank; ++i) {
    int64_t dims[2];
    for (int k = 0; k < 2; ++k) {
      const size_t missing = rank - s[k].size();
      dims[k] = i < missing ? 1 : s[k][i - missing];
    }
    if (dims[0] != dims[1] && dims[0] != 1 && dims[1] != 1) {
      const auto text = [](const std::vector<int64_t>& shape) {
        std::string joined;
        for (const int64_t dim : shape) {
          joined += (joined.empty() ? "" : ",") + std::to_string(dim);
        }
        return "[" + joined + "]";
      };
      return InvalidArgumentError("Incompatible shapes: " + text(s[0]) +
                                  " vs. " + text(s[1]));
    }
    // Summing a dimension of 1 changes nothing but its presence.
    for (int k = 0; k < 2; ++k) {
      if (dims[k] == 1) axes[k].push_back(static_cast<int64_t>(i));
    }
  }
  TB_RETURN_IF_ERROR(SetVector(context, 0, axes[0]));
  return SetVector(context, 1, axes[1]);
}

Status InvertPermutation(KernelContext& context, int) {
  const std::vector<int64_t> x = graph::IntegersOf(context.input(0));
  std::vector<int64_t> inverse(x.size(), -1);
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] < 0 || x[i] >= static_cast<int64_t>(x.size())) {
      return InvalidArgumentError(std::to_string(x[i]) + " is not between 0 " +
                                  "and " + std::to_string(x.size()));
    }
    int64_t& at = inverse[static_cast<size_t>(x[i])];
    if (at != -1) {
      return InvalidArgumentError(std::to_string(x[i]) +
                                  " is duplicated in the input.");
    }
    at = static_cast<int64_t>(i);
  }
  return SetVector(context, 0, inverse);
}

constexpr KernelEntry kArrayKernels[] = {
    {"BroadcastGradientArgs", BroadcastGradientArgs},
    {"Const", ConstKernel::Make},
    {"ExpandDims", ExpandDims},
    {"Fill", Fill},
    {"Identity", Identity},
    {"InvertPermutation", InvertPermutation},
    {"NoOp", NoOp},
    {"OneHot", OneHot},
    {"OnesLike", Ones, 0, kNumbers | DTypes({DType::kBool})},
    {"Placeholder", Placeholder},
    {"PlaceholderWithDefault", Identity},
    {"PreventGradient", Identity},
    {"Rank", Rank},
    {"Reshape", Reshape},
    {"Shape", ShapeKernel},
    {"ShapeN", ShapeKernel},
    {"Size", Size},
    {"Squeeze", Squeeze},
    {"StopGradient", Identity},
    {"ZerosLike", Zeros},
};

}  // namespace

std::span<const KernelEntry> ArrayKernels() { return kArrayKernels; }

}  // namespace tensorbundle::session
