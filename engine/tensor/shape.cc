#include "engine/tensor/shape.h"

#include <cassert>
#include <string>

namespace tensorbundle {

Result<Shape> Shape::Create(std::span<const int64_t> dims) {
  if (dims.size() > static_cast<size_t>(kMaxRank)) {
    return InvalidArgumentError("Shape has " + std::to_string(dims.size()) +
                                " dimensions; the most is " +
                                std::to_string(kMaxRank));
  }
  Shape shape;
  shape.dims_.reserve(dims.size());
  for (int64_t dim : dims) {
    if (dim < 0) {
      return InvalidArgumentError("Shape has the negative dimension " +
                                  std::to_string(dim));
    }
    if (__builtin_mul_overflow(shape.num_elements_, dim,
                               &shape.num_elements_)) {
      return InvalidArgumentError("Shape has too many elements");
    }
    shape.dims_.push_back(dim);
  }
  return shape;
}

Shape Shape::Of(std::initializer_list<int64_t> dims) {
  Result<Shape> shape = Create(std::span(dims.begin(), dims.size()));
  assert(shape.ok());
  return std::move(shape).value();
}

std::string Shape::ToString() const {
  std::string text = "[";
  for (size_t i = 0; i < dims_.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(dims_[i]);
  }
  return text + "]";
}

}  // namespace tensorbundle
