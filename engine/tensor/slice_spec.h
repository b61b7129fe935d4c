// Slice: a box cut out of a tensor, as partitioned variables are stored.
#ifndef TB_TENSOR_SLICE_SPEC_H_
#define TB_TENSOR_SLICE_SPEC_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor/shape.h"
#include "engine/util/result.h"

namespace tensorbundle {

// [start, start + length) of one dimension. The whole of it is start 0, length
// kFull, whatever the dimension's size.
struct SliceExtent {
  static constexpr int64_t kFull = -1;

  int64_t start = 0;
  int64_t length = kFull;

  bool is_full() const { return start == 0 && length == kFull; }
  friend bool operator==(const SliceExtent&, const SliceExtent&) = default;
};

// One extent a dimension. Numbers that came out of a file are kept as they
// are; whoever cuts with a slice checks it against the tensor's shape.
struct Slice {
  std::vector<SliceExtent> extents;

  // The whole of a tensor of that rank.
  static Slice Full(int rank);

  int rank() const { return static_cast<int>(extents.size()); }
  // True iff every extent is: a box that spells out the whole shape is not.
  bool is_full() const;

  // "0,2:-": start and length, or "-" for the whole dimension; "" for rank 0.
  std::string ToString() const;

  friend bool operator==(const Slice&, const Slice&) = default;
};

// Reads what ToString() prints; empty items count for nothing and blanks
// around numbers are skipped, as in TensorFlow.
// Returns InvalidArgument "Expected a pair of numbers or '-' but got ...",
// "Expected non-negative start and positive length but got ...".
Result<Slice> ParseSlice(std::string_view text);

// The shape of what `slice` cuts out of a tensor of shape `shape`.
// Returns Internal "Mismatching ranks: ...", "Extent in dimension D out of
// bounds: ...".
Result<Shape> SliceShape(const Slice& slice, const Shape& shape);

// The elements that both boxes have, full in the dimensions in which both are.
// Nothing when there are none or the ranks differ.
// REQUIRES: SliceShape() of both succeeds for one shape.
std::optional<Slice> Intersect(const Slice& a, const Slice& b);

// What SaveV2 and RestoreV2 take for each tensor: "4 2 0,2:-" is rows 0 and 1
// of a tensor of shape [4,2].
struct ShapeAndSlice {
  Shape shape;  // of the whole tensor
  Slice slice;
  Shape slice_shape;  // SliceShape(slice, shape)
};

// Returns InvalidArgument "Need least two elements in shape_and_slice
// specification: ...", "Non numerical dimension in shape_and_slice: ...", and
// the errors of ParseSlice(), Shape::Create() and SliceShape().
Result<ShapeAndSlice> ParseShapeAndSlice(std::string_view text);

}  // namespace tensorbundle

#endif  // TB_TENSOR_SLICE_SPEC_H_
