#include "engine/session/kernel_shapes.h"

#include <string>

#include "engine/graph/known_integers.h"

namespace tensorbundle::session {

Result<Shape> ShapeFrom(const Tensor& vector) {
  if (vector.shape().rank() != 1) {
    return InvalidArgumentError(
        "shape must be a vector of {int32,int64}, got shape " +
        vector.shape().ToString());
  }
  const std::vector<int64_t> dims = graph::IntegersOf(vector);
  for (int64_t dim : dims) {
    if (dim < 0) {
      return InvalidArgumentError("Dimension " + std::to_string(dim) +
                                  " must be >= 0");
    }
  }
  return Shape::Create(dims);
}

Result<kernels::Dims> DimsOf(const Shape& shape) {
  if (static_cast<size_t>(shape.rank()) > kernels::kMaxDims) {
    return UnimplementedError("Unhandled input dimensions " +
                              std::to_string(shape.rank()));
  }
  kernels::Dims dims;
  for (const int64_t dim : shape.dims()) {
    dims.push_back(static_cast<size_t>(dim));
  }
  return dims;
}

Result<int> AxisFrom(int64_t axis, int rank, const char* what) {
  if (axis < -rank || axis >= rank) {
    return InvalidArgumentError("Expected " + std::string(what) +
                                " in the range [" + std::to_string(-rank) +
                                ", " + std::to_string(rank) + "), but got " +
                                std::to_string(axis));
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

size_t CountBefore(const Shape& shape, int axis) {
  size_t count = 1;
  for (int i = 0; i < axis; ++i) count *= static_cast<size_t>(shape.dim(i));
  return count;
}

size_t CountFrom(const Shape& shape, int axis) {
  size_t count = 1;
  for (int i = axis; i < shape.rank(); ++i) {
    count *= static_cast<size_t>(shape.dim(i));
  }
  return count;
}

AxisView ViewOf(const Shape& shape, int axis) {
  return {CountBefore(shape, axis), static_cast<size_t>(shape.dim(axis)),
          CountFrom(shape, axis + 1)};
}

size_t ElementSize(const Tensor& tensor) { return DTypeSize(tensor.dtype()); }

}  // namespace tensorbundle::session
