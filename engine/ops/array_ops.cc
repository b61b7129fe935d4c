// OpDefs of TensorFlow 1.15: constants, placeholders, shapes and what fills
// them.
#include <string>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

using graph::InferenceContext;
using graph::kPure;
using graph::PartialShape;
using graph::UnchangedShape;

constexpr int64_t kUnknown = PartialShape::kUnknownDim;

Status ConstShape(InferenceContext& context) {
  // A file may say two things of one constant.
  const Tensor& value = *context.attr("value")->tensor();
  const DType dtype = *context.attr("dtype")->type();
  if (value.dtype() != dtype) {
    return InvalidArgumentError("Type mismatch between value (" +
                                DTypeString(value.dtype()) + ") and dtype (" +
                                DTypeString(dtype) + ")");
  }
  context.set_output(0, value.shape());
  return OkStatus();
}

// The default must fit the declared shape; what is known of it is the latter.
Status PlaceholderWithDefaultShape(InferenceContext& context) {
  const PartialShape& declared = *context.attr("shape")->shape();
  TB_RETURN_IF_ERROR(graph::Merge(context.input(0), declared).status());
  context.set_output(0, declared);
  return OkStatus();
}

// A vector as long as the input's rank.
Status ShapeShape(InferenceContext& context) {
  for (int i = 0; i < context.num_inputs(); ++i) {
    const PartialShape& input = context.input(i);
    context.set_output(
        i, PartialShape::Of({input.has_rank() ? input.rank() : kUnknown}));
  }
  return OkStatus();
}

Status FillShape(InferenceContext& context) {
  TB_RETURN_IF_ERROR(graph::WithRank(context.input(1), 0).status());
  TB_ASSIGN_OR_RETURN(PartialShape shape, context.ShapeFromInput(0));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

// The product of the known dimensions; kUnknown if one is not known, but for
// `skip`.
int64_t Elements(const PartialShape& shape, int skip = -1) {
  int64_t product = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (i == skip) continue;
    if (shape.dim(i) == kUnknown) return kUnknown;
    if (__builtin_mul_overflow(product, shape.dim(i), &product)) {
      return kUnknown;
    }
  }
  return product;
}

// SetOutputShapeForReshape, core/ops/array_ops.cc: -1 is what is left over.
Status ReshapeShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  TB_ASSIGN_OR_RETURN(PartialShape shape, context.ShapeFromInput(1));
  if (!shape.has_rank() || !input.has_rank()) {
    context.set_output(0, std::move(shape));
    return OkStatus();
  }
  const int64_t from = Elements(input);
  const int64_t to = Elements(shape);
  if (from != kUnknown && to != kUnknown && from != to) {
    return InvalidArgumentError("Cannot reshape a tensor with " +
                                std::to_string(from) + " elements to shape " +
                                shape.ToString() + " (" + std::to_string(to) +
                                " elements)");
  }
  // One unknown dimension on either side follows from the others.
  int unknown = -1;
  int count = 0;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape.dim(i) != kUnknown) continue;
    unknown = i;
    ++count;
  }
  if (count == 1) {
    int64_t rest = Elements(shape, unknown);
    int64_t total = from;
    if (total == kUnknown) {
      // [?,2,3] as [?,6]: the unknown ones are equal.
      int open = -1;
      int open_count = 0;
      for (int i = 0; i < input.rank(); ++i) {
        if (input.dim(i) != kUnknown) continue;
        open = i;
        ++open_count;
      }
      const int64_t known = open_count == 1 ? Elements(input, open) : kUnknown;
      if (known == rest && rest != kUnknown && known > 0) {
        rest = kUnknown;  // [?,...] stays as it is
      }
    }
    if (total != kUnknown && rest != kUnknown && rest != 0) {
      if (total % rest != 0) {
        return InvalidArgumentError(
            "Dimension size must be evenly divisible by " +
            std::to_string(rest) + " but is " + std::to_string(total));
      }
      shape = graph::WithDim(shape, unknown, total / rest);
    }
  }
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status ExpandDimsShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  if (!input.has_rank()) return OkStatus();
  const auto axis = context.integers(1);
  if (!axis || axis->size() != 1) {
    context.set_output(0, PartialShape::OfRank(input.rank() + 1));
    return OkStatus();
  }
  const int rank = input.rank();
  int64_t at = (*axis)[0];
  if (at < -1 - rank || at > rank) {
    return InvalidArgumentError(
        "dim " + std::to_string(at) + " not in the interval [" +
        std::to_string(-1 - rank) + ", " + std::to_string(rank) + "].");
  }
  if (at < 0) at += rank + 1;
  std::vector<int64_t> dims(input.dims().begin(), input.dims().end());
  dims.insert(dims.begin() + static_cast<ptrdiff_t>(at), 1);
  return context.SetOutputDims(0, dims);
}

