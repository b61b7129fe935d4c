// Kernels of slices, paddings and what indices select.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/graph/strided_slice.h"
#include "engine/kernels/arrange.h"
#include "engine/kernels/indexing.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

Status CheckNoStrings(const Tensor& tensor) {
  if (tensor.dtype() != DType::kString) return OkStatus();
  return UnimplementedError("Strings cannot be rearranged");
}

// Takes `ranges` of x as a tensor of `shape`.
Status TakeRanges(KernelContext& context, const Tensor& x,
                  const kernels::SliceRanges& ranges, const Shape& shape) {
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  TB_ASSIGN_OR_RETURN(const kernels::Dims dims, DimsOf(x.shape()));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  if (y->num_elements() == 0) return OkStatus();
  kernels::StridedSlice(dims, ranges, ElementSize(x), x.bytes().data(),
                        y->mutable_bytes().data());
  return OkStatus();
}

Status Slice(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  const std::vector<int64_t> begin = graph::IntegersOf(context.input(1));
  std::vector<int64_t> size = graph::IntegersOf(context.input(2));
  const size_t rank = static_cast<size_t>(x.shape().rank());
  if (begin.size() != rank || size.size() != rank ||
      context.input(1).shape().rank() != 1) {
    return InvalidArgumentError(
        "Expected begin and size arguments to be 1-D tensors of size " +
        std::to_string(rank) + ", but got shapes " +
        context.input(1).shape().ToString() + " and " +
        context.input(2).shape().ToString() + " instead.");
  }
  TB_RETURN_IF_ERROR(DimsOf(x.shape()).status());
  kernels::SliceRanges ranges;
  for (size_t i = 0; i < rank; ++i) {
    const int64_t dim = x.shape().dims()[i];
    if (begin[i] < 0 || begin[i] > dim) {
      return InvalidArgumentError("Expected begin[" + std::to_string(i) +
                                  "] in [0, " + std::to_string(dim) +
                                  "], but got " + std::to_string(begin[i]));
    }
    if (size[i] == -1) size[i] = dim - begin[i];
    if (size[i] < 0 || size[i] > dim - begin[i]) {
      return InvalidArgumentError("Expected size[" + std::to_string(i) +
                                  "] in [0, " + std::to_string(dim - begin[i]) +
                                  "], but got " + std::to_string(size[i]));
    }
    ranges[i] = {static_cast<size_t>(begin[i]), 1,
                 static_cast<size_t>(size[i])};
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(size));
  return TakeRanges(context, x, ranges, shape);
}

// The slice of a tensor of shape `x` that inputs `first`, `first` + 1 and
// `first` + 2 say.
Result<graph::StridedSlice> SliceOf(const KernelContext& context, int first,
                                    const Shape& x,
                                    kernels::SliceRanges* ranges) {
  const std::vector<int64_t> begin = graph::IntegersOf(context.input(first));
  const std::vector<int64_t> end = graph::IntegersOf(context.input(first + 1));
  const std::vector<int64_t> strides =
      graph::IntegersOf(context.input(first + 2));
  if (begin.size() != strides.size() || end.size() != strides.size()) {
    return InvalidArgumentError(
        "Expected begin, end, and strides to be 1D equal size tensors, but "
        "got shapes " +
        context.input(first).shape().ToString() + ", " +
        context.input(first + 1).shape().ToString() + ", and " +
        context.input(first + 2).shape().ToString() + " instead.");
  }
  TB_RETURN_IF_ERROR(DimsOf(x).status());
  TB_ASSIGN_OR_RETURN(
      graph::StridedSlice slice,
      graph::ResolveStridedSlice(context.node(), x, begin, end, strides));
  for (size_t i = 0; i < slice.extents.size(); ++i) {
    const graph::SliceExtent& extent = slice.extents[i];
    (*ranges)[i] = {static_cast<size_t>(extent.begin),
                    static_cast<ptrdiff_t>(extent.stride),
                    static_cast<size_t>(extent.count)};
  }
  return slice;
}

Status StridedSlice(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  kernels::SliceRanges ranges;
  TB_ASSIGN_OR_RETURN(const graph::StridedSlice slice,
                      SliceOf(context, 1, x.shape(), &ranges));
  return TakeRanges(context, x, ranges, *slice.shape.AsShape());
}

