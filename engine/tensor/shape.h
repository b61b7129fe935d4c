// Shape: the fully known dimensions of a tensor, checked when it is made.
#ifndef TB_TENSOR_SHAPE_H_
#define TB_TENSOR_SHAPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/util/limits.h"
#include "engine/util/result.h"

namespace tensorbundle {

class Shape {
 public:
  static constexpr int kMaxRank = limits::kMaxRank;

  Shape() = default;  // a scalar

  // Returns InvalidArgument when a dimension is negative, the rank is over
  // kMaxRank or the number of elements does not fit in an int64.
  static Result<Shape> Create(std::span<const int64_t> dims);

  // REQUIRES: Create(dims) would succeed. For literals in code and tests.
  static Shape Of(std::initializer_list<int64_t> dims);

  int rank() const { return static_cast<int>(dims_.size()); }
  int64_t dim(int i) const { return dims_[static_cast<size_t>(i)]; }
  std::span<const int64_t> dims() const { return dims_; }
  int64_t num_elements() const { return num_elements_; }

  // "[2,3]", a scalar "[]": TensorShape::DebugString.
  std::string ToString() const;

  friend bool operator==(const Shape& a, const Shape& b) {
    return a.dims_ == b.dims_;
  }

 private:
  std::vector<int64_t> dims_;
  int64_t num_elements_ = 1;
};

}  // namespace tensorbundle

#endif  // TB_TENSOR_SHAPE_H_
