// Kernels of what takes tensors apart and puts them together.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/graph/strided_slice.h"
#include "engine/kernels/arrange.h"
#include "engine/kernels/indexing.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

// Moving std::strings by their bytes would tear them.
Status CheckNoStrings(const Tensor& tensor) {
  if (tensor.dtype() != DType::kString) return OkStatus();
  return UnimplementedError("Strings cannot be rearranged");
}

std::vector<int64_t> Replaced(const Shape& shape, int axis, int64_t dim) {
  std::vector<int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims[static_cast<size_t>(axis)] = dim;
  return dims;
}

std::string SameShapesError(const char* op, const Shape& first, int i,
                            const Shape& other) {
  return std::string(op) + " : Dimensions of inputs should match: shape[0] = " +
         first.ToString() + " vs. shape[" + std::to_string(i) +
         "] = " + other.ToString();
}

// Copies the inputs [0, count) behind one another along `axis` of `out`, each
// taking as much of it as `view` says.
Status JoinInto(KernelContext& context, int count, int axis, bool pack,
                const Shape& shape) {
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  const AxisView whole = ViewOf(shape, axis);
  size_t begin = 0;
  for (int i = 0; i < count; ++i) {
    const Tensor& input = context.input(i);
    const size_t part = pack ? 1 : static_cast<size_t>(input.shape().dim(axis));
    if (input.num_elements() > 0) {
      kernels::CopyIntoWhole(
          {whole.outer, whole.size, whole.inner, begin, part},
          ElementSize(input), input.bytes().data(),
          out->mutable_bytes().data());
    }
    begin += part;
  }
  return OkStatus();
}

Status Concat(KernelContext& context, int) {
  const int count = context.num_inputs() - 1;
  const Tensor& first = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(first));
  const int rank = first.shape().rank();
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(graph::IntegersOf(context.input(count))[0], rank,
                               "concatenating dimensions"));
  int64_t length = 0;
  for (int i = 0; i < count; ++i) {
    const Shape& shape = context.input(i).shape();
    if (shape.rank() != rank) {
      return InvalidArgumentError(
          "ConcatOp : Ranks of all input tensors should match: shape[0] = " +
          first.shape().ToString() + " vs. shape[" + std::to_string(i) +
          "] = " + shape.ToString());
    }
    if (Replaced(shape, axis, 0) != Replaced(first.shape(), axis, 0)) {
      return InvalidArgumentError(
          SameShapesError("ConcatOp", first.shape(), i, shape));
    }
    length += shape.dim(axis);
  }
  TB_ASSIGN_OR_RETURN(const Shape shape,
                      Shape::Create(Replaced(first.shape(), axis, length)));
  return JoinInto(context, count, axis, false, shape);
}

Status Pack(KernelContext& context, int) {
  const Shape& first = context.input(0).shape();
  TB_RETURN_IF_ERROR(CheckNoStrings(context.input(0)));
  for (int i = 1; i < context.num_inputs(); ++i) {
    if (context.input(i).shape() == first) continue;
    return InvalidArgumentError(
        "Shapes of all inputs must match: values[0].shape = " +
        first.ToString() + " != values[" + std::to_string(i) +
        "].shape = " + context.input(i).shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(const int axis, AxisFrom(context.node().int_attr("axis"),
                                               first.rank() + 1, "axis"));
  std::vector<int64_t> dims(first.dims().begin(), first.dims().end());
  dims.insert(dims.begin() + axis, context.num_inputs());
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  return JoinInto(context, context.num_inputs(), axis, true, shape);
}

// Output `i` becomes the elements [begin, begin + part) of `axis`, with the
// shape `shape`.
Status TakePart(KernelContext& context, const Tensor& value, int axis, int i,
                size_t begin, size_t part, const Shape& shape) {
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(i, shape));
  if (out->num_elements() == 0) return OkStatus();
  const AxisView whole = ViewOf(value.shape(), axis);
  kernels::CopyOutOfWhole({whole.outer, whole.size, whole.inner, begin, part},
                          ElementSize(value), value.bytes().data(),
                          out->mutable_bytes().data());
  return OkStatus();
}

Status Unpack(KernelContext& context, int) {
  const Tensor& value = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(value));
  const int num = context.node().num_outputs();
  TB_ASSIGN_OR_RETURN(const int axis, AxisFrom(context.node().int_attr("axis"),
                                               value.shape().rank(), "axis"));
  if (value.shape().dim(axis) != num) {
    return InvalidArgumentError("Input shape axis " + std::to_string(axis) +
                                " must equal " + std::to_string(num) +
                                ", got shape " + value.shape().ToString());
  }
  std::vector<int64_t> dims = Replaced(value.shape(), axis, 1);
  dims.erase(dims.begin() + axis);
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  for (int i = 0; i < num; ++i) {
    TB_RETURN_IF_ERROR(
        TakePart(context, value, axis, i, static_cast<size_t>(i), 1, shape));
  }
  return OkStatus();
}

