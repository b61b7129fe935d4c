#include "engine/ops/random.h"

#include "engine/graph/scopes.h"
#include "engine/graph/seed.h"
#include "engine/ops/apply_op.h"

namespace tensorbundle::ops {

using graph::AttrMap;
using graph::AttrValue;
using graph::Graph;
using graph::NameScope;
using graph::Output;

namespace {

// tensor_util.shape_tensor: a list of dimensions is an int32 vector, unless
// one of them is too large for that.
Result<Output> ShapeTensor(Graph* graph, const Operand& shape) {
  if (shape.tensor()) return *shape.tensor();
  const DType dtype =
      shape.natural_dtype() == DType::kInt64 ? DType::kInt64 : DType::kInt32;
  return shape.ToTensor(graph, dtype, "shape");
}

AttrMap SeedAttrs(const Graph& graph, const RandomOptions& options) {
  const graph::Seeds seeds = graph::GetSeed(graph, options.seed);
  return {{"seed", AttrValue::Int(seeds.seed)},
          {"seed2", AttrValue::Int(seeds.seed2)}};
}

Result<Output> RandomReal(Graph* graph, std::string_view op,
                          const Output& shape, const RandomOptions& options) {
  AttrMap attrs = SeedAttrs(*graph, options);
  attrs["dtype"] = AttrValue::Type(options.dtype);
  return ApplyOpOutput(graph, op, {shape}, std::move(attrs));
}

// op(shape) * stddev + mean, all under the scope `default_name`.
Result<Output> Normal(Graph* graph, std::string_view op,
                      std::string_view default_name, const Operand& shape,
                      const Operand& mean, const Operand& stddev,
                      const RandomOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(
      const NameScope scope,
      NameScope::Enter(graph, options.name.empty()
                                  ? default_name
                                  : std::string_view(options.name)));
  TB_ASSIGN_OR_RETURN(const Output shape_tensor, ShapeTensor(graph, shape));
  TB_ASSIGN_OR_RETURN(const Output mean_tensor,
                      mean.ToTensor(graph, options.dtype, "mean"));
  TB_ASSIGN_OR_RETURN(const Output stddev_tensor,
                      stddev.ToTensor(graph, options.dtype, "stddev"));
  TB_ASSIGN_OR_RETURN(const Output random,
                      RandomReal(graph, op, shape_tensor, options));
  TB_ASSIGN_OR_RETURN(
      const Output scaled,
      ApplyOpOutput(graph, "Mul", {random, stddev_tensor}, {}, "mul"));
  return ApplyOpOutput(graph, "Add", {scaled, mean_tensor}, {}, scope.prefix());
}

bool IsUniformInteger(DType dtype) {
  return dtype == DType::kInt32 || dtype == DType::kInt64;
}

}  // namespace

Result<Output> TruncatedNormal(Graph* graph, const Operand& shape,
                               const Operand& mean, const Operand& stddev,
                               const RandomOptions& options) {
  return Normal(graph, "TruncatedNormal", "truncated_normal", shape, mean,
                stddev, options);
}

Result<Output> RandomNormal(Graph* graph, const Operand& shape,
                            const Operand& mean, const Operand& stddev,
                            const RandomOptions& options) {
  return Normal(graph, "RandomStandardNormal", "random_normal", shape, mean,
                stddev, options);
}

Result<Output> RandomUniform(Graph* graph, const Operand& shape,
                             const Operand& minval,
                             const std::optional<Operand>& maxval,
                             const RandomOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  const std::string dtype_text = "tf." + DTypePythonName(options.dtype);
  const bool integer = IsUniformInteger(options.dtype);
  if (!integer && !IsFloating(options.dtype)) {
    return PyValueError("Invalid dtype " + dtype_text);
  }
  if (integer && !maxval) {
    return PyValueError("Must specify maxval for integer dtype " + dtype_text);
  }
  TB_ASSIGN_OR_RETURN(
      const NameScope scope,
      NameScope::Enter(graph, options.name.empty()
                                  ? std::string_view("random_uniform")
                                  : std::string_view(options.name)));
  TB_ASSIGN_OR_RETURN(const Output shape_tensor, ShapeTensor(graph, shape));
  TB_ASSIGN_OR_RETURN(const Output min,
                      minval.ToTensor(graph, options.dtype, "min"));
  TB_ASSIGN_OR_RETURN(
      const Output max,
      maxval.value_or(Operand(1.0)).ToTensor(graph, options.dtype, "max"));
  if (integer) {
    return ApplyOpOutput(graph, "RandomUniformInt", {shape_tensor, min, max},
                         SeedAttrs(*graph, options), scope.prefix());
  }
  TB_ASSIGN_OR_RETURN(const Output random, RandomReal(graph, "RandomUniform",
                                                      shape_tensor, options));
  TB_ASSIGN_OR_RETURN(const Output range,
                      ApplyOpOutput(graph, "Sub", {max, min}, {}, "sub"));
  TB_ASSIGN_OR_RETURN(const Output scaled,
                      ApplyOpOutput(graph, "Mul", {random, range}, {}, "mul"));
  return ApplyOpOutput(graph, "Add", {scaled, min}, {}, scope.prefix());
}

}  // namespace tensorbundle::ops
