// Overlaps are looked for along one dimension: with the slices sorted by where
// they begin in it, only those that begin before a slice ends can overlap it.
//
//      dimension d ->   |--- a ---|
//                          |-- b --|
//                                 |- c -|      pairs to compare: ab, bc
//
// Of all dimensions the one that leaves the fewest pairs is taken; for slices
// along a single axis that is the axis, and none is left.
#include "engine/tensor/slice_cover.h"

#include <algorithm>
#include <limits>
#include <string>

#include "engine/util/limits.h"

namespace tensorbundle {

namespace {

struct Interval {
  int64_t begin = 0;
  int64_t end = 0;
};

Interval IntervalOf(const Slice& slice, const Shape& shape, int d) {
  const SliceExtent& extent = slice.extents[static_cast<size_t>(d)];
  if (extent.is_full()) return {0, shape.dim(d)};
  return {extent.start, extent.start + extent.length};
}

// The slices that have elements, by where they begin in one dimension.
struct Order {
  int dim = 0;
  std::vector<size_t> indices;
};

Order SortAlong(int dim, const Shape& shape, std::span<const Slice> slices,
                std::span<const size_t> indices) {
  Order order{dim, {indices.begin(), indices.end()}};
  std::sort(order.indices.begin(), order.indices.end(),
            [&](size_t a, size_t b) {
              return IntervalOf(slices[a], shape, dim).begin <
                     IntervalOf(slices[b], shape, dim).begin;
            });
  return order;
}

// How many slices behind order.indices[i] begin before it ends.
size_t CountFollowers(const Order& order, size_t i, const Shape& shape,
                      std::span<const Slice> slices) {
  const int64_t end =
      IntervalOf(slices[order.indices[i]], shape, order.dim).end;
  const auto first = order.indices.begin() + static_cast<ptrdiff_t>(i) + 1;
  const auto stop =
      std::partition_point(first, order.indices.end(), [&](size_t index) {
        return IntervalOf(slices[index], shape, order.dim).begin < end;
      });
  return static_cast<size_t>(stop - first);
}

uint64_t CountPairs(const Order& order, const Shape& shape,
                    std::span<const Slice> slices) {
  uint64_t pairs = 0;
  for (size_t i = 0; i < order.indices.size(); ++i) {
    pairs += CountFollowers(order, i, shape, slices);
  }
  return pairs;
}

bool Overlap(const Slice& a, const Slice& b, const Shape& shape) {
  for (int d = 0; d < shape.rank(); ++d) {
    const Interval x = IntervalOf(a, shape, d);
    const Interval y = IntervalOf(b, shape, d);
    if (std::max(x.begin, y.begin) >= std::min(x.end, y.end)) return false;
  }
  return true;
}

Status Overlapping(const Slice& existing, const Slice& added) {
  return InternalError(
      "Overlapping slices: existing slice = " + existing.ToString() +
      ", new slice = " + added.ToString());
}

}  // namespace

Status CheckSlices(const Shape& shape, std::span<const Slice> slices) {
  std::vector<size_t> indices;
  for (size_t i = 0; i < slices.size(); ++i) {
    TB_ASSIGN_OR_RETURN(const Shape box, SliceShape(slices[i], shape));
    if (box.num_elements() > 0) indices.push_back(i);
  }
  if (indices.size() < 2) return OkStatus();
  if (shape.rank() == 0) {
    return Overlapping(slices[indices[0]], slices[indices[1]]);
  }

  Order order;
  uint64_t fewest = std::numeric_limits<uint64_t>::max();
  for (int d = 0; d < shape.rank(); ++d) {
    Order candidate = SortAlong(d, shape, slices, indices);
    const uint64_t pairs = CountPairs(candidate, shape, slices);
    if (pairs < fewest) {
      fewest = pairs;
      order = std::move(candidate);
    }
  }
  if (fewest > limits::kMaxSlicePairs) {
    return ResourceExhaustedError(
        "Too many slices to compare: " + std::to_string(slices.size()) +
        " slices of a tensor of shape " + shape.ToString() + " make " +
        std::to_string(fewest) + " pairs, at most " +
        std::to_string(limits::kMaxSlicePairs) + " are compared");
  }

  // The pair that a comparison of each slice with all before it meets first.
  size_t first_added = slices.size();
  size_t first_existing = 0;
  for (size_t i = 0; i < order.indices.size(); ++i) {
    const size_t followers = CountFollowers(order, i, shape, slices);
    for (size_t j = i + 1; j <= i + followers; ++j) {
      const auto [existing, added] =
          std::minmax(order.indices[i], order.indices[j]);
      if (added > first_added ||
          (added == first_added && existing >= first_existing) ||
          !Overlap(slices[existing], slices[added], shape)) {
        continue;
      }
      first_added = added;
      first_existing = existing;
    }
  }
  if (first_added == slices.size()) return OkStatus();
  return Overlapping(slices[first_existing], slices[first_added]);
}

std::optional<std::vector<size_t>> FindCover(const Shape& shape,
                                             std::span<const Slice> stored,
                                             const Slice& query) {
  const Result<Shape> wanted = SliceShape(query, shape);
  if (!wanted.ok()) return std::nullopt;
  const auto equal = std::find(stored.begin(), stored.end(), query);
  if (equal != stored.end()) {
    return std::vector<size_t>{static_cast<size_t>(equal - stored.begin())};
  }
  std::vector<size_t> cover;
  uint64_t covered = 0;
  for (size_t i = 0; i < stored.size(); ++i) {
    const std::optional<Slice> shared = Intersect(stored[i], query);
    if (!shared) continue;
    const Result<Shape> box = SliceShape(*shared, shape);
    if (!box.ok() || box->num_elements() == 0) continue;
    // Boxes without common elements: the sum is at most the tensor's size.
    covered += static_cast<uint64_t>(box->num_elements());
    cover.push_back(i);
  }
  if (covered != static_cast<uint64_t>(wanted->num_elements())) {
    return std::nullopt;
  }
  return cover;
}

}  // namespace tensorbundle
