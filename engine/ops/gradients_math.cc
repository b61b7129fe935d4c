// Gradients of arithmetic: tensorflow/python/ops/math_grad.py.
#include <string>
#include <vector>

#include "engine/graph/scopes.h"
#include "engine/ops/gradient_call.h"

namespace tensorbundle::ops {

using graph::AttrValue;
using graph::Output;

namespace {

// Nodes made while it lives run after the gradient has arrived.
class AfterGradient {
 public:
  explicit AfterGradient(GradientCall& g)
      : scope_(g.graph(), {g.gradient(0).values.node}) {}

 private:
  graph::ControlScope scope_;
};

// What numpy's broadcasting did to x and y, undone for their gradients.
class Unbroadcast {
 public:
  explicit Unbroadcast(GradientCall& g) : g_(g) {
    shapes_[0] = g.Shape(g.input(0));
    shapes_[1] = g.Shape(g.input(1));
    axes_ = g.Ops("BroadcastGradientArgs", {shapes_[0], shapes_[1]});
  }

  Output operator()(int i, const Output& gradient) {
    if (!g_.status().ok()) return {};
    const Output sum = g_.Sum(gradient, axes_[static_cast<size_t>(i)]);
    return g_.Op("Reshape", {sum, shapes_[i]});
  }

 private:
  GradientCall& g_;
  Output shapes_[2];
  std::vector<Output> axes_;
};

// Whether x, y and the gradient have one shape, so that nothing is broadcast.
bool AllShapesEqual(GradientCall& g) {
  const graph::PartialShape& x = g.input(0).shape();
  return x.IsFullyDefined() && x == g.input(1).shape() &&
         x == g.gradient(0).values.shape() && !g.gradient(0).is_slices();
}

void AddGrad(GradientCall& g) {
  const Output grad = g.grad();
  if (AllShapesEqual(g)) {
    g.Set(0, grad);
    g.Set(1, grad);
    return;
  }
  Unbroadcast fit(g);
  g.Set(0, fit(0, grad));
  g.Set(1, fit(1, grad));
}

void SubGrad(GradientCall& g) {
  const Output grad = g.grad();
  if (AllShapesEqual(g)) {
    g.Set(0, grad);
    g.Set(1, g.Neg(grad));
    return;
  }
  Unbroadcast fit(g);
  g.Set(0, fit(0, grad));
  g.Set(1, fit(1, g.Neg(grad)));
}

void MulGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& x = g.input(0);
  const Output& y = g.input(1);
  if (AllShapesEqual(g) && x.dtype() == DType::kFloat) {
    g.Set(0, g.Op("Mul", {grad, y}));
    g.Set(1, g.Op("Mul", {grad, x}));
    return;
  }
  Unbroadcast fit(g);
  g.Set(0, fit(0, g.Op("Mul", {grad, y})));
  g.Set(1, fit(1, g.Op("Mul", {x, grad})));
}

// Of x / y, whichever of the division ops it is.
void DivGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& x = g.input(0);
  const Output& y = g.input(1);
  const std::string& div = g.node().op();
  Unbroadcast fit(g);
  g.Set(0, fit(0, g.Op(div, {grad, y})));
  const Output quotient = g.Op(div, {g.Op(div, {g.Neg(x), y}), y});
  g.Set(1, fit(1, g.Mul(grad, quotient)));
}

void FloorModGrad(GradientCall& g) {
  const Output grad = g.grad();
  Unbroadcast fit(g);
  g.Set(0, fit(0, grad));
  const Output floor = g.Op("FloorDiv", {g.input(0), g.input(1)});
  g.Set(1, fit(1, g.Mul(grad, g.Neg(floor))));
}

void PowGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& x = g.input(0);
  const Output& y = g.input(1);
  Unbroadcast fit(g);
  const Output power = g.Op("Pow", {x, g.Sub(y, 1.0)});
  g.Set(0, fit(0, g.Mul(g.Mul(grad, y), power)));
  // There is no sensible real log(x) for x <= 0.
  const Output mask = g.Op("Greater", {x, 0.0});
  const Output safe = g.Op("Select", {mask, x, g.Op("OnesLike", {x})});
  const Output log =
      g.Op("Select", {mask, g.Op("Log", {safe}), g.Op("ZerosLike", {x})});
  g.Set(1, fit(1, g.Mul(g.Mul(grad, g.output(0)), log)));
}

