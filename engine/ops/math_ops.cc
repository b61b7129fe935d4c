// OpDefs of TensorFlow 1.15: arithmetic, comparison, conversion.
#include <string>
#include <vector>

#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::BroadcastShape;
using graph::InferenceContext;
using graph::kAggregate;
using graph::kCommutative;
using graph::kPure;
using graph::PartialShape;
using graph::UnchangedShape;

// The macros of core/ops/math_ops.cc.
constexpr char kUnary[] =
    "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}";
constexpr char kUnaryReal[] = "T: {bfloat16, half, float, double}";
constexpr char kUnaryComplex[] =
    "T: {bfloat16, half, float, double, complex64, complex128}";
constexpr char kBinaryMore[] =
    "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, "
    "int64, complex64, complex128}";
constexpr char kOrdered[] = "T: {bfloat16, half, float, double, int32, int64}";
constexpr char kEquality[] =
    "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
    "complex64, quint8, qint8, qint32, string, bool, complex128}; "
    "incompatible_shape_error: bool = true";

Status MatMulShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape a,
                      graph::WithRank(context.input(0), 2));
  TB_ASSIGN_OR_RETURN(const PartialShape b,
                      graph::WithRank(context.input(1), 2));
  const int ta = context.node().bool_attr("transpose_a") ? 1 : 0;
  const int tb = context.node().bool_attr("transpose_b") ? 1 : 0;
  TB_RETURN_IF_ERROR(graph::MergeDims(a.dim(1 - ta), b.dim(tb)).status());
  context.set_output(0, PartialShape::Of({a.dim(ta), b.dim(1 - tb)}));
  return OkStatus();
}

Status BatchMatMulShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(const PartialShape a,
                      graph::WithRankAtLeast(context.input(0), 2));
  TB_ASSIGN_OR_RETURN(const PartialShape b,
                      graph::WithRankAtLeast(context.input(1), 2));
  if (!a.has_rank() || !b.has_rank()) return OkStatus();
  const int ta = context.node().bool_attr("adj_x") ? 1 : 0;
  const int tb = context.node().bool_attr("adj_y") ? 1 : 0;
  const int i = a.rank() - 2;
  const int k = b.rank() - 2;
  TB_RETURN_IF_ERROR(
      graph::MergeDims(a.dim(i + 1 - ta), b.dim(k + tb)).status());
  const auto batch = [](const PartialShape& of) {
    return *PartialShape::Create(of.dims().first(of.dims().size() - 2));
  };
  TB_ASSIGN_OR_RETURN(const PartialShape outer,
                      graph::Broadcast(batch(a), batch(b)));
  std::vector<int64_t> dims(outer.dims().begin(), outer.dims().end());
  dims.push_back(a.dim(i + ta));
  dims.push_back(b.dim(k + 1 - tb));
  return context.SetOutputDims(0, dims);
}

// Of tensors of one shape.
Status AddNShape(InferenceContext& context) {
  PartialShape shape = context.input(context.num_inputs() - 1);
  for (int i = context.num_inputs() - 2; i >= 0; --i) {
    Result<PartialShape> merged = graph::Merge(context.input(i), shape);
    if (!merged.ok()) {
      return Status(merged.status())
          .WithMessage(merged.status().message() + "\n\tFrom merging shape " +
                       std::to_string(i) + " with other shapes.");
    }
    shape = std::move(merged).value();
  }
  context.set_output(0, std::move(shape));
  return OkStatus();
}

// The condition is a scalar, a vector of rows, or of the values' shape.
Status SelectShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape values,
                      graph::Merge(context.input(1), context.input(2)));
  const PartialShape& condition = context.input(0);
  if (values.has_rank() && condition.has_rank() && condition.rank() != 0) {
    if (condition.rank() == 1 && values.rank() > 0) {
      TB_ASSIGN_OR_RETURN(const int64_t rows,
                          graph::MergeDims(values.dim(0), condition.dim(0)));
      values = graph::WithDim(values, 0, rows);
    } else {
      TB_ASSIGN_OR_RETURN(values, graph::Merge(values, condition));
    }
  }
  context.set_output(0, std::move(values));
  return OkStatus();
}