Status SqueezeShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  if (!input.has_rank()) return OkStatus();
  const std::span<const int64_t> axes =
      context.node().ints_attr("squeeze_dims");
  std::vector<bool> squeezed(static_cast<size_t>(input.rank()), false);
  for (const int64_t axis : axes) {
    if (axis < -input.rank() || axis >= input.rank()) {
      return InvalidArgumentError("squeeze_dims[" + std::to_string(axis) +
                                  "] not in [" + std::to_string(-input.rank()) +
                                  "," + std::to_string(input.rank()) + ").");
    }
    squeezed[static_cast<size_t>(axis < 0 ? axis + input.rank() : axis)] = true;
  }
  std::vector<int64_t> dims;
  for (int i = 0; i < input.rank(); ++i) {
    const int64_t dim = input.dim(i);
    if (axes.empty() && dim == kUnknown) return OkStatus();
    if (axes.empty() ? dim == 1 : squeezed[static_cast<size_t>(i)]) {
      if (dim == 1 || dim == kUnknown) continue;
      return InvalidArgumentError("Can not squeeze dim[" + std::to_string(i) +
                                  "], expected a dimension of 1, got " +
                                  std::to_string(dim));
    }
    dims.push_back(dim);
  }
  return context.SetOutputDims(0, dims);
}

Status OneHotShape(InferenceContext& context) {
  for (int i = 1; i < 4; ++i) {
    TB_RETURN_IF_ERROR(graph::WithRank(context.input(i), 0).status());
  }
  const int64_t axis = context.node().int_attr("axis");
  if (axis < -1) return InvalidArgumentError("axis must be >= -1");
  const PartialShape& indices = context.input(0);
  if (!indices.has_rank()) return OkStatus();
  const auto depth = context.integers(1);
  if (depth && (*depth)[0] < 0) {
    return InvalidArgumentError("Dimension size, given by scalar input 1, " +
                                std::string("must be non-negative but is ") +
                                std::to_string((*depth)[0]));
  }
  if (axis > indices.rank()) {
    return graph::NormalizeAxis(axis, indices.rank() + 1).status();
  }
  std::vector<int64_t> dims(indices.dims().begin(), indices.dims().end());
  dims.insert(
      axis < 0 ? dims.end() : dims.begin() + static_cast<ptrdiff_t>(axis),
      depth ? (*depth)[0] : kUnknown);
  return context.SetOutputDims(0, dims);
}

// Two vectors of a length that only a run knows.
Status BroadcastArgsShape(InferenceContext& context) {
  for (int i = 0; i < 2; ++i) {
    TB_RETURN_IF_ERROR(graph::WithRank(context.input(i), 1).status());
    context.set_output(i, PartialShape::OfRank(1));
  }
  return OkStatus();
}

Status BroadcastToShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape, context.ShapeFromInput(1));
  if (shape.has_rank() && context.input(0).has_rank()) {
    TB_RETURN_IF_ERROR(graph::Broadcast(context.input(0), shape).status());
  }
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status WhereShape(InferenceContext& context) {
  const PartialShape& input = context.input(0);
  context.set_output(
      0,
      PartialShape::Of({kUnknown, input.has_rank() ? input.rank() : kUnknown}));
  return OkStatus();
}