void ExtremeGrad(GradientCall& g, const char* selector) {
  const Output grad = g.grad();
  const Output zeros =
      g.Op("Fill", {g.Shape(grad), g.Number(0, grad.dtype(), "zeros/Const")},
           {}, "zeros");
  const Output mask = g.Op(selector, {g.input(0), g.input(1)});
  Unbroadcast fit(g);
  g.Set(0, fit(0, g.Op("Select", {mask, grad, zeros})));
  g.Set(1, fit(1, g.Op("Select", {mask, zeros, grad})));
}
void MaximumGrad(GradientCall& g) { ExtremeGrad(g, "GreaterEqual"); }
void MinimumGrad(GradientCall& g) { ExtremeGrad(g, "LessEqual"); }

void SquaredDifferenceGrad(GradientCall& g) {
  const Output grad = g.grad();
  Unbroadcast fit(g);
  Output dx;
  {
    const AfterGradient after(g);
    dx = g.Mul(g.Mul(2.0, grad), g.Sub(g.input(0), g.input(1)));
  }
  g.Set(0, fit(0, dx));
  g.Set(1, g.Neg(fit(1, dx)));
}

void MatMulGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& a = g.input(0);
  const Output& b = g.input(1);
  const bool ta = g.node().bool_attr("transpose_a");
  const bool tb = g.node().bool_attr("transpose_b");
  const auto product = [&](const Output& x, const Output& y, bool tx, bool ty) {
    return g.Op("MatMul", {x, y},
                {{"transpose_a", AttrValue::Bool(tx)},
                 {"transpose_b", AttrValue::Bool(ty)}});
  };
  g.Set(0, ta ? product(b, grad, tb, true) : product(grad, b, false, !tb));
  g.Set(1, tb ? product(grad, a, true, ta) : product(a, grad, !ta, false));
}

void BatchMatMulGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& a = g.input(0);
  const Output& b = g.input(1);
  const bool ta = g.node().bool_attr("adj_x");
  const bool tb = g.node().bool_attr("adj_y");
  const auto product = [&](const Output& x, const Output& y, bool tx, bool ty) {
    return g.Op(
        "BatchMatMulV2", {x, y},
        {{"adj_x", AttrValue::Bool(tx)}, {"adj_y", AttrValue::Bool(ty)}});
  };
  const Output da =
      ta ? product(b, grad, tb, true) : product(grad, b, false, !tb);
  const Output db =
      tb ? product(grad, a, true, ta) : product(a, grad, !ta, false);
  // The batch dimensions, which may have been broadcast, come first.
  const auto batch = [&](const Output& x) {
    return g.Op("StridedSlice",
                {g.Op("Shape", {x}), GradientCall::Axes({0}),
                 GradientCall::Axes({-2}), GradientCall::Axes({1})});
  };
  const std::vector<Output> axes =
      g.Ops("BroadcastGradientArgs", {batch(a), batch(b)});
  if (!g.status().ok()) return;
  g.Set(0, g.Reshape(g.Sum(da, axes[0]), g.Shape(a)));
  g.Set(1, g.Reshape(g.Sum(db, axes[1]), g.Shape(b)));
}

void CastGrad(GradientCall& g) {
  const auto real = [](DType dtype) {
    return IsFloating(dtype) || dtype == DType::kComplex64 ||
           dtype == DType::kComplex128;
  };
  const Output grad = g.grad();
  const DType from = g.input(0).dtype();
  if (grad.node != nullptr && real(from) && real(grad.dtype())) {
    g.Set(0, g.Cast(grad, from));
  }
}

void AddNGrad(GradientCall& g) {
  for (int i = 0; i < g.num_inputs(); ++i) g.Set(i, g.gradient(0));
}

void SelectGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& condition = g.input(0);
  const Output zeros = g.Op("ZerosLike", {g.input(1)}, {}, "zeros_like");
  g.Set(1, g.Op("Select", {condition, grad, zeros}));
  g.Set(2, g.Op("Select", {condition, zeros, grad}));
}

void NegGrad(GradientCall& g) { g.Set(0, g.Neg(g.grad())); }
void AbsGrad(GradientCall& g) {
  g.Set(0, g.Mul(g.grad(), g.Op("Sign", {g.input(0)})));
}
void SquareGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  const Output two = g.Number(2, g.input(0).dtype());
  g.Set(0, g.Op("Mul", {grad, g.Op("Mul", {g.input(0), two})}));
}
void ExpGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  g.Set(0, g.Mul(grad, g.output(0)));
}
void Expm1Grad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  g.Set(0, g.Mul(grad, g.Op("Exp", {g.input(0)})));
}
void LogGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  g.Set(0, g.Mul(grad, g.Op("Reciprocal", {g.input(0)})));
}
void Log1pGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  const Output sum = g.Add(1.0, g.input(0));
  g.Set(0, g.Mul(grad, g.Op("Reciprocal", {sum})));
}
void SinGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  g.Set(0, g.Mul(grad, g.Op("Cos", {g.input(0)})));
}
void CosGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  g.Set(0, g.Mul(g.Neg(grad), g.Op("Sin", {g.input(0)})));
}
void ReciprocalGrad(GradientCall& g) {
  const Output grad = g.grad();
  g.Set(0, g.Mul(g.Neg(grad), g.Op("Square", {g.output(0)})));
}

