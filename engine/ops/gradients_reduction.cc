// Gradients of reductions: those of tensorflow/python/ops/math_grad.py.
#include <numeric>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/ops/gradient_call.h"

namespace tensorbundle::ops {

using graph::AttrValue;
using graph::Output;

namespace {

using Integers = std::vector<int64_t>;

// The axes, counted from the front, if the graph tells.
std::optional<Integers> KnownAxes(const GradientCall& g) {
  std::optional<Integers> axes =
      graph::AllKnown(graph::KnownIntegers(g.input(1)));
  const graph::PartialShape& shape = g.input(0).shape();
  if (!axes || !shape.has_rank()) return std::nullopt;
  for (int64_t& axis : *axes) {
    if (axis < 0) axis += shape.rank();
  }
  return axes;
}

// math_ops.reduced_shape: the input's, with 1 where it is reduced.
Operand ReducedShape(GradientCall& g, const Output& input_shape) {
  const graph::PartialShape& shape = g.input(0).shape();
  if (const auto axes = KnownAxes(g); axes && shape.IsFullyDefined()) {
    Integers dims(shape.dims().begin(), shape.dims().end());
    for (const int64_t axis : *axes) dims[static_cast<size_t>(axis)] = 1;
    return GradientCall::Axes(dims);
  }
  const Output size = g.Op("Size", {input_shape});
  // A single axis may be a scalar.
  const Output vector =
      g.Reshape(g.Cast(g.input(1), DType::kInt32), GradientCall::Axes({-1}));
  const Output axes = g.Op("FloorMod", {g.Add(vector, size), size}, {}, "mod");
  const Output range = g.Op("Range",
                            {g.Number(0, DType::kInt32, "range/start"), size,
                             g.Number(1, DType::kInt32, "range/delta")},
                            {}, "range");
  const Output ones = g.Op("Fill", {g.Op("Shape", {axes}),
                                    g.Number(1, DType::kInt32, "Fill/value")});
  if (!g.status().ok()) return Output{};
  return g.Op("DynamicStitch", {std::vector<Operand>{range, axes},
                                std::vector<Operand>{input_shape, ones}});
}

Output SafeShapeDiv(GradientCall& g, const Operand& x, const Operand& y) {
  const Output divisor = g.Op("Maximum", {y, 1.0});
  if (!g.status().ok()) return {};
  return g.Op("FloorDiv", {x, divisor}, {}, "floordiv");
}

Output TileBack(GradientCall& g) {
  const Output grad = g.grad();
  if (!g.status().ok()) return {};
  const graph::PartialShape& shape = g.input(0).shape();
  const auto axes = KnownAxes(g);
  if (axes && shape.has_rank()) {
    Integers all(static_cast<size_t>(shape.rank()));
    std::iota(all.begin(), all.end(), 0);
    if (*axes == all) {
      const Output cell =
          g.Reshape(grad, GradientCall::Axes(Integers(all.size(), 1)));
      const Output input_shape =
          shape.IsFullyDefined()
              ? g.Integers({shape.dims().begin(), shape.dims().end()})
              : g.Shape(g.input(0));
      return g.Op("Tile", {cell, input_shape});
    }
  }
  const Output input_shape = g.Shape(g.input(0));
  const Operand kept = ReducedShape(g, input_shape);
  const Output scaling = SafeShapeDiv(g, input_shape, kept);
  return g.Op("Tile", {g.Reshape(grad, kept), scaling});
}

void SumGrad(GradientCall& g) { g.Set(0, TileBack(g)); }

void MeanGrad(GradientCall& g) {
  const Output sum = TileBack(g);
  if (!g.status().ok()) return;
  const auto from = g.input(0).shape().AsShape();
  const auto to = g.output(0).shape().AsShape();
  Output factor;
  if (from && to) {
    const int64_t count =
        from->num_elements() / std::max<int64_t>(to->num_elements(), 1);
    factor = g.Number(static_cast<double>(count), sum.dtype());
  } else {
    const auto size = [&](const Output& of) {
      return g.Op("Prod", {g.Shape(of), GradientCall::Axes({0})});
    };
    const Output input_size = size(g.input(0));
    const Output output_size = size(g.output(0));
    const Output quotient = SafeShapeDiv(g, input_size, output_size);
    if (!g.status().ok()) return;
    factor = g.Cast(quotient, sum.dtype());
  }
  g.Set(0, g.Op("RealDiv", {sum, factor}, {}, "truediv"));
}

// Shared evenly among all elements that are the extreme.
void ExtremeGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Operand kept = ReducedShape(g, g.Shape(g.input(0)));
  const Output y = g.Reshape(g.output(0), kept);
  const Output dy = g.Reshape(grad, kept);
  const Output equal = g.Op("Equal", {y, g.input(0)});
  if (!g.status().ok()) return;
  const Output indicators = g.Cast(equal, dy.dtype());
  const Output selected = g.Reshape(g.Sum(indicators, g.input(1)), kept);
  g.Set(0, g.Mul(g.Op("RealDiv", {indicators, selected}, {}, "truediv"), dy));
}

// The reduced dimensions go to the front, as one; then each element gets the
// product of all before it and all after it, which copes with zeros.
void ProdGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output input_shape = g.Shape(g.input(0));
  const Operand kept = ReducedShape(g, input_shape);
  const Output tiled =
      g.Op("Tile", {g.Reshape(grad, kept), SafeShapeDiv(g, input_shape, kept)});
  const auto axes = KnownAxes(g);
  if (!axes) {
    g.Fail(UnimplementedError(
        "The gradient of Prod needs axes that the graph knows"));
    return;
  }
  const int rank = g.input(0).shape().rank();
  Integers perm;
  std::vector<bool> reduced(static_cast<size_t>(rank), false);
  for (const int64_t axis : *axes) {
    if (!reduced[static_cast<size_t>(axis)]) perm.push_back(axis);
    reduced[static_cast<size_t>(axis)] = true;
  }
  const size_t count = perm.size();
  for (int i = 0; i < rank; ++i) {
    if (!reduced[static_cast<size_t>(i)]) perm.push_back(i);
  }
  Integers inverse(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) {
    inverse[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
  }
  const Output moved = g.Op("Transpose", {g.input(0), GradientCall::Axes(perm)},
                            {}, "transpose");
  const Output shape = g.Op("Shape", {moved});
  const auto part = [&](int64_t from, int64_t to) {
    return g.Op("Prod",
                {g.Op("StridedSlice",
                      {shape, GradientCall::Axes({from}),
                       GradientCall::Axes({to}), GradientCall::Axes({1})}),
                 GradientCall::Axes({0})});
  };
  const int64_t split = static_cast<int64_t>(count);
  const Output rows = part(0, split);
  const Output columns = part(split, rank);
  if (!g.status().ok()) return;
  const Output matrix =
      g.Reshape(moved, g.Op("Pack", {std::vector<Operand>{rows, columns}}));
  const auto products = [&](bool reverse) {
    return g.Op("Cumprod", {matrix, g.Number(0, DType::kInt32, "axis")},
                {{"exclusive", AttrValue::Bool(true)},
                 {"reverse", AttrValue::Bool(reverse)}});
  };
  const Output others = g.Mul(products(false), products(true));
  const Output back =
      g.Op("Transpose", {g.Reshape(others, shape), GradientCall::Axes(inverse)},
           {}, "transpose");
  g.Set(0, g.Reshape(g.Mul(tiled, back), input_shape));
}

void CumsumGrad(GradientCall& g) {
  g.Set(0,
        g.Op("Cumsum", {g.grad(), g.input(1)},
             {{"exclusive", *g.node().attr("exclusive")},
              {"reverse", AttrValue::Bool(!g.node().bool_attr("reverse"))}}));
}

constexpr GradientEntry kReductionGradients[] = {
    {"Cumsum", CumsumGrad}, {"Max", ExtremeGrad}, {"Mean", MeanGrad},
    {"Min", ExtremeGrad},   {"Prod", ProdGrad},   {"Sum", SumGrad},
};

}  // namespace

std::span<const GradientEntry> ReductionGradients() {
  return kReductionGradients;
}

}  // namespace tensorbundle::ops
