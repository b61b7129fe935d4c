// OpDefs of TensorFlow 1.15: what picks elements of tensors by their indices,
// and puts them back.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/graph/shape_inference.h"
#include "engine/graph/strided_slice.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::kPure;
using graph::PartialShape;

constexpr int64_t kUnknown = PartialShape::kUnknownDim;

Status SliceShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  const auto begin = context.integers(1);
  const auto size = context.integers(2);
  if (!input.has_rank()) {
    if (size)
      context.set_output(0,
                         PartialShape::OfRank(static_cast<int>(size->size())));
    return OkStatus();
  }
  const size_t rank = static_cast<size_t>(input.rank());
  for (const auto& each : {begin, size}) {
    if (each && each->size() != rank) {
      return graph::WithRank(input, static_cast<int>(each->size())).status();
    }
  }
  std::vector<int64_t> dims(rank, kUnknown);
  for (size_t i = 0; i < rank && size; ++i) {
    const int64_t dim = input.dims()[i];
    if ((*size)[i] >= 0) {
      dims[i] = (*size)[i];
    } else if (begin && dim != kUnknown) {
      dims[i] = dim - (*begin)[i];
    }
    if (begin && dim != kUnknown &&
        ((*begin)[i] < 0 || dims[i] < 0 || (*begin)[i] + dims[i] > dim)) {
      return InvalidArgumentError(
          "Subshape must have computed start >= end "
          "since stride is negative, but is " +
          std::to_string((*begin)[i]) + " and " +
          std::to_string((*begin)[i] + dims[i]));
    }
  }
  return context.SetOutputDims(0, dims);
}

Status StridedSliceShape(InferenceContext& context) {
  PartialShape spec;
  for (int i = 1; i < 4; ++i) {
    TB_ASSIGN_OR_RETURN(const PartialShape vector,
                        graph::WithRank(context.input(i), 1));
    TB_ASSIGN_OR_RETURN(spec, graph::Merge(spec, vector));
  }
  const PartialShape& input = context.input(0);
  const auto strides = context.integers(3);
  if (!input.has_rank() || !strides) return OkStatus();
  TB_ASSIGN_OR_RETURN(
      graph::StridedSlice slice,
      graph::ResolveStridedSlice(context.node(), input, context.integers(1),
                                 context.integers(2), *strides));
  context.set_output(0, std::move(slice.shape));
  return OkStatus();
}

Status StridedSliceGradShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape, context.ShapeFromInput(0));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status GatherShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape params,
                      graph::WithRankAtLeast(context.input(0), 1));
  const PartialShape& indices = context.input(1);
  int64_t axis = 0;
  if (context.num_inputs() == 3) {
    const auto value = context.integers(2);
    if (!value) {
      if (params.has_rank() && indices.has_rank()) {
        context.set_output(
            0, PartialShape::OfRank(params.rank() + indices.rank() - 1));
      }
      return OkStatus();
    }
    axis = (*value)[0];
  }
  if (!params.has_rank() || !indices.has_rank()) return OkStatus();
  TB_ASSIGN_OR_RETURN(const int at, graph::NormalizeAxis(axis, params.rank()));
  std::vector<int64_t> dims(params.dims().begin(), params.dims().end());
  dims.erase(dims.begin() + at);
  dims.insert(dims.begin() + at, indices.dims().begin(), indices.dims().end());
  return context.SetOutputDims(0, dims);
}

// As long as the largest index says.
Status DynamicStitchShape(InferenceContext& context) {
  const int count = context.num_inputs() / 2;
  PartialShape rest;
  std::optional<int64_t> largest = -1;
  for (int i = 0; i < count; ++i) {
    const auto indices = context.integers(i);
    for (size_t k = 0; indices && k < indices->size() && largest; ++k) {
      largest = std::max(*largest, (*indices)[k]);
    }
    if (!indices) largest = std::nullopt;
    const PartialShape& data = context.input(count + i);
    const PartialShape& at = context.input(i);
    if (!data.has_rank() || !at.has_rank()) continue;
    TB_RETURN_IF_ERROR(graph::WithRankAtLeast(data, at.rank()).status());
    TB_ASSIGN_OR_RETURN(const PartialShape tail,
                        PartialShape::Create(data.dims().subspan(
                            static_cast<size_t>(at.rank()))));
    TB_ASSIGN_OR_RETURN(rest, graph::Merge(rest, tail));
  }
  if (!rest.has_rank()) return OkStatus();
  std::vector<int64_t> dims(rest.dims().begin(), rest.dims().end());
  dims.insert(dims.begin(), largest ? *largest + 1 : kUnknown);
  return context.SetOutputDims(0, dims);
}

constexpr char kIndexed[] = "T: type; Index: {int32, int64}";
constexpr char kStrided[] =
    "T: type; Index: {int32, int64}; begin_mask: int = 0; end_mask: int = 0; "
    "ellipsis_mask: int = 0; new_axis_mask: int = 0; "
    "shrink_axis_mask: int = 0";

constexpr graph::OpSpec kIndexingOps[] = {
    {"DynamicStitch", "indices: N * int32; data: N * T", "merged: T",
     "N: int >= 1; T: type", kPure, DynamicStitchShape},
    {"Gather", "params: Tparams; indices: Tindices", "output: Tparams",
     "validate_indices: bool = true; Tparams: type; Tindices: {int32, int64}",
     kPure, GatherShape},
    {"GatherV2", "params: Tparams; indices: Tindices; axis: Taxis",
     "output: Tparams",
     "batch_dims: int = 0; Tparams: type; Tindices: {int32, int64}; "
     "Taxis: {int32, int64}",
     kPure, GatherShape},
    {"Slice", "input: T; begin: Index; size: Index", "output: T", kIndexed,
     kPure, SliceShape},
    {"StridedSlice", "input: T; begin: Index; end: Index; strides: Index",
     "output: T", kStrided, kPure, StridedSliceShape},
    {"StridedSliceGrad",
     "shape: Index; begin: Index; end: Index; strides: Index; dy: T",
     "output: T", kStrided, kPure, StridedSliceGradShape},
};

}  // namespace

std::span<const graph::OpSpec> IndexingOps() { return kIndexingOps; }

}  // namespace tensorbundle::ops
