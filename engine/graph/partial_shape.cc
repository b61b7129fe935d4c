#include "engine/graph/partial_shape.h"

#include <cassert>

namespace tensorbundle::graph {

PartialShape::PartialShape(const Shape& shape)
    : has_rank_(true), dims_(shape.dims().begin(), shape.dims().end()) {}

Result<PartialShape> PartialShape::Create(std::span<const int64_t> dims) {
  if (dims.size() > static_cast<size_t>(Shape::kMaxRank)) {
    return InvalidArgumentError("Shape has " + std::to_string(dims.size()) +
                                " dimensions; the most is " +
                                std::to_string(Shape::kMaxRank));
  }
  for (int64_t dim : dims) {
    if (dim < kUnknownDim) {
      return InvalidArgumentError("Dimension " + std::to_string(dim) +
                                  " must be >= -1");
    }
  }
  PartialShape shape;
  shape.has_rank_ = true;
  shape.dims_.assign(dims.begin(), dims.end());
  return shape;
}

PartialShape PartialShape::Of(std::initializer_list<int64_t> dims) {
  Result<PartialShape> shape = Create(std::span(dims.begin(), dims.size()));
  assert(shape.ok());
  return std::move(shape).value();
}

PartialShape PartialShape::OfRank(int rank) {
  PartialShape shape;
  shape.has_rank_ = true;
  shape.dims_.assign(static_cast<size_t>(rank), kUnknownDim);
  return shape;
}

bool PartialShape::IsFullyDefined() const {
  if (!has_rank_) return false;
  for (int64_t dim : dims_) {
    if (dim == kUnknownDim) return false;
  }
  return true;
}

std::optional<Shape> PartialShape::AsShape() const {
  if (!IsFullyDefined()) return std::nullopt;
  Result<Shape> shape = Shape::Create(dims_);
  if (!shape.ok()) return std::nullopt;
  return std::move(shape).value();
}

bool PartialShape::IsCompatibleWith(const PartialShape& other) const {
  if (!has_rank_ || !other.has_rank_) return true;
  if (dims_.size() != other.dims_.size()) return false;
  for (size_t i = 0; i < dims_.size(); ++i) {
    if (dims_[i] != other.dims_[i] && dims_[i] != kUnknownDim &&
        other.dims_[i] != kUnknownDim) {
      return false;
    }
  }
  return true;
}

namespace {

std::string Join(std::span<const int64_t> dims, const char* separator) {
  std::string text;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (i > 0) text += separator;
    text +=
        dims[i] == PartialShape::kUnknownDim ? "?" : std::to_string(dims[i]);
  }
  return text;
}

}  // namespace

std::string PartialShape::ToString() const {
  if (!has_rank_) return "<unknown>";
  return "[" + Join(dims_, ",") + "]";
}

std::string PartialShape::ToPythonString() const {
  if (!has_rank_) return "<unknown>";
  return "(" + Join(dims_, ", ") + (dims_.size() == 1 ? ",)" : ")");
}

}  // namespace tensorbundle::graph
