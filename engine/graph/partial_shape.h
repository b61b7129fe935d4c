// PartialShape: what is known of a tensor's shape while a graph is built.
#ifndef TB_GRAPH_PARTIAL_SHAPE_H_
#define TB_GRAPH_PARTIAL_SHAPE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/shape.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

class PartialShape {
 public:
  static constexpr int64_t kUnknownDim = -1;

  PartialShape() = default;          // of unknown rank
  PartialShape(const Shape& shape);  // NOLINT: a Shape is a PartialShape

  // Returns InvalidArgument when a dimension is below -1 or there are more
  // than Shape::kMaxRank of them.
  static Result<PartialShape> Create(std::span<const int64_t> dims);

  // REQUIRES: Create(dims) would succeed. For literals in code and tests.
  static PartialShape Of(std::initializer_list<int64_t> dims);

  // `rank` unknown dimensions.
  static PartialShape OfRank(int rank);

  bool has_rank() const { return has_rank_; }
  // REQUIRES: has_rank(), also for dim() and dims().
  int rank() const { return static_cast<int>(dims_.size()); }
  int64_t dim(int i) const { return dims_[static_cast<size_t>(i)]; }
  std::span<const int64_t> dims() const { return dims_; }

  bool IsFullyDefined() const;
  // The shape itself; nothing unless IsFullyDefined() and its element count
  // fits in an int64.
  std::optional<Shape> AsShape() const;

  // True iff some shape agrees with both.
  bool IsCompatibleWith(const PartialShape& other) const;

  // C++ text, PartialTensorShape::DebugString: "[?,784]", "[]", "<unknown>".
  std::string ToString() const;
  // Python text, str(TensorShape): "(?, 784)", "(3,)", "()", "<unknown>".
  std::string ToPythonString() const;

  friend bool operator==(const PartialShape& a, const PartialShape& b) {
    return a.has_rank_ == b.has_rank_ && a.dims_ == b.dims_;
  }

 private:
  bool has_rank_ = false;
  std::vector<int64_t> dims_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_PARTIAL_SHAPE_H_
