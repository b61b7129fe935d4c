// Gradients of rearrangements: tensorflow/python/ops/array_grad.py.
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

// The gathered dimensions of `grad` go to the front and are summed by their
// places, which then go back to where `axis` is.
void GatherAlongGrad(GradientCall& g, int64_t axis) {
  const Output& params = g.input(0);
  const graph::PartialShape& places = g.input(1).shape();
  if (!params.shape().has_rank() || !places.has_rank()) {
    g.Fail(
        UnimplementedError("The gradient of GatherV2 along an axis other "
                           "than 0 needs arguments of known rank"));
    return;
  }
  const int64_t rank = params.shape().rank();
  const int64_t gathered = places.rank();
  if (axis < 0) axis += rank;
  Integers front(static_cast<size_t>(gathered)), back;
  std::iota(front.begin(), front.end(), axis);
  for (int64_t i = 0; i < axis; ++i) front.push_back(i);
  for (int64_t i = axis + gathered; i < rank - 1 + gathered; ++i) {
    front.push_back(i);
  }
  for (int64_t i = 0; i < rank; ++i) {
    back.push_back(i < axis ? i + 1 : i == axis ? 0 : i);
  }
  const Output count =
      g.Op("StridedSlice",
           {g.Shape(params), GradientCall::Axes({axis}),
            GradientCall::Axes({axis + 1}), GradientCall::Axes({1})},
           {{"shrink_axis_mask", AttrValue::Int(1)}}, "strided_slice");
  const Output rows =
      g.Op("Transpose", {g.grad(), GradientCall::Axes(std::move(front))});
  const Output sums = g.Op("UnsortedSegmentSum", {rows, g.input(1), count});
  g.Set(0, g.Op("Transpose", {sums, GradientCall::Axes(std::move(back))}));
}

// Rows of the first axis stay slices; along another axis they are summed.
void GatherGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& params = g.input(0);
  const Output& indices = g.input(1);
  const graph::ColocationScope colocation(g.graph(), params.node);
  const auto axis = g.num_inputs() == 3
                        ? graph::AllKnown(graph::KnownIntegers(g.input(2)))
                        : std::optional<Integers>({0});
  if (!axis) {
    g.Fail(UnimplementedError("The gradient of GatherV2 needs a known axis"));
    return;
  }
  if ((*axis)[0] != 0) return GatherAlongGrad(g, (*axis)[0]);
  const Output shape = g.Cast(g.Shape(params, DType::kInt64), DType::kInt32);
  const Output count = g.Op("ExpandDims", {g.Op("Size", {indices}), 0.0});
  if (!g.status().ok()) return;
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
    {"ExpandDims", ReshapeGrad},
    {"Fill", FillGrad},
    {"Gather", GatherGrad},
    {"GatherV2", GatherGrad},
    {"Identity", IdentityGrad},
    {"InvertPermutation", nullptr},
    {"OneHot", nullptr},
    {"OnesLike", nullptr},
    {"Pack", PackGrad},
    {"Pad", PadGrad},
    {"PadV2", PadGrad},
    {"Placeholder", nullptr},
    {"PlaceholderWithDefault", IdentityGrad},
    {"RandomStandardNormal", nullptr},
    {"RandomUniform", nullptr},
    {"RandomUniformInt", nullptr},
    {"Rank", nullptr},
    {"ReadVariableOp", IdentityGrad},
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
    {"Tile", TileGrad},
    {"Transpose", TransposeGrad},
    {"TruncatedNormal", nullptr},
    {"Unpack", UnpackGrad},
    {"VarHandleOp", nullptr},
    {"Variable", nullptr},
    {"VariableV2", nullptr},
    {"Where", nullptr},
    {"ZerosLike", nullptr},
};

}  // namespace

std::span<const GradientEntry> ArrayGradients() { return kArrayGradients; }

}  // namespace tensorbundle::ops