// Split: axis, value. SplitV: value, sizes, axis.
Status Split(KernelContext& context, int sized) {
  const Tensor& value = context.input(sized ? 0 : 1);
  TB_RETURN_IF_ERROR(CheckNoStrings(value));
  const int64_t num = context.node().num_outputs();
  const int64_t dim = graph::IntegersOf(context.input(sized ? 2 : 0))[0];
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(dim, value.shape().rank(), "split_dim"));
  const int64_t length = value.shape().dim(axis);
  std::vector<int64_t> sizes(static_cast<size_t>(num), length / num);
  if (sized) {
    sizes = graph::IntegersOf(context.input(1));
    int64_t total = 0;
    int64_t* rest = nullptr;
    for (int64_t& size : sizes) {
      if (size == -1 && rest == nullptr) {
        rest = &size;
      } else {
        total = size < 0 ? length + 1 : total + std::min(size, length + 1);
      }
    }
    if (rest != nullptr) *rest = length - total;
    if (static_cast<int64_t>(sizes.size()) != num || total > length ||
        (rest == nullptr && total != length)) {
      return InvalidArgumentError(
          "Determined shape must either match input shape along split_dim "
          "exactly if fully specified, or be less than the size of the input "
          "along split_dim if not fully specified.  Got: " +
          std::to_string(total));
    }
  } else if (length % num != 0) {
    return InvalidArgumentError(
        "Number of ways to split should evenly divide the split dimension, "
        "but got split_dim " +
        std::to_string(axis) + " (size = " + std::to_string(length) +
        ") and num_split " + std::to_string(num));
  }
  size_t begin = 0;
  for (int i = 0; i < num; ++i) {
    const int64_t part = sizes[static_cast<size_t>(i)];
    TB_ASSIGN_OR_RETURN(const Shape shape,
                        Shape::Create(Replaced(value.shape(), axis, part)));
    TB_RETURN_IF_ERROR(TakePart(context, value, axis, i, begin,
                                static_cast<size_t>(part), shape));
    begin += static_cast<size_t>(part);
  }
  return OkStatus();
}

// Where each of the inputs begins in their concatenation.
Status ConcatOffset(KernelContext& context, int) {
  const std::vector<int64_t> first = graph::IntegersOf(context.input(1));
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(graph::IntegersOf(context.input(0))[0],
                               static_cast<int>(first.size()), "concat_dim"));
  int32_t begin = 0;
  for (int i = 1; i < context.num_inputs(); ++i) {
    const Tensor& shape = context.input(i);
    TB_ASSIGN_OR_RETURN(Tensor* const out,
                        context.AllocateOutput(i - 1, shape.shape()));
    const std::span<int32_t> offset = out->mutable_as<int32_t>();
    std::fill(offset.begin(), offset.end(), 0);
    if (offset.size() != first.size()) {
      return InvalidArgumentError(
          "input " + std::to_string(i) + " should contain " +
          std::to_string(first.size()) + " elements, but got " +
          std::to_string(offset.size()));
    }
    offset[static_cast<size_t>(axis)] = begin;
    begin += shape.as<int32_t>()[static_cast<size_t>(axis)];
  }
  return OkStatus();
}

