// Copies the elements that two boxes of one tensor share from the one's memory
// to the other's: the last step of joining or cutting a partitioned tensor.
#ifndef TB_TENSOR_SLICE_COPY_H_
#define TB_TENSOR_SLICE_COPY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle {

// Runs of elements that lie one behind the other on both sides. Positions and
// strides count elements of the row-major boxes.
struct SliceCopy {
  struct Loop {
    uint64_t count = 0;
    uint64_t from_stride = 0;
    uint64_t to_stride = 0;

    friend bool operator==(const Loop&, const Loop&) = default;
  };

  uint64_t from = 0;  // where the first run begins
  uint64_t to = 0;
  uint64_t run = 0;         // elements a run; 0 when nothing is shared
  std::vector<Loop> loops;  // from the outermost to the innermost
};

// What `from` and `to`, two boxes of a tensor of shape `shape`, share. Runs are
// as long, and loops as few, as the boxes allow: of two equal boxes it is one
// run without loops.
// Returns SliceShape()'s errors.
Result<SliceCopy> PlanSliceCopy(const Shape& shape, const Slice& from,
                                const Slice& to);

// Calls visit(from_position, to_position) for each run, in ascending order.
template <typename Visit>
void ForEachRun(const SliceCopy& copy, Visit visit) {
  if (copy.run == 0) return;
  std::vector<uint64_t> at(copy.loops.size(), 0);
  uint64_t from = copy.from;
  uint64_t to = copy.to;
  for (;;) {
    visit(from, to);
    size_t d = copy.loops.size();
    for (;; --d) {
      if (d == 0) return;
      const SliceCopy::Loop& loop = copy.loops[d - 1];
      from += loop.from_stride;
      to += loop.to_stride;
      if (++at[d - 1] < loop.count) break;
      at[d - 1] = 0;
      from -= loop.count * loop.from_stride;
      to -= loop.count * loop.to_stride;
    }
  }
}

// REQUIRES: `from` and `to` hold the boxes of which `copy` was planned, in
// elements of `element_size` bytes, and do not overlap.
void CopyElements(const SliceCopy& copy, size_t element_size, Bytes from,
                  MutableBytes to);
void CopyElements(const SliceCopy& copy, std::span<const std::string> from,
                  std::span<std::string> to);

}  // namespace tensorbundle

#endif  // TB_TENSOR_SLICE_COPY_H_
