// OpDefs of TensorFlow 1.15: matrices.
#include <algorithm>
#include <vector>

#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::PartialShape;

Status DiagPartShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  if (!input.has_rank()) return OkStatus();
  const int rank = input.rank();
  if (rank % 2 != 0 || rank <= 0) {
    return InvalidArgumentError(
        "Input must have even and non-zero rank, input rank is " +
        std::to_string(rank));
  }
  std::vector<int64_t> dims;
  for (int i = 0; i < rank / 2; ++i) {
    TB_ASSIGN_OR_RETURN(
        const int64_t dim,
        graph::MergeDims(input.dim(i), input.dim(i + rank / 2)));
    dims.push_back(dim);
  }
  return context.SetOutputDims(0, dims);
}

Status QrShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape input,
                      graph::WithRankAtLeast(context.input(0), 2));
  if (!input.has_rank()) return OkStatus();
  const int rank = input.rank();
  const int64_t m = input.dim(rank - 2);
  const int64_t n = input.dim(rank - 1);
  const int64_t less = m < 0 || n < 0 ? -1 : std::min(m, n);
  const int64_t columns = context.node().bool_attr("full_matrices") ? m : less;
  context.set_output(0, graph::WithDim(input, rank - 1, columns));
  context.set_output(1, graph::WithDim(input, rank - 2, columns));
  return OkStatus();
}

constexpr graph::OpSpec kLinalgOps[] = {
    {"DiagPart", "input: T", "diagonal: T",
     "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}",
     graph::kPure, DiagPartShape},
    {"Qr", "input: T", "q: T; r: T",
     "full_matrices: bool = false; T: {double, float, complex64, complex128}",
     graph::kPure, QrShape},
};

}  // namespace

std::span<const graph::OpSpec> LinalgOps() { return kLinalgOps; }

}  // namespace tensorbundle::ops
