// OpDefs of TensorFlow 1.15: reductions.
#include <cstddef>
#include <string>
#include <vector>

#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::PartialShape;

Status ReductionShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  const PartialShape& axes_shape = context.input(1);
  if (axes_shape.has_rank() && axes_shape.rank() > 1) {
    return InvalidArgumentError("Shape must be at most rank 1 but is rank " +
                                std::to_string(axes_shape.rank()));
  }
  if (!input.has_rank()) return OkStatus();
  const bool keep = context.node().bool_attr("keep_dims");
  const auto axes = context.integers(1);
  if (!axes) {
    if (keep) context.set_output(0, PartialShape::OfRank(input.rank()));
    return OkStatus();
  }
  std::vector<bool> reduced(static_cast<size_t>(input.rank()), false);
  for (const int64_t axis : *axes) {
    if (axis < -input.rank() || axis >= input.rank()) {
      return InvalidArgumentError(
          "Invalid reduction dimension " + std::to_string(axis) +
          " for input with " + std::to_string(input.rank()) + " dimensions.");
    }
    reduced[static_cast<size_t>(axis < 0 ? axis + input.rank() : axis)] = true;
  }
  std::vector<int64_t> dims;
  for (int i = 0; i < input.rank(); ++i) {
    if (!reduced[static_cast<size_t>(i)]) {
      dims.push_back(input.dim(i));
    } else if (keep) {
      dims.push_back(1);
    }
  }
  return context.SetOutputDims(0, dims);
}

Status ArgExtremeShape(InferenceContext& context) {
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(1), 0).status());
  const PartialShape& input = context.input(0);
  if (!input.has_rank()) return OkStatus();
  const int rank = input.rank();
  if (rank <= 1) {
    context.set_output(0, PartialShape::Of({}));
    return OkStatus();
  }
  const auto axis = context.integers(1);
  if (!axis) {
    context.set_output(0, PartialShape::OfRank(rank - 1));
    return OkStatus();
  }
  int64_t at = (*axis)[0];
  if (at < -rank || at >= rank) {
    return InvalidArgumentError(
        "Dimension (" + std::to_string(at) + ") must be in the range [" +
        std::to_string(-rank) + ", " + std::to_string(rank) + "), where " +
        std::to_string(rank) + " is the number of dimensions in the input.");
  }
  if (at < 0) at += rank;
  std::vector<int64_t> dims(input.dims().begin(), input.dims().end());
  dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(at));
  return context.SetOutputDims(0, dims);
}

constexpr char kInputs[] = "input: T; reduction_indices: Tidx";
constexpr char kAttrs[] =
    "keep_dims: bool = false; T: numbertype; Tidx: {int32, int64} = int32";
constexpr char kBoolInputs[] = "input: bool; reduction_indices: Tidx";
constexpr char kBoolAttrs[] =
    "keep_dims: bool = false; Tidx: {int32, int64} = int32";
constexpr char kArgAttrs[] =
    "T: numbertype; Tidx: {int32, int64} = int32; "
    "output_type: {int32, int64} = int64";

constexpr char kCumAttrs[] =
    "exclusive: bool = false; reverse: bool = false; T: numbertype; "
    "Tidx: {int32, int64} = int32";

constexpr graph::OpSpec kReductionOps[] = {
    {"All", kBoolInputs, "output: bool", kBoolAttrs, graph::kPure,
     ReductionShape},
    {"Any", kBoolInputs, "output: bool", kBoolAttrs, graph::kPure,
     ReductionShape},
    {"ArgMax", "input: T; dimension: Tidx", "output: output_type", kArgAttrs,
     graph::kPure, ArgExtremeShape},
    {"ArgMin", "input: T; dimension: Tidx", "output: output_type", kArgAttrs,
     graph::kPure, ArgExtremeShape},
    {"Cumprod", "x: T; axis: Tidx", "out: T", kCumAttrs, graph::kPure,
     graph::UnchangedShape},
    {"Cumsum", "x: T; axis: Tidx", "out: T", kCumAttrs, graph::kPure,
     graph::UnchangedShape},
    {"Max", kInputs, "output: T", kAttrs, graph::kPure, ReductionShape},
    {"Mean", kInputs, "output: T", kAttrs, graph::kPure, ReductionShape},
    {"Min", kInputs, "output: T", kAttrs, graph::kPure, ReductionShape},
    {"Prod", kInputs, "output: T", kAttrs, graph::kPure, ReductionShape},
    {"Sum", kInputs, "output: T", kAttrs, graph::kPure, ReductionShape},
};

}  // namespace

std::span<const graph::OpSpec> ReductionOps() { return kReductionOps; }

}  // namespace tensorbundle::ops