Status Transpose(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  const std::vector<int64_t> perm = graph::IntegersOf(context.input(1));
  const int rank = x.shape().rank();
  if (static_cast<int>(perm.size()) != rank) {
    return InvalidArgumentError(
        "transpose expects a vector of size " + std::to_string(rank) +
        ". But input(1) is a vector of size " + std::to_string(perm.size()));
  }
  std::array<size_t, kernels::kMaxDims> permutation{};
  std::vector<int64_t> dims;
  std::vector<bool> seen(perm.size(), false);
  TB_ASSIGN_OR_RETURN(const kernels::Dims from, DimsOf(x.shape()));
  for (const int64_t at : perm) {
    if (at < 0 || at >= rank) {
      return InvalidArgumentError(std::to_string(at) +
                                  " is out of range [0 .. " +
                                  std::to_string(rank) + ")");
    }
    if (seen[static_cast<size_t>(at)]) {
      return InvalidArgumentError(std::to_string(at) + " is missing from {" +
                                  "permutation}.");
    }
    seen[static_cast<size_t>(at)] = true;
    permutation[dims.size()] = static_cast<size_t>(at);
    dims.push_back(x.shape().dim(static_cast<int>(at)));
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  if (x.num_elements() == 0) return OkStatus();
  kernels::Transpose(from, permutation, ElementSize(x), x.bytes().data(),
                     y->mutable_bytes().data());
  return OkStatus();
}

Status Tile(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  const std::vector<int64_t> multiples = graph::IntegersOf(context.input(1));
  if (static_cast<int>(multiples.size()) != x.shape().rank()) {
    return InvalidArgumentError(
        "Expected multiples argument to be a vector of length " +
        std::to_string(x.shape().rank()) + " but got length " +
        std::to_string(multiples.size()));
  }
  TB_ASSIGN_OR_RETURN(const kernels::Dims from, DimsOf(x.shape()));
  kernels::Dims times;
  std::vector<int64_t> dims;
  for (size_t i = 0; i < multiples.size(); ++i) {
    if (multiples[i] < 0) {
      return InvalidArgumentError("Expected multiples[" + std::to_string(i) +
                                  "] >= 0, but got " +
                                  std::to_string(multiples[i]));
    }
    times.push_back(static_cast<size_t>(multiples[i]));
    int64_t dim = 0;
    if (__builtin_mul_overflow(x.shape().dims()[i], multiples[i], &dim)) {
      return InvalidArgumentError("multiples are too large");
    }
    dims.push_back(dim);
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  if (shape.num_elements() == 0) return OkStatus();
  kernels::Tile(from, times, ElementSize(x), x.bytes().data(),
                y->mutable_bytes().data());
  return OkStatus();
}

Status BroadcastTo(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  TB_ASSIGN_OR_RETURN(const Shape shape, ShapeFrom(context.input(1)));
  const int missing = shape.rank() - x.shape().rank();
  bool fits = missing >= 0;
  TB_ASSIGN_OR_RETURN(const kernels::Dims to, DimsOf(shape));
  kernels::Dims from;
  for (int i = 0; i < shape.rank() && fits; ++i) {
    const int64_t dim = i < missing ? 1 : x.shape().dim(i - missing);
    fits = dim == 1 || dim == shape.dim(i);
    from.push_back(static_cast<size_t>(dim));
  }
  if (!fits) {
    return InvalidArgumentError("Incompatible shapes: " + x.shape().ToString() +
                                " vs. " + shape.ToString());
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  if (shape.num_elements() == 0) return OkStatus();
  kernels::BroadcastTo(from, to, ElementSize(x), x.bytes().data(),
                       y->mutable_bytes().data());
  return OkStatus();
}

constexpr KernelEntry kArrangeKernels[] = {
    {"BroadcastTo", BroadcastTo},
    {"ConcatOffset", ConcatOffset},
    {"ConcatV2", Concat},
    {"Pack", Pack},
    {"Split", Split, 0},
    {"SplitV", Split, 1},
    {"Tile", Tile},
    {"Transpose", Transpose},
    {"Unpack", Unpack},
};

}  // namespace

std::span<const KernelEntry> ArrangeKernels() { return kArrangeKernels; }

}  // namespace tensorbundle::session