Status RangeShape(InferenceContext& context) {
  int64_t size = PartialShape::kUnknownDim;
  for (int i = 0; i < 3; ++i) {
    TB_RETURN_IF_ERROR(graph::WithRank(context.input(i), 0).status());
  }
  const DType dtype = context.node().type_attr("Tidx");
  if (dtype == DType::kInt32 || dtype == DType::kInt64) {
    const auto start = context.integers(0);
    const auto limit = context.integers(1);
    const auto delta = context.integers(2);
    if (start && limit && delta) {
      const int64_t from = (*start)[0], to = (*limit)[0], step = (*delta)[0];
      if (step == 0) return InvalidArgumentError("Requires delta != 0");
      if (step > 0 ? from > to : from < to) {
        return InvalidArgumentError(
            std::string("Requires start ") + (step > 0 ? "<=" : ">=") +
            " limit when delta " + (step > 0 ? ">" : "<") +
            " 0: " + std::to_string(from) + "/" + std::to_string(to));
      }
      size = (to - from + step + (step > 0 ? -1 : 1)) / step;
    }
  }
  context.set_output(0, PartialShape::Of({size}));
  return OkStatus();
}

Status SegmentSumShape(InferenceContext& context) {
  const PartialShape& data = context.input(0);
  const PartialShape& ids = context.input(1);
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(2), 0).status());
  if (!data.has_rank() || !ids.has_rank()) return OkStatus();
  if (ids.rank() > data.rank()) {
    return graph::WithRankAtLeast(data, ids.rank()).status();
  }
  const auto count = context.integers(2);
  std::vector<int64_t> dims = {count ? (*count)[0] : PartialShape::kUnknownDim};
  for (int i = 0; i < data.rank(); ++i) {
    if (i >= ids.rank()) {
      dims.push_back(data.dim(i));
    } else {
      TB_RETURN_IF_ERROR(graph::MergeDims(data.dim(i), ids.dim(i)).status());
    }
  }
  return context.SetOutputDims(0, dims);
}

