// OpDefs of TensorFlow 1.15: what joins, splits, pads and permutes tensors.
#include <cstddef>
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

std::vector<int64_t> DimsOf(const PartialShape& shape) {
  return {shape.dims().begin(), shape.dims().end()};
}

Status Merging(const Status& status, int input) {
  return Status(status).WithMessage(
      status.message() + "\n\tFrom merging shape " + std::to_string(input) +
      " with other shapes.");
}

// The inputs but for the last, joined along it.
Status ConcatShape(InferenceContext& context) {
  const int count = context.num_inputs() - 1;
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(count), 0).status());
  PartialShape shape;
  for (int i = 0; i < count; ++i) {
    const PartialShape& input = context.input(i);
    if (!input.has_rank()) continue;
    if (input.rank() == 0) return graph::WithRankAtLeast(input, 1).status();
    if (!shape.has_rank()) shape = PartialShape::OfRank(input.rank());
    TB_RETURN_IF_ERROR(
        graph::Merge(shape, PartialShape::OfRank(input.rank())).status());
  }
  if (!shape.has_rank()) return OkStatus();
  const auto axis = context.integers(count);
  if (!axis) {
    context.set_output(0, std::move(shape));
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(const int at,
                      graph::NormalizeAxis((*axis)[0], shape.rank()));
  int64_t length = 0;
  for (int i = 0; i < count; ++i) {
    const PartialShape& input = context.input(i);
    const int64_t dim = input.has_rank() ? input.dim(at) : kUnknown;
    length = dim == kUnknown || length == kUnknown ? kUnknown : length + dim;
    if (!input.has_rank()) continue;
    Result<PartialShape> merged =
        graph::Merge(graph::WithDim(input, at, kUnknown), shape);
    if (!merged.ok()) return merged.status();
    shape = std::move(merged).value();
  }
  context.set_output(0, graph::WithDim(shape, at, length));
  return OkStatus();
}

// Every output has the shape of the input of that name.
Status ConcatOffsetShape(InferenceContext& context) {
  for (int i = 1; i < context.num_inputs(); ++i) {
    context.set_output(i - 1, context.input(i));
  }
  return OkStatus();
}

// The attribute `axis` of Pack and Unpack, from the front.
Result<ptrdiff_t> AxisOf(const graph::Node& node, int rank) {
  const int64_t axis = node.int_attr("axis");
  if (axis < -rank || axis >= rank) {
    return InvalidArgumentError("Invalid axis: " + std::to_string(axis) +
                                "; must be in [" + std::to_string(-rank) + "," +
                                std::to_string(rank) + ")");
  }
  return static_cast<ptrdiff_t>(axis < 0 ? axis + rank : axis);
}

Status PackShape(InferenceContext& context) {
  PartialShape shape = context.input(context.num_inputs() - 1);
  for (int i = context.num_inputs() - 2; i >= 0; --i) {
    Result<PartialShape> merged = graph::Merge(context.input(i), shape);
    if (!merged.ok()) return Merging(merged.status(), i);
    shape = std::move(merged).value();
  }
  if (!shape.has_rank()) return OkStatus();
  TB_ASSIGN_OR_RETURN(const ptrdiff_t at,
                      AxisOf(context.node(), shape.rank() + 1));
  std::vector<int64_t> dims = DimsOf(shape);
  dims.insert(dims.begin() + at, context.num_inputs());
  return context.SetOutputDims(0, dims);
}

Status UnpackShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  if (!input.has_rank()) return OkStatus();
  TB_ASSIGN_OR_RETURN(const ptrdiff_t at, AxisOf(context.node(), input.rank()));
  const int64_t length = input.dim(static_cast<int>(at));
  if (length != kUnknown) {
    TB_RETURN_IF_ERROR(
        graph::MergeDims(length, context.num_outputs()).status());
  }
  std::vector<int64_t> dims = DimsOf(input);
  dims.erase(dims.begin() + at);
  for (int i = 0; i < context.num_outputs(); ++i) {
    TB_RETURN_IF_ERROR(context.SetOutputDims(i, dims));
  }
  return OkStatus();
}

Status SplitShape(InferenceContext& context) {
  const PartialShape& value = context.input(1);
  if (!value.has_rank()) return OkStatus();
  const auto axis = context.integers(0);
  PartialShape shape = PartialShape::OfRank(value.rank());
  if (axis) {
    TB_ASSIGN_OR_RETURN(const int at,
                        graph::NormalizeAxis((*axis)[0], value.rank()));
    const int64_t parts = context.num_outputs();
    int64_t length = value.dim(at);
    if (length != kUnknown) {
      if (length % parts != 0) {
        return InvalidArgumentError(
            "Dimension size must be evenly divisible by " +
            std::to_string(parts) + " but is " + std::to_string(length) +
            "\n\tNumber of ways to split should evenly divide the split "
            "dimension");
      }
      length /= parts;
    }
    shape = graph::WithDim(value, at, length);
  }
  for (int i = 0; i < context.num_outputs(); ++i) context.set_output(i, shape);
  return OkStatus();
}

