// Kernels of matrix products.
#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/kernels/elementwise.h"
#include "engine/kernels/matmul.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"

namespace tensorbundle::session {

namespace {

// Row by row, for the integers that nobody multiplies matrices of in earnest.
template <typename T>
void MatMulOf(const kernels::MatMulShape& shape, const T* a, const T* b, T* c) {
  using Bits = std::make_unsigned_t<T>;
  for (size_t i = 0; i < shape.rows; ++i) {
    for (size_t j = 0; j < shape.columns; ++j) {
      Bits sum = 0;
      for (size_t k = 0; k < shape.depth; ++k) {
        const size_t at_a =
            shape.transpose_a ? k * shape.rows + i : i * shape.depth + k;
        const size_t at_b =
            shape.transpose_b ? j * shape.depth + k : k * shape.columns + j;
        sum += static_cast<Bits>(a[at_a]) * static_cast<Bits>(b[at_b]);
      }
      c[i * shape.columns + j] = static_cast<T>(sum);
    }
  }
}

template <typename T>
Status Multiply(KernelContext& context, const kernels::MatMulShape& shape,
                const T* a, const T* b, T* c) {
  if constexpr (std::is_integral_v<T>) {
    MatMulOf(shape, a, b, c);
  } else {
    TB_ASSIGN_OR_RETURN(const std::span<T> workspace,
                        context.Workspace<T>(kernels::MatMulWorkspace(shape)));
    kernels::MatMul(shape, a, b, T(0), c, workspace);
  }
  return OkStatus();
}

Status MatMul(KernelContext& context, int) {
  const Tensor& a = context.input(0);
  const Tensor& b = context.input(1);
  for (int i = 0; i < 2; ++i) {
    const Shape& shape = context.input(i).shape();
    if (shape.rank() != 2) {
      return InvalidArgumentError("In[" + std::to_string(i) +
                                  "] is not a matrix. Instead it has shape " +
                                  shape.ToString());
    }
  }
  const int ta = context.node().bool_attr("transpose_a") ? 1 : 0;
  const int tb = context.node().bool_attr("transpose_b") ? 1 : 0;
  if (a.shape().dim(1 - ta) != b.shape().dim(tb)) {
    return InvalidArgumentError(
        "Matrix size-incompatible: In[0]: " + a.shape().ToString() +
        ", In[1]: " + b.shape().ToString());
  }
  const kernels::MatMulShape shape{static_cast<size_t>(a.shape().dim(ta)),
                                   static_cast<size_t>(b.shape().dim(1 - tb)),
                                   static_cast<size_t>(a.shape().dim(1 - ta)),
                                   ta != 0, tb != 0};
  TB_ASSIGN_OR_RETURN(
      Tensor* const c,
      context.AllocateOutput(
          0, Shape::Of({a.shape().dim(ta), b.shape().dim(1 - tb)})));
  return WithNumber(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    return Multiply<T>(context, shape, a.as<T>().data(), b.as<T>().data(),
                       c->mutable_as<T>().data());
  });
}

// The matrices of the last two dimensions; those before are broadcast.
Status BatchMatMul(KernelContext& context, int) {
  const Tensor& a = context.input(0);
  const Tensor& b = context.input(1);
  const int rank_a = a.shape().rank();
  const int rank_b = b.shape().rank();
  if (rank_a < 2 || rank_b < 2) {
    return InvalidArgumentError(
        std::string("In[") + (rank_a < 2 ? "0" : "1") +
        "] ndims must be >= 2: " + std::to_string(std::min(rank_a, rank_b)));
  }
  const int ta = context.node().bool_attr("adj_x") ? 1 : 0;
  const int tb = context.node().bool_attr("adj_y") ? 1 : 0;
  const auto dim = [](const Tensor& x, int i) {
    return x.shape().dim(x.shape().rank() - 2 + i);
  };
  if (dim(a, 1 - ta) != dim(b, tb)) {
    return InvalidArgumentError(
        "Matrix size-incompatible: In[0]: " + a.shape().ToString() +
        ", In[1]: " + b.shape().ToString());
  }
  const auto batch = [](const Tensor& x) {
    return *Shape::Create(
        x.shape().dims().first(static_cast<size_t>(x.shape().rank() - 2)));
  };
  const Shape batch_a = batch(a);
  const Shape batch_b = batch(b);
  TB_ASSIGN_OR_RETURN(const Shape outer,
                      kernels::BroadcastShapes(batch_a, batch_b));
  std::vector<int64_t> dims(outer.dims().begin(), outer.dims().end());
  dims.push_back(dim(a, ta));
  dims.push_back(dim(b, 1 - tb));
  TB_ASSIGN_OR_RETURN(const Shape out, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const c, context.AllocateOutput(0, out));
  const kernels::MatMulShape shape{
      static_cast<size_t>(dim(a, ta)), static_cast<size_t>(dim(b, 1 - tb)),
      static_cast<size_t>(dim(a, 1 - ta)), ta != 0, tb != 0};
  // Which matrix of x the matrix at `index` of the result is made of.
  const auto place = [&](const Shape& x, int64_t index) {
    int64_t at = 0;
    int64_t step = 1;
    for (int back = 1; back <= outer.rank(); ++back) {
      const int64_t size = outer.dim(outer.rank() - back);
      if (back <= x.rank()) {
        const int64_t own = x.dim(x.rank() - back);
        if (own != 1) at += index % size * step;
        step *= own;
      }
      index /= size;
    }
    return static_cast<size_t>(at);
  };
  return WithNumber(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const size_t size_a = shape.rows * shape.depth;
    const size_t size_b = shape.depth * shape.columns;
    const size_t size_c = shape.rows * shape.columns;
    for (int64_t i = 0; i < outer.num_elements(); ++i) {
      TB_RETURN_IF_ERROR(Multiply<T>(
          context, shape, a.as<T>().data() + place(batch_a, i) * size_a,
          b.as<T>().data() + place(batch_b, i) * size_b,
          c->mutable_as<T>().data() + static_cast<size_t>(i) * size_c));
    }
    return OkStatus();
  });
}

constexpr KernelEntry kMatMulKernels[] = {
    {"BatchMatMulV2", BatchMatMul, 0, kNumbers},
    {"MatMul", MatMul, 0, kNumbers},
};

}  // namespace

std::span<const KernelEntry> MatMulKernels() { return kMatMulKernels; }

}  // namespace tensorbundle::session