constexpr char kShapeAttrs[] = "T: type; out_type: {int32, int64} = int32";

// Graphs of these versions give a placeholder of unknown shape a scalar's.
constexpr int32_t kLastWithoutUnknownRank = 21;

Status PlaceholderShape(InferenceContext& context) {
  const PartialShape& shape = *context.attr("shape")->shape();
  const int32_t version = context.node().graph().foreign().producer;
  const bool is_known = version > kLastWithoutUnknownRank ||
                        (shape.has_rank() && shape.rank() > 0);
  if (is_known) context.set_output(0, shape);
  return OkStatus();
}

constexpr graph::OpSpec kArrayOps[] = {
    {"BroadcastGradientArgs", "s0: T; s1: T", "r0: T; r1: T",
     "T: {int32, int64} = int32", kPure, BroadcastArgsShape},
    {"BroadcastTo", "input: T; shape: Tidx", "output: T",
     "T: type; Tidx: {int32, int64} = int32", kPure, BroadcastToShape},
    {"Const", "", "output: dtype", "value: tensor; dtype: type", kPure,
     ConstShape},
    {"ExpandDims", "input: T; dim: Tdim", "output: T",
     "T: type; Tdim: {int32, int64} = int32", kPure, ExpandDimsShape},
    {"Fill", "dims: index_type; value: T", "output: T",
     "T: type; index_type: {int32, int64} = int32", kPure, FillShape},
    {"Identity", "input: T", "output: T", "T: type", kPure, UnchangedShape},
    {"InvertPermutation", "x: T", "y: T", "T: {int32, int64} = int32", kPure,
     UnchangedShape},
    {"NoOp", "", "", "", kPure, nullptr},
    {"OneHot", "indices: TI; depth: int32; on_value: T; off_value: T",
     "output: T", "axis: int = -1; T: type; TI: {uint8, int32, int64} = int64",
     kPure, OneHotShape},
    {"OnesLike", "x: T", "y: T",
     "T: {bfloat16, half, float, double, int8, uint8, int16, uint16, int32, "
     "int64, complex64, complex128, bool}",
     kPure, UnchangedShape},
    {"Placeholder", "", "output: dtype",
     "dtype: type; shape: shape = { unknown_rank: true }", kPure,
     PlaceholderShape},
    {"PlaceholderWithDefault", "input: dtype", "output: dtype",
     "dtype: type; shape: shape", kPure, PlaceholderWithDefaultShape},
    {"PreventGradient", "input: T", "output: T",
     "T: type; message: string = ''", kPure, UnchangedShape},
    {"Rank", "input: T", "output: int32", "T: type", kPure, graph::ScalarShape},
    {"Reshape", "tensor: T; shape: Tshape", "output: T",
     "T: type; Tshape: {int32, int64} = int32", kPure, ReshapeShape},
    {"Shape", "input: T", "output: out_type", kShapeAttrs, kPure, ShapeShape},
    {"ShapeN", "input: N * T", "output: N * out_type",
     "N: int >= 1; T: type; out_type: {int32, int64} = int32", kPure,
     ShapeShape},
    {"Size", "input: T", "output: out_type", kShapeAttrs, kPure,
     graph::ScalarShape},
    {"Squeeze", "input: T", "output: T",
     "T: type; squeeze_dims: list(int) >= 0 = []", kPure, SqueezeShape},
    {"StopGradient", "input: T", "output: T", "T: type", kPure, UnchangedShape},
    {"Where", "input: T", "index: int64", "T: {numbertype, bool} = bool", kPure,
     WhereShape},
    {"ZerosLike", "x: T", "y: T", "T: type", kPure, UnchangedShape},
};

}  // namespace

std::span<const graph::OpSpec> ArrayOps() { return kArrayOps; }

}  // namespace tensorbundle::ops