Status StridedSliceGrad(KernelContext& context, int) {
  TB_ASSIGN_OR_RETURN(const Shape shape, ShapeFrom(context.input(0)));
  const Tensor& dy = context.input(4);
  TB_RETURN_IF_ERROR(CheckNoStrings(dy));
  kernels::SliceRanges ranges;
  TB_ASSIGN_OR_RETURN(const graph::StridedSlice slice,
                      SliceOf(context, 1, shape, &ranges));
  if (!(*slice.shape.AsShape() == dy.shape())) {
    return InvalidArgumentError("shape of dy was " + dy.shape().ToString() +
                                " instead of " + slice.shape.ToString());
  }
  TB_ASSIGN_OR_RETURN(const kernels::Dims dims, DimsOf(shape));
  TB_ASSIGN_OR_RETURN(Tensor* const dx, context.AllocateOutput(0, shape));
  kernels::StridedSliceGrad(dims, ranges, ElementSize(dy), dy.bytes().data(),
                            dx->mutable_bytes().data());
  return OkStatus();
}

Status Pad(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  const Shape& paddings = context.input(1).shape();
  const int rank = x.shape().rank();
  if (paddings.rank() != 2 || paddings.dim(1) != 2 || paddings.dim(0) != rank) {
    return InvalidArgumentError(
        "The first dimension of paddings must be the rank of inputs" +
        paddings.ToString() + " " + x.shape().ToString());
  }
  const std::vector<int64_t> by = graph::IntegersOf(context.input(1));
  TB_ASSIGN_OR_RETURN(const kernels::Dims from, DimsOf(x.shape()));
  std::array<size_t, kernels::kMaxDims> before{};
  std::array<size_t, kernels::kMaxDims> after{};
  std::vector<int64_t> dims;
  for (size_t i = 0; i < from.rank; ++i) {
    int64_t dim = 0;
    if (by[2 * i] < 0 || by[2 * i + 1] < 0 ||
        __builtin_add_overflow(by[2 * i], by[2 * i + 1], &dim) ||
        __builtin_add_overflow(dim, x.shape().dims()[i], &dim)) {
      return InvalidArgumentError(
          "Paddings must be non-negative: " + std::to_string(by[2 * i]) + " " +
          std::to_string(by[2 * i + 1]));
    }
    before[i] = static_cast<size_t>(by[2 * i]);
    after[i] = static_cast<size_t>(by[2 * i + 1]);
    dims.push_back(dim);
  }
  const uint64_t zeros[2] = {};
  const void* value = zeros;
  if (context.num_inputs() == 3) {
    if (context.input(2).shape().rank() != 0) {
      return InvalidArgumentError("constant_values must be a scalar. Found: " +
                                  context.input(2).shape().ToString());
    }
    value = context.input(2).bytes().data();
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  if (y->num_elements() == 0) return OkStatus();
  kernels::Pad(from, before, after, ElementSize(x), value, x.bytes().data(),
               y->mutable_bytes().data());
  return OkStatus();
}

Status Gather(KernelContext& context, int) {
  const Tensor& params = context.input(0);
  const Tensor& indices = context.input(1);
  TB_RETURN_IF_ERROR(CheckNoStrings(params));
  if (params.shape().rank() < 1) {
    return InvalidArgumentError("params must be at least 1 dimensional");
  }
  const int64_t wanted =
      context.num_inputs() == 3 ? graph::IntegersOf(context.input(2))[0] : 0;
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(wanted, params.shape().rank(), "axis"));
  const AxisView view = ViewOf(params.shape(), axis);
  const Shape& at = indices.shape();
  std::vector<int64_t> dims(params.shape().dims().begin(),
                            params.shape().dims().end());
  dims.erase(dims.begin() + axis);
  dims.insert(dims.begin() + axis, at.dims().begin(), at.dims().end());
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims));
  const size_t count = static_cast<size_t>(indices.num_elements());
  return WithIndex(indices.dtype(), [&](auto zero) {
    using Index = decltype(zero);
    const Index* values = indices.as<Index>().data();
    const size_t bad = kernels::FirstBadIndex(count, values, view.size);
    if (bad < count) {
      std::string place;
      size_t rest = bad;
      for (int i = at.rank() - 1; i >= 0; --i) {
        const size_t dim = static_cast<size_t>(at.dim(i));
        place = std::to_string(rest % dim) + (place.empty() ? "" : ",") + place;
        rest /= dim;
      }
      return InvalidArgumentError(
          "indices" + (at.rank() == 0 ? "" : "[" + place + "]") + " = " +
          std::to_string(values[bad]) + " is not in [0, " +
          std::to_string(view.size) + ")");
    }
    Result<Tensor*> out = context.AllocateOutput(0, shape);
    if (!out.ok()) return out.status();
    if (shape.num_elements() > 0) {
      kernels::Gather(view.outer, view.size, view.inner, ElementSize(params),
                      count, values, params.bytes().data(),
                      (*out)->mutable_bytes().data());
    }
    return OkStatus();
  });
}

