// Kernels of matrices.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/kernels/qr.h"
#include "engine/session/dispatch.h"
#include "engine/session/kernel.h"
#include "engine/session/kernel_shapes.h"

namespace tensorbundle::session {

namespace {

// x[i, i] of a tensor whose dimensions are those of one half, twice.
Status DiagPart(KernelContext& context, int) {
  const Tensor& x = context.input(0);
  const std::span<const int64_t> dims = x.shape().dims();
  const size_t half = dims.size() / 2;
  if (dims.empty() || dims.size() % 2 != 0) {
    return InvalidArgumentError(
        "The rank of the tensor should be even and "
        "positive, got shape " +
        x.shape().ToString());
  }
  if (!std::equal(dims.begin(), dims.begin() + half, dims.begin() + half)) {
    return InvalidArgumentError("Invalid shape " + x.shape().ToString() +
                                ": the dimensions of both halves do not match");
  }
  TB_ASSIGN_OR_RETURN(const Shape shape, Shape::Create(dims.first(half)));
  TB_ASSIGN_OR_RETURN(Tensor* const y, context.AllocateOutput(0, shape));
  const size_t count = static_cast<size_t>(y->num_elements());
  const size_t size = ElementSize(x);
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(y->mutable_bytes().data() + i * size,
                x.bytes().data() + i * (count + 1) * size, size);
  }
  return OkStatus();
}

// The matrices in the last two dimensions.
Status Qr(KernelContext& context, int) {
  const Tensor& a = context.input(0);
  const int rank = a.shape().rank();
  if (rank < 2) {
    return InvalidArgumentError("Input tensor 0 must have rank >= 2");
  }
  const size_t m = static_cast<size_t>(a.shape().dim(rank - 2));
  const size_t n = static_cast<size_t>(a.shape().dim(rank - 1));
  const size_t columns =
      context.node().bool_attr("full_matrices") ? m : std::min(m, n);
  std::vector<int64_t> dims(a.shape().dims().begin(), a.shape().dims().end());
  dims[dims.size() - 1] = static_cast<int64_t>(columns);
  TB_ASSIGN_OR_RETURN(const Shape q_shape, Shape::Create(dims));
  dims[dims.size() - 2] = static_cast<int64_t>(columns);
  dims[dims.size() - 1] = static_cast<int64_t>(n);
  TB_ASSIGN_OR_RETURN(const Shape r_shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(Tensor* const q, context.AllocateOutput(0, q_shape));
  TB_ASSIGN_OR_RETURN(Tensor* const r, context.AllocateOutput(1, r_shape));
  const uint64_t wanted = uint64_t{m} * n + uint64_t{m} * columns + m;
  if (wanted > SIZE_MAX / sizeof(double)) {
    return ResourceExhaustedError("OOM when decomposing a matrix of shape " +
                                  a.shape().ToString());
  }
  TB_ASSIGN_OR_RETURN(const std::span<double> room,
                      context.Workspace<double>(static_cast<size_t>(wanted)));
  double* const left = room.data();
  double* const right = left + m * n;
  const size_t count = CountBefore(a.shape(), rank - 2);
  return WithReal(a.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = a.as<T>().data();
    T* q_out = q->mutable_as<T>().data();
    T* r_out = r->mutable_as<T>().data();
    for (size_t each = 0; each < count; ++each) {
      for (size_t i = 0; i < m * n; ++i) left[i % n * m + i / n] = in[i];
      kernels::Qr(m, n, columns, left, right, right + m * columns);
      for (size_t i = 0; i < m * columns; ++i) {
        q_out[i] = static_cast<T>(right[i % columns * m + i / columns]);
      }
      for (size_t i = 0; i < columns * n; ++i) {
        const size_t row = i / n, column = i % n;
        r_out[i] = row > column ? 0 : static_cast<T>(left[column * m + row]);
      }
      in += m * n;
      q_out += m * columns;
      r_out += columns * n;
    }
    return OkStatus();
  });
}

constexpr KernelEntry kLinalgKernels[] = {
    {"DiagPart", DiagPart, 0, kNumbers},
    {"Qr", Qr, 0, kReals},
};

}  // namespace

std::span<const KernelEntry> LinalgKernels() { return kLinalgKernels; }

}  // namespace tensorbundle::session
