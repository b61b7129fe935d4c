// Kernels of reductions and cumulative sums.
#include <string>
#include <vector>

#include "engine/graph/known_integers.h"
#include "engine/kernels/reduce.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

enum class Reduction { kSum, kProd, kMean, kMax, kMin, kAll, kAny };

// The axes of input 1 as a mask, and the shape that is left.
struct Reduced {
  kernels::Dims dims;
  kernels::AxisMask axes = 0;
  Shape shape;
};

Result<Reduced> ReducedOf(const KernelContext& context) {
  const Shape& shape = context.input(0).shape();
  Reduced reduced;
  TB_ASSIGN_OR_RETURN(reduced.dims, DimsOf(shape));
  const int rank = shape.rank();
  for (const int64_t axis : graph::IntegersOf(context.input(1))) {
    if (axis < -rank || axis >= rank) {
      return InvalidArgumentError("Invalid reduction dimension (" +
                                  std::to_string(axis) + " for input with " +
                                  std::to_string(rank) + " dimension(s)");
    }
    const kernels::AxisMask bit = 1u << (axis < 0 ? axis + rank : axis);
    if (reduced.axes & bit) {
      return InvalidArgumentError(
          "Invalid reduction arguments: Axes contains duplicate dimension: " +
          std::to_string(axis));
    }
    reduced.axes |= bit;
  }
  const bool keep = context.node().bool_attr("keep_dims");
  std::vector<int64_t> dims;
  for (int i = 0; i < rank; ++i) {
    if ((reduced.axes >> i & 1) == 0) {
      dims.push_back(shape.dim(i));
    } else if (keep) {
      dims.push_back(1);
    }
  }
  TB_ASSIGN_OR_RETURN(reduced.shape, Shape::Create(dims));
  return reduced;
}

Status Reduce(KernelContext& context, int code) {
  TB_ASSIGN_OR_RETURN(const Reduced reduced, ReducedOf(context));
  const Tensor& x = context.input(0);
  // Nothing to sum up.
  if (reduced.shape.num_elements() == x.num_elements() &&
      x.num_elements() > 0) {
    context.SetReshaped(0, 0, reduced.shape);
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(Tensor* const y,
                      context.AllocateOutput(0, reduced.shape));
  const Reduction reduction = static_cast<Reduction>(code);
  if (reduction == Reduction::kAll || reduction == Reduction::kAny) {
    const auto reduce =
        reduction == Reduction::kAll ? kernels::ReduceAll : kernels::ReduceAny;
    reduce(reduced.dims, reduced.axes, x.as<uint8_t>().data(),
           y->mutable_as<uint8_t>().data());
    return OkStatus();
  }
  return WithNumber(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    void (*reduce)(const kernels::Dims&, kernels::AxisMask, const T*, T*) =
        kernels::ReduceSum;
    if (reduction == Reduction::kProd) reduce = kernels::ReduceProd;
    if (reduction == Reduction::kMean) reduce = kernels::ReduceMean;
    if (reduction == Reduction::kMax) reduce = kernels::ReduceMax;
    if (reduction == Reduction::kMin) reduce = kernels::ReduceMin;
    reduce(reduced.dims, reduced.axes, x.as<T>().data(),
           y->mutable_as<T>().data());
    return OkStatus();
  });
}

Status ArgExtreme(KernelContext& context, int largest) {
  const Tensor& x = context.input(0);
  const Shape& shape = x.shape();
  const int64_t dimension = graph::IntegersOf(context.input(1))[0];
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(dimension, shape.rank(), "dimension"));
  if (shape.dim(axis) == 0) {
    return InvalidArgumentError("Reduction axis " + std::to_string(dimension) +
                                " is empty in shape " + shape.ToString());
  }
  std::vector<int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims.erase(dims.begin() + axis);
  TB_ASSIGN_OR_RETURN(const Shape out, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, out));
  const AxisView view = ViewOf(shape, axis);
  return WithNumber(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    return WithIndex(y->dtype(), [&](auto index) {
      using Index = decltype(index);
      const auto find =
          largest ? kernels::ArgMax<T, Index> : kernels::ArgMin<T, Index>;
      find(view.outer, view.size, view.inner, x.as<T>().data(),
           y->mutable_as<Index>().data());
      return OkStatus();
    });
  });
}

// Sums (or products) of all elements before, and unless exclusive up to, each.
Status Cumulate(KernelContext& context, int product) {
  const Tensor& x = context.input(0);
  TB_ASSIGN_OR_RETURN(const int axis,
                      AxisFrom(graph::IntegersOf(context.input(1))[0],
                               x.shape().rank(), "scan axis"));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, x.shape()));
  const AxisView view = ViewOf(x.shape(), axis);
  const bool exclusive = context.node().bool_attr("exclusive");
  const bool reverse = context.node().bool_attr("reverse");
  return WithNumber(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* from = x.as<T>().data();
    T* to = y->mutable_as<T>().data();
    for (size_t o = 0; o < view.outer; ++o) {
      for (size_t i = 0; i < view.inner; ++i) {
        T total = product ? T(1) : T(0);
        for (size_t k = 0; k < view.size; ++k) {
          const size_t at = reverse ? view.size - 1 - k : k;
          const size_t place = (o * view.size + at) * view.inner + i;
          if (exclusive) to[place] = total;
          total = static_cast<T>(product ? total * from[place]
                                         : total + from[place]);
          if (!exclusive) to[place] = total;
        }
      }
    }
    return OkStatus();
  });
}

constexpr KernelEntry kReductionKernels[] = {
    {"All", Reduce, Reduction::kAll},
    {"Any", Reduce, Reduction::kAny},
    {"ArgMax", ArgExtreme, 1, kNumbers},
    {"ArgMin", ArgExtreme, 0, kNumbers},
    {"Cumprod", Cumulate, 1, kNumbers},
    {"Cumsum", Cumulate, 0, kNumbers},
    {"Max", Reduce, Reduction::kMax, kNumbers},
    {"Mean", Reduce, Reduction::kMean, kNumbers},
    {"Min", Reduce, Reduction::kMin, kNumbers},
    {"Prod", Reduce, Reduction::kProd, kNumbers},
    {"Sum", Reduce, Reduction::kSum, kNumbers},
};

}  // namespace

std::span<const KernelEntry> ReductionKernels() { return kReductionKernels; }

}  // namespace tensorbundle::session