// Rows of the data go where the indices say, later ones over earlier ones.
Status DynamicStitch(KernelContext& context, int) {
  const int count = context.num_inputs() / 2;
  int64_t rows = 0;
  const Tensor& first = context.input(count);
  TB_RETURN_IF_ERROR(CheckNoStrings(first));
  const int skip = context.input(0).shape().rank();
  std::vector<int64_t> tail(first.shape().dims().begin() + skip,
                            first.shape().dims().end());
  for (int i = 0; i < count; ++i) {
    const Shape& indices = context.input(i).shape();
    const Shape& data = context.input(count + i).shape();
    std::vector<int64_t> expected(indices.dims().begin(), indices.dims().end());
    expected.insert(expected.end(), tail.begin(), tail.end());
    if (!std::equal(expected.begin(), expected.end(), data.dims().begin(),
                    data.dims().end())) {
      return InvalidArgumentError(
          "data[" + std::to_string(i) + "].shape = " + data.ToString() +
          " does not start with indices[" + std::to_string(i) +
          "].shape = " + indices.ToString());
    }
    for (const int64_t index : graph::IntegersOf(context.input(i))) {
      if (index < 0) {
        return InvalidArgumentError("indices[" + std::to_string(i) +
                                    "] is out of range");
      }
      rows = std::max(rows, index + 1);
    }
  }
  tail.insert(tail.begin(), rows);
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(tail));
  TB_ASSIGN_OR_RETURN(Tensor* const out, context.AllocateOutput(0, shape));
  const size_t row = CountFrom(shape, 1) * ElementSize(*out);
  uint8_t* const to = out->mutable_bytes().data();
  std::fill_n(to, out->mutable_bytes().size(), uint8_t{0});
  for (int i = 0; i < count; ++i) {
    const uint8_t* from = context.input(count + i).bytes().data();
    for (const int64_t index : graph::IntegersOf(context.input(i))) {
      std::copy(from, from + row, to + static_cast<size_t>(index) * row);
      from += row;
    }
  }
  return OkStatus();
}

// The places of the elements that are not zero, in row-major order.
Status Where(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  TB_RETURN_IF_ERROR(CheckNoStrings(x));
  const size_t size = ElementSize(x);
  const uint8_t* bytes = x.bytes().data();
  std::vector<int64_t> found;
  for (int64_t i = 0; i < x.num_elements(); ++i, bytes += size) {
    bool zero = std::all_of(bytes, bytes + size, [](uint8_t b) { return !b; });
    // Minus zero is zero as well.
    if (IsFloating(x.dtype()) && bytes[size - 1] == 0x80) {
      zero = std::all_of(bytes, bytes + size - 1, [](uint8_t b) { return !b; });
    }
    if (!zero) found.push_back(i);
  }
  const int rank = x.shape().rank();
  TB_ASSIGN_OR_RETURN(
      Tensor* const out,
      context.AllocateOutput(
          0, Shape::Of({static_cast<int64_t>(found.size()), rank})));
  int64_t* to = out->mutable_as<int64_t>().data();
  for (const int64_t index : found) {
    int64_t rest = index;
    for (int i = rank - 1; i >= 0; --i) {
      to[i] = rest % x.shape().dim(i);
      rest /= x.shape().dim(i);
    }
    to += rank;
  }
  return OkStatus();
}

constexpr KernelEntry kSliceKernels[] = {
    {"DynamicStitch", DynamicStitch},
    {"Gather", Gather},
    {"GatherV2", Gather},
    {"Pad", Pad},
    {"PadV2", Pad},
    {"Slice", Slice},
    {"StridedSlice", StridedSlice},
    {"StridedSliceGrad", StridedSliceGrad},
    {"Where", Where},
};

}  // namespace

std::span<const KernelEntry> SliceKernels() { return kSliceKernels; }

}  // namespace tensorbundle::session
