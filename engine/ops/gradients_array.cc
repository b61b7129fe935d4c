// Gradients of reductions and rearrangements: tensorflow/python/ops/
// array_grad.py and the reductions of math_grad.py.
#include <numeric>
#include <string>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/graph/scopes.h"
#include "engine/ops/gradient_call.h"

namespace tensorbundle::ops {

using graph::AttrMap;
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

// Of ops that change the shape alone.
void ReshapeGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, g.Reshape(grad, g.Shape(g.input(0))));
}

void IdentityGrad(GradientCall& g) { g.Set(0, g.gradient(0)); }

void TransposeGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, g.Op("Transpose", {grad, g.Op("InvertPermutation", {g.input(1)})},
                {}, "transpose"));
}

void TileGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output shape = g.Shape(g.input(0));
  if (!g.status().ok()) return;
  // [multiple, dimension] for each dimension, summed over the multiples.
  const Output pairs = g.Op(
      "Pack", {std::vector<Operand>{g.Cast(g.input(1), DType::kInt32), shape}},
      {}, "stack");
  const Output split = g.Reshape(
      g.Op("Transpose", {pairs, GradientCall::Axes({1, 0})}, {}, "transpose"),
      GradientCall::Axes({-1}));
  const Output axes =
      g.Op("Range",
           {g.Number(0, DType::kInt32, "range/start"), g.Op("Size", {split}),
            g.Number(2, DType::kInt32, "range/delta")},
           {}, "range");
  g.Set(0, g.Sum(g.Reshape(grad, split), axes));
}

void FillGrad(GradientCall& g) {
  const Output grad = g.grad();
  if (!g.status().ok()) return;
  const Output rank = g.Op("Rank", {grad});
  const Output axes = g.Op("Range",
                           {g.Number(0, DType::kInt32, "range/start"), rank,
                            g.Number(1, DType::kInt32, "range/delta")},
                           {}, "range");
  g.Set(1, g.Sum(grad, axes));
}

void BroadcastToGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output from = g.Shape(g.input(0));
  const std::vector<Output> axes =
      g.Ops("BroadcastGradientArgs", {g.Shape(g.output(0)), from});
  if (!g.status().ok()) return;
  g.Set(0, g.Reshape(g.Sum(grad, axes[1]), from));
}

void PackGrad(GradientCall& g) {
  const std::vector<Output> parts =
      g.Ops("Unpack", {g.grad()},
            {{"num", AttrValue::Int(g.num_inputs())},
             {"axis", *g.node().attr("axis")}},
            "unstack");
  for (size_t i = 0; i < parts.size(); ++i) {
    g.Set(static_cast<int>(i), parts[i]);
  }
}

std::vector<Operand> AllGrads(GradientCall& g) {
  std::vector<Operand> grads;
  for (int i = 0; i < g.node().num_outputs(); ++i) grads.push_back(g.grad(i));
  return grads;
}

void UnpackGrad(GradientCall& g) {
  g.Set(0, g.Op("Pack", {AllGrads(g)}, {{"axis", *g.node().attr("axis")}},
                "stack"));
}

void SplitGrad(GradientCall& g) {
  if (g.node().num_outputs() == 1) {
    g.Set(1, g.grad());
  } else {
    g.Set(1, g.Op("ConcatV2", {AllGrads(g), g.input(0)}, {}, "concat"));
  }
}

void SplitVGrad(GradientCall& g) {
  if (g.node().num_outputs() == 1) {
    g.Set(0, g.grad());
  } else {
    g.Set(0, g.Op("ConcatV2", {AllGrads(g), g.input(2)}, {}, "concat"));
  }
}

void ConcatGrad(GradientCall& g) {
  const Output grad = g.grad();
  const int count = g.num_inputs() - 1;
  const Output axis = g.Cast(g.input(count), DType::kInt32);
  const Output rank = g.Op("Rank", {g.input(0)});
  const Output from_front = g.Op("FloorMod", {axis, rank}, {}, "mod");
  std::vector<Operand> inputs;
  for (int i = 0; i < count; ++i) inputs.push_back(g.input(i));
  const std::vector<Output> sizes = g.Ops("ShapeN", {inputs});
  if (!g.status().ok()) return;
  const std::vector<Output> offsets =
      g.Ops("ConcatOffset",
            {from_front, std::vector<Operand>(sizes.begin(), sizes.end())});
  if (!g.status().ok()) return;
  for (int i = 0; i < count; ++i) {
    const size_t k = static_cast<size_t>(i);
    g.Set(i, g.Op("Slice", {grad, offsets[k], sizes[k]}));
  }
}

void SliceGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& begin = g.input(1);
  const DType dtype = begin.dtype();
  const Output rank = g.Op("Rank", {g.input(0)});
  if (!g.status().ok()) return;
  const Output column =
      g.Op("Pack",
           {std::vector<Operand>{rank, g.Number(1, DType::kInt32, "stack/1")}},
           {}, "stack");
  const Output size = g.Shape(g.output(0), dtype);
  const Output before = g.Reshape(begin, column);
  const Output rest = g.Sub(g.Sub(g.Shape(g.input(0), dtype), size), begin);
  const Output after = g.Reshape(rest, column);
  if (!g.status().ok()) return;
  const Output paddings = g.Op(
      "ConcatV2", {std::vector<Operand>{before, after}, 1.0}, {}, "concat");
  g.Set(0, g.Op("Pad", {grad, paddings}));
}

