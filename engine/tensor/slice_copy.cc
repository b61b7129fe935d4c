#include "engine/tensor/slice_copy.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>

namespace tensorbundle {

namespace {

uint64_t StartOf(const Slice& slice, size_t d) {
  return static_cast<uint64_t>(slice.extents[d].start);
}

// Takes loops of one round out and joins neighbours that are one loop on both
// sides.
std::vector<SliceCopy::Loop> Simplify(std::span<const SliceCopy::Loop> loops) {
  std::vector<SliceCopy::Loop> simple;
  for (const SliceCopy::Loop& loop : loops) {
    if (loop.count == 1) continue;
    if (!simple.empty() &&
        simple.back().from_stride == loop.count * loop.from_stride &&
        simple.back().to_stride == loop.count * loop.to_stride) {
      simple.back() = {simple.back().count * loop.count, loop.from_stride,
                       loop.to_stride};
    } else {
      simple.push_back(loop);
    }
  }
  return simple;
}

}  // namespace

Result<SliceCopy> PlanSliceCopy(const Shape& shape, const Slice& from,
                                const Slice& to) {
  TB_ASSIGN_OR_RETURN(const Shape from_shape, SliceShape(from, shape));
  TB_ASSIGN_OR_RETURN(const Shape to_shape, SliceShape(to, shape));
  SliceCopy copy;
  const std::optional<Slice> shared = Intersect(from, to);
  if (!shared) return copy;
  TB_ASSIGN_OR_RETURN(const Shape shared_shape, SliceShape(*shared, shape));
  if (shared_shape.num_elements() == 0) return copy;

  std::vector<SliceCopy::Loop> loops(shared->extents.size());
  uint64_t from_stride = 1;
  uint64_t to_stride = 1;
  for (size_t d = loops.size(); d-- > 0;) {
    const int dim = static_cast<int>(d);
    loops[d] = {static_cast<uint64_t>(shared_shape.dim(dim)), from_stride,
                to_stride};
    copy.from += (StartOf(*shared, d) - StartOf(from, d)) * from_stride;
    copy.to += (StartOf(*shared, d) - StartOf(to, d)) * to_stride;
    from_stride *= static_cast<uint64_t>(from_shape.dim(dim));
    to_stride *= static_cast<uint64_t>(to_shape.dim(dim));
  }
  copy.loops = Simplify(loops);
  copy.run = 1;
  if (!copy.loops.empty() && copy.loops.back().from_stride == 1 &&
      copy.loops.back().to_stride == 1) {
    copy.run = copy.loops.back().count;
    copy.loops.pop_back();
  }
  return copy;
}

void CopyElements(const SliceCopy& copy, size_t element_size, Bytes from,
                  MutableBytes to) {
  const size_t size = static_cast<size_t>(copy.run) * element_size;
  ForEachRun(copy, [&](uint64_t from_at, uint64_t to_at) {
    const size_t source = static_cast<size_t>(from_at) * element_size;
    const size_t target = static_cast<size_t>(to_at) * element_size;
    assert(source + size <= from.size() && target + size <= to.size());
    std::memcpy(to.data() + target, from.data() + source, size);
  });
}

void CopyElements(const SliceCopy& copy, std::span<const std::string> from,
                  std::span<std::string> to) {
  ForEachRun(copy, [&](uint64_t from_at, uint64_t to_at) {
    const auto run = from.subspan(static_cast<size_t>(from_at),
                                  static_cast<size_t>(copy.run));
    std::copy(run.begin(), run.end(),
              to.begin() + static_cast<ptrdiff_t>(to_at));
  });
}

}  // namespace tensorbundle