Status SplitVShape(InferenceContext& context) {
  const PartialShape& value = context.input(0);
  if (!value.has_rank()) return OkStatus();
  const auto sizes = context.integers(1);
  const auto axis = context.integers(2);
  for (int i = 0; i < context.num_outputs(); ++i) {
    PartialShape shape = PartialShape::OfRank(value.rank());
    if (axis) {
      TB_ASSIGN_OR_RETURN(const int at,
                          graph::NormalizeAxis((*axis)[0], value.rank()));
      const size_t k = static_cast<size_t>(i);
      const bool known = sizes && k < sizes->size() && (*sizes)[k] >= 0;
      shape = graph::WithDim(value, at, known ? (*sizes)[k] : kUnknown);
    }
    context.set_output(i, std::move(shape));
  }
  return OkStatus();
}

Status TransposeShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  const auto perm = context.integers(1);
  if (!perm) {
    if (input.has_rank()) {
      context.set_output(0, PartialShape::OfRank(input.rank()));
    }
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(const PartialShape shape,
                      graph::WithRank(input, static_cast<int>(perm->size())));
  std::vector<int64_t> dims;
  for (const int64_t at : *perm) {
    if (at < 0 || at >= shape.rank()) {
      return InvalidArgumentError("perm dim " + std::to_string(at) +
                                  " is out of range of input rank " +
                                  std::to_string(shape.rank()));
    }
    dims.push_back(shape.dim(static_cast<int>(at)));
  }
  return context.SetOutputDims(0, dims);
}

Status TileShape(InferenceContext& context) {
  const auto multiples = context.integers(1);
  const PartialShape& input = context.input(0);
  if (!multiples) {
    if (input.has_rank()) {
      context.set_output(0, PartialShape::OfRank(input.rank()));
    }
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(
      const PartialShape shape,
      graph::WithRank(input, static_cast<int>(multiples->size())));
  std::vector<int64_t> dims;
  for (int i = 0; i < shape.rank(); ++i) {
    const int64_t times = (*multiples)[static_cast<size_t>(i)];
    dims.push_back(shape.dim(i) == kUnknown ? kUnknown : shape.dim(i) * times);
  }
  return context.SetOutputDims(0, dims);
}

Status PadShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape paddings,
                      graph::WithRank(context.input(1), 2));
  TB_RETURN_IF_ERROR(graph::MergeDims(paddings.dim(1), 2).status());
  const PartialShape& input = context.input(0);
  const Tensor* amounts = context.input_tensor(1);
  const int64_t rows =
      input.has_rank() ? int64_t{input.rank()} : paddings.dim(0);
  if (paddings.dim(0) != kUnknown && input.has_rank()) {
    TB_RETURN_IF_ERROR(
        graph::WithRank(input, static_cast<int>(paddings.dim(0))).status());
  }
  if (rows == kUnknown) return OkStatus();
  std::vector<int64_t> dims(static_cast<size_t>(rows), kUnknown);
  if (amounts != nullptr && input.has_rank()) {
    const std::vector<int64_t> by = graph::IntegersOf(*amounts);
    for (size_t i = 0; i < dims.size(); ++i) {
      if (by[2 * i] < 0 || by[2 * i + 1] < 0) {
        return InvalidArgumentError(
            "Paddings must be non-negative: " + std::to_string(by[2 * i]) +
            " " + std::to_string(by[2 * i + 1]));
      }
      const int64_t dim = input.dims()[i];
      if (dim != kUnknown) dims[i] = by[2 * i] + dim + by[2 * i + 1];
    }
  }
  return context.SetOutputDims(0, dims);
}

constexpr graph::OpSpec kArrangeOps[] = {
    {"ConcatOffset", "concat_dim: int32; shape: N * int32", "offset: N * int32",
     "N: int >= 2", kPure, ConcatOffsetShape},
    {"ConcatV2", "values: N * T; axis: Tidx", "output: T",
     "N: int >= 2; T: type; Tidx: {int32, int64} = int32", kPure, ConcatShape},
    {"Pack", "values: N * T", "output: T",
     "N: int >= 1; T: type; axis: int = 0", kPure, PackShape},
    {"Pad", "input: T; paddings: Tpaddings", "output: T",
     "T: type; Tpaddings: {int32, int64} = int32", kPure, PadShape},
    {"PadV2", "input: T; paddings: Tpaddings; constant_values: T", "output: T",
     "T: type; Tpaddings: {int32, int64} = int32", kPure, PadShape},
    {"Split", "split_dim: int32; value: T", "output: num_split * T",
     "num_split: int >= 1; T: type", kPure, SplitShape},
    {"SplitV", "value: T; size_splits: Tlen; split_dim: int32",
     "output: num_split * T",
     "num_split: int >= 1; T: type; Tlen: {int32, int64} = int64", kPure,
     SplitVShape},
    {"Tile", "input: T; multiples: Tmultiples", "output: T",
     "T: type; Tmultiples: {int32, int64} = int32", kPure, TileShape},
    {"Transpose", "x: T; perm: Tperm", "y: T",
     "T: type; Tperm: {int32, int64} = int32", kPure, TransposeShape},
    {"Unpack", "value: T", "output: num * T",
     "num: int >= 0; T: type; axis: int = 0", kPure, UnpackShape},
};

}  // namespace

std::span<const graph::OpSpec> ArrangeOps() { return kArrangeOps; }

}  // namespace tensorbundle::ops