constexpr graph::OpSpec kMathOps[] = {
    {"Abs", "x: T", "y: T", "T: {bfloat16, half, float, double, int32, int64}",
     kPure, UnchangedShape},
    {"Add", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
     "complex64, complex128, string}",
     kPure, BroadcastShape},
    {"AddN", "inputs: N * T", "sum: T", "N: int >= 1; T: {numbertype, variant}",
     kAggregate | kCommutative, AddNShape},
    {"AddV2", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
     "complex64, complex128}",
     kAggregate | kCommutative, BroadcastShape},
    {"BatchMatMulV2", "x: T; y: T", "output: T",
     "T: {bfloat16, half, float, double, int32, int64, complex64, complex128}; "
     "adj_x: bool = false; adj_y: bool = false",
     kPure, BatchMatMulShape},
    {"Cast", "x: SrcT", "y: DstT",
     "SrcT: type; DstT: type; Truncate: bool = false", kPure, UnchangedShape},
    {"Ceil", "x: T", "y: T", kUnaryReal, kPure, UnchangedShape},
    {"Cos", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"Div", "x: T; y: T", "z: T", kBinaryMore, kPure, BroadcastShape},
    {"Equal", "x: T; y: T", "z: bool", kEquality, kCommutative, BroadcastShape},
    {"Exp", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"Expm1", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"Floor", "x: T", "y: T", kUnaryReal, kPure, UnchangedShape},
    {"FloorDiv", "x: T; y: T", "z: T", kBinaryMore, kPure, BroadcastShape},
    {"FloorMod", "x: T; y: T", "z: T",
     "T: {int32, int64, bfloat16, half, float, double}", kPure, BroadcastShape},
    {"Greater", "x: T; y: T", "z: bool", "T: realnumbertype", kPure,
     BroadcastShape},
    {"GreaterEqual", "x: T; y: T", "z: bool", "T: realnumbertype", kPure,
     BroadcastShape},
    {"IsFinite", "x: T", "y: bool", kUnaryReal, kPure, UnchangedShape},
    {"IsNan", "x: T", "y: bool", kUnaryReal, kPure, UnchangedShape},
    {"Less", "x: T; y: T", "z: bool", "T: realnumbertype", kPure,
     BroadcastShape},
    {"LessEqual", "x: T; y: T", "z: bool", "T: realnumbertype", kPure,
     BroadcastShape},
    {"Log", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"Log1p", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"LogicalAnd", "x: bool; y: bool", "z: bool", "", kCommutative,
     BroadcastShape},
    {"LogicalNot", "x: bool", "y: bool", "", kPure, UnchangedShape},
    {"LogicalOr", "x: bool; y: bool", "z: bool", "", kCommutative,
     BroadcastShape},
    {"MatMul", "a: T; b: T", "product: T",
     "transpose_a: bool = false; transpose_b: bool = false; T: {bfloat16, "
     "half, float, double, int32, int64, complex64, complex128}",
     kPure, MatMulShape},
    {"Maximum", "x: T; y: T", "z: T", kOrdered, kCommutative, BroadcastShape},
    {"Minimum", "x: T; y: T", "z: T", kOrdered, kCommutative, BroadcastShape},
    {"Mul", "x: T; y: T", "z: T", kBinaryMore, kCommutative, BroadcastShape},
    {"Neg", "x: T", "y: T", kUnary, kPure, UnchangedShape},
    {"NotEqual", "x: T; y: T", "z: bool", kEquality, kCommutative,
     BroadcastShape},
    {"Pow", "x: T; y: T", "z: T",
     "T: {bfloat16, float, half, double, int32, int64, complex64, complex128}",
     kPure, BroadcastShape},
    {"Range", "start: Tidx; limit: Tidx; delta: Tidx", "output: Tidx",
     "Tidx: {bfloat16, float, double, int32, int64} = int32", kPure,
     RangeShape},
    {"RealDiv", "x: T; y: T", "z: T", kBinaryMore, kPure, BroadcastShape},
    {"Reciprocal", "x: T", "y: T", kUnary, kPure, UnchangedShape},
    {"Round", "x: T", "y: T", kUnary, kPure, UnchangedShape},
    {"Rsqrt", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"RsqrtGrad", "y: T; dy: T", "z: T", kUnaryComplex, kPure, UnchangedShape},
    {"Select", "condition: bool; t: T; e: T", "output: T", "T: type", kPure,
     SelectShape},
    {"Sigmoid", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"SigmoidGrad", "y: T; dy: T", "z: T", kUnaryComplex, kPure,
     UnchangedShape},
    {"Sign", "x: T", "y: T", kUnary, kPure, UnchangedShape},
    {"Sin", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"Sqrt", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"SqrtGrad", "y: T; dy: T", "z: T", kUnaryComplex, kPure, UnchangedShape},
    {"Square", "x: T", "y: T", kUnary, kPure, UnchangedShape},
    {"SquaredDifference", "x: T; y: T", "z: T", kUnary, kCommutative,
     BroadcastShape},
    {"Sub", "x: T; y: T", "z: T", kBinaryMore, kPure, BroadcastShape},
    {"Tanh", "x: T", "y: T", kUnaryComplex, kPure, UnchangedShape},
    {"TanhGrad", "y: T; dy: T", "z: T", kUnaryComplex, kPure, UnchangedShape},
    {"UnsortedSegmentSum",
     "data: T; segment_ids: Tindices; num_segments: Tnumsegments", "output: T",
     "T: numbertype; Tindices: {int32, int64}; "
     "Tnumsegments: {int32, int64} = int32",
     kPure, SegmentSumShape},
};

}  // namespace

std::span<const graph::OpSpec> MathOps() { return kMathOps; }

}  // namespace tensorbundle::ops