AttrMap Masks(const graph::Node& node) {
  AttrMap masks;
  for (const char* mask : {"begin_mask", "end_mask", "ellipsis_mask",
                           "new_axis_mask", "shrink_axis_mask"}) {
    masks[mask] = *node.attr(mask);
  }
  return masks;
}

void StridedSliceGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output shape = g.Shape(g.input(0), g.input(1).dtype());
  g.Set(0, g.Op("StridedSliceGrad",
                {shape, g.input(1), g.input(2), g.input(3), grad},
                Masks(g.node())));
}

void StridedSliceGradGrad(GradientCall& g) {
  g.Set(4, g.Op("StridedSlice", {g.grad(), g.input(1), g.input(2), g.input(3)},
                Masks(g.node())));
}

void PadGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& x = g.input(0);
  const Output& paddings = g.input(1);
  const Output rank = g.Op("Rank", {x});
  if (!g.status().ok()) return;
  const Output one = g.Number(1, DType::kInt32, "stack/1");
  const Output extent =
      g.Op("Pack", {std::vector<Operand>{rank, one}}, {}, "stack");
  const Output before = g.Op("Slice", {g.Cast(paddings, DType::kInt32),
                                       GradientCall::Axes({0, 0}), extent});
  const Output begin = g.Reshape(before, GradientCall::Axes({-1}));
  g.Set(0, g.Op("Slice", {grad, begin, g.Shape(x)}));
}

// Rows of the first axis stay slices; along another axis they are summed.
void GatherGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& params = g.input(0);
  const Output& indices = g.input(1);
  const graph::ColocationScope colocation(g.graph(), params.node);
  const Output shape = g.Cast(g.Shape(params, DType::kInt64), DType::kInt32);
  const Output count = g.Op("ExpandDims", {g.Op("Size", {indices}), 0.0});
  const auto axis = g.num_inputs() == 3
                        ? graph::AllKnown(graph::KnownIntegers(g.input(2)))
                        : std::optional<Integers>({0});
  if (!g.status().ok()) return;
  if (!axis || (*axis)[0] != 0) {
    g.Fail(UnimplementedError(
        "The gradient of GatherV2 needs an axis of 0; use tf.transpose"));
    return;
  }
  const Output tail = g.Op("StridedSlice",
                           {shape, GradientCall::Axes({1}),
                            GradientCall::Axes({0}), GradientCall::Axes({1})},
                           {{"end_mask", AttrValue::Int(1)}}, "strided_slice");
  if (!g.status().ok()) return;
  const Output values_shape =
      g.Op("ConcatV2", {std::vector<Operand>{count, tail}, 0.0}, {}, "concat");
  const Output values = g.Reshape(grad, values_shape);
  g.Set(0, Gradient{values, g.Reshape(indices, count), shape});
}

constexpr GradientEntry kArrayGradients[] = {
    {"BroadcastGradientArgs", nullptr},
    {"BroadcastTo", BroadcastToGrad},
    {"ConcatOffset", nullptr},
    {"ConcatV2", ConcatGrad},
    {"Const", nullptr},
    {"Cumsum", CumsumGrad},
    {"ExpandDims", ReshapeGrad},
    {"Fill", FillGrad},
    {"Gather", GatherGrad},
    {"GatherV2", GatherGrad},
    {"Identity", IdentityGrad},
    {"InvertPermutation", nullptr},
    {"Max", ExtremeGrad},
    {"Mean", MeanGrad},
    {"Min", ExtremeGrad},
    {"OneHot", nullptr},
    {"OnesLike", nullptr},
    {"Pack", PackGrad},
    {"Pad", PadGrad},
    {"PadV2", PadGrad},
    {"Placeholder", nullptr},
    {"PlaceholderWithDefault", IdentityGrad},
    {"Prod", ProdGrad},
    {"RandomStandardNormal", nullptr},
    {"RandomUniform", nullptr},
    {"RandomUniformInt", nullptr},
    {"Rank", nullptr},
    {"Reshape", ReshapeGrad},
    {"Shape", nullptr},
    {"ShapeN", nullptr},
    {"Size", nullptr},
    {"Slice", SliceGrad},
    {"Split", SplitGrad},
    {"SplitV", SplitVGrad},
    {"Squeeze", ReshapeGrad},
    {"StopGradient", nullptr},
    {"StridedSlice", StridedSliceGrad},
    {"StridedSliceGrad", StridedSliceGradGrad},
    {"Sum", SumGrad},
    {"Tile", TileGrad},
    {"Transpose", TransposeGrad},
    {"TruncatedNormal", nullptr},
    {"Unpack", UnpackGrad},
    {"VariableV2", nullptr},
    {"Where", nullptr},
    {"ZerosLike", nullptr},
};

}  // namespace

std::span<const GradientEntry> ArrayGradients() { return kArrayGradients; }

}  // namespace tensorbundle::ops
