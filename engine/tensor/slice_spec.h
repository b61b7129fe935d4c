// Slice: a box cut out of a tensor, as partitioned variables are stored.
#ifndef TB_TENSOR_SLICE_SPEC_H_
#define TB_TENSOR_SLICE_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

namespace tensorbundle {

// [start, start + length) of one dimension. The whole of it is start 0, length
// kFull, whatever the dimension's size.
struct SliceExtent {
  static constexpr int64_t kFull = -1;

  int64_t start = 0;
  int64_t length = kFull;

  bool is_full() const { return length == kFull; }
  friend bool operator==(const SliceExtent&, const SliceExtent&) = default;
};

// One extent a dimension. Numbers that came out of a file are kept as they
// are; whoever cuts with a slice checks it against the tensor's shape.
struct Slice {
  std::vector<SliceExtent> extents;

  // "0,2:-": start and length, or "-" for the whole dimension; "" for rank 0.
  std::string ToString() const;

  friend bool operator==(const Slice&, const Slice&) = default;
};

}  // namespace tensorbundle

#endif  // TB_TENSOR_SLICE_SPEC_H_