// Ops that have an op for their gradient, of the result and its gradient.
void OwnGrad(GradientCall& g) {
  g.Set(0, g.Op(g.node().op() + "Grad", {g.output(0), g.grad()}));
}

// Of those ops themselves: y' = grad * f'(y).
void SigmoidGradGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  const Output& y = g.input(0);
  const Output product = g.Mul(grad, g.input(1));
  g.Set(0, g.Sub(product, g.Mul(g.Mul(2.0, product), y)));
  g.Set(1, g.Op("SigmoidGrad", {y, grad}));
}
void TanhGradGrad(GradientCall& g) {
  const Output grad = g.grad();
  const AfterGradient after(g);
  const Output& y = g.input(0);
  g.Set(0, g.Mul(g.Mul(g.Mul(grad, -2.0), g.input(1)), y));
  g.Set(1, g.Op("TanhGrad", {y, grad}));
}

// Rows went to where the indices say; a negative one dropped its row.
void SegmentSumGrad(GradientCall& g) {
  const Output grad = g.grad();
  const Output& indices = g.input(1);
  const Output zero = g.Op("ZerosLike", {indices}, {}, "zeros_like");
  const Output rows = g.Op("GatherV2", {grad, g.Op("Maximum", {indices, zero}),
                                        g.Number(0, DType::kInt32, "axis")});
  if (!g.status().ok()) return;
  Output keep = g.Op("GreaterEqual", {indices, zero});
  const int extra = rows.shape().has_rank() && indices.shape().has_rank()
                        ? rows.shape().rank() - indices.shape().rank()
                        : 0;
  for (int i = 0; i < extra; ++i) keep = g.Op("ExpandDims", {keep, -1.0});
  if (!g.status().ok()) return;
  g.Set(0, g.Mul(rows, g.Cast(keep, rows.dtype())));
}

constexpr GradientEntry kMathGradients[] = {
    {"Abs", AbsGrad},
    {"Add", AddGrad},
    {"AddN", AddNGrad},
    {"AddV2", AddGrad},
    {"All", nullptr},
    {"Any", nullptr},
    {"ArgMax", nullptr},
    {"ArgMin", nullptr},
    {"BatchMatMulV2", BatchMatMulGrad},
    {"Cast", CastGrad},
    {"Ceil", nullptr},
    {"Cos", CosGrad},
    {"Div", DivGrad},
    {"Equal", nullptr},
    {"Exp", ExpGrad},
    {"Expm1", Expm1Grad},
    {"Floor", nullptr},
    {"FloorDiv", nullptr},
    {"FloorMod", FloorModGrad},
    {"Greater", nullptr},
    {"GreaterEqual", nullptr},
    {"IsFinite", nullptr},
    {"IsNan", nullptr},
    {"Less", nullptr},
    {"LessEqual", nullptr},
    {"Log", LogGrad},
    {"Log1p", Log1pGrad},
    {"LogicalAnd", nullptr},
    {"LogicalNot", nullptr},
    {"LogicalOr", nullptr},
    {"MatMul", MatMulGrad},
    {"Maximum", MaximumGrad},
    {"Minimum", MinimumGrad},
    {"Mul", MulGrad},
    {"Neg", NegGrad},
    {"NotEqual", nullptr},
    {"Pow", PowGrad},
    {"Range", nullptr},
    {"RealDiv", DivGrad},
    {"Reciprocal", ReciprocalGrad},
    {"Round", nullptr},
    {"Rsqrt", OwnGrad},
    {"Select", SelectGrad},
    {"Sigmoid", OwnGrad},
    {"SigmoidGrad", SigmoidGradGrad},
    {"Sign", nullptr},
    {"Sin", SinGrad},
    {"Sqrt", OwnGrad},
    {"Square", SquareGrad},
    {"SquaredDifference", SquaredDifferenceGrad},
    {"Sub", SubGrad},
    {"Tanh", OwnGrad},
    {"TanhGrad", TanhGradGrad},
    {"UnsortedSegmentSum", SegmentSumGrad},
};

}  // namespace

std::span<const GradientEntry> MathGradients() { return kMathGradients; }

}  // namespace tensorbundle::ops
