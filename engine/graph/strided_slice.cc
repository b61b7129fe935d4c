#include "engine/graph/strided_slice.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tensorbundle::graph {

namespace {

constexpr int64_t kUnknown = PartialShape::kUnknownDim;

enum class Item { kRange, kIndex, kNewAxis, kEllipsis };

std::vector<Item> Items(const Node& node, size_t count) {
  const auto has = [&](const char* mask, size_t i) {
    return i < 63 && ((node.int_attr(mask) >> i) & 1) != 0;
  };
  std::vector<Item> items;
  for (size_t i = 0; i < count; ++i) {
    items.push_back(has("ellipsis_mask", i)      ? Item::kEllipsis
                    : has("new_axis_mask", i)    ? Item::kNewAxis
                    : has("shrink_axis_mask", i) ? Item::kIndex
                                                 : Item::kRange);
  }
  return items;
}

Status OutOfBounds(int64_t index, int dim) {
  return InvalidArgumentError("slice index " + std::to_string(index) +
                              " of dimension " + std::to_string(dim) +
                              " out of bounds.");
}

// begin:end:stride of a dimension of `size` elements.
SliceExtent Range(int64_t size, std::optional<int64_t> begin,
                  std::optional<int64_t> end, int64_t stride) {
  const int64_t low = stride > 0 ? 0 : -1;
  const int64_t high = stride > 0 ? size : size - 1;
  const auto canonical = [&](std::optional<int64_t> at, int64_t open) {
    if (!at) return open;
    return std::clamp(*at < 0 ? *at + size : *at, low, high);
  };
  const int64_t from = canonical(begin, stride > 0 ? low : high);
  const int64_t to = canonical(end, stride > 0 ? high : low);
  const int64_t length = to - from;
  int64_t count = 0;
  if (length != 0 && (length < 0) == (stride < 0)) {
    count = length / stride + (length % stride != 0 ? 1 : 0);
  }
  return {from, stride, count};
}

}  // namespace

Result<StridedSlice> ResolveStridedSlice(
    const Node& node, const PartialShape& x,
    const std::optional<std::vector<int64_t>>& begin,
    const std::optional<std::vector<int64_t>>& end,
    const std::vector<int64_t>& strides) {
  const std::vector<Item> items = Items(node, strides.size());
  int explicit_dims = 0;
  int ellipses = 0;
  for (const Item item : items) {
    if (item == Item::kEllipsis) ++ellipses;
    if (item == Item::kRange || item == Item::kIndex) ++explicit_dims;
  }
  if (ellipses > 1) {
    return InvalidArgumentError("Multiple ellipses in slice spec not allowed");
  }
  if (explicit_dims > x.rank()) {
    return InvalidArgumentError("Index out of range using input dim " +
                                std::to_string(x.rank()) + "; input has only " +
                                std::to_string(x.rank()) + " dims");
  }
  StridedSlice slice;
  std::vector<int64_t> dims;
  int at = 0;  // the dimension of x
  const auto take_all = [&](int count) {
    for (; count > 0; --count, ++at) {
      slice.extents.push_back({0, 1, x.dim(at)});
      dims.push_back(x.dim(at));
    }
  };
  for (size_t i = 0; i < items.size(); ++i) {
    const Item kind = items[i];
    if (kind == Item::kEllipsis) {
      take_all(x.rank() - explicit_dims);
      continue;
    }
    if (kind == Item::kNewAxis) {
      dims.push_back(1);
      continue;
    }
    const int64_t stride = strides[i];
    const int64_t size = x.dim(at);
    if (stride == 0) {
      return InvalidArgumentError("strides[" + std::to_string(i) +
                                  "] must be non-zero");
    }
    if (kind == Item::kIndex) {
      if (stride < 0) {
        return InvalidArgumentError(
            "only stride 1 allowed on non-range indexing.");
      }
      SliceExtent extent{kUnknown, 1, 1};
      if (begin && size != kUnknown) {
        const int64_t index = (*begin)[i];
        extent.begin = index < 0 ? index + size : index;
        if (extent.begin < 0 || extent.begin >= size) {
          return OutOfBounds(index, static_cast<int>(i));
        }
      }
      slice.extents.push_back(extent);
    } else {
      const bool open_begin = (node.int_attr("begin_mask") >> i) & 1;
      const bool open_end = (node.int_attr("end_mask") >> i) & 1;
      SliceExtent extent{kUnknown, stride, kUnknown};
      const bool known = (begin || open_begin) && (end || open_end);
      if (size != kUnknown && known) {
        extent =
            Range(size, open_begin ? std::nullopt : std::optional((*begin)[i]),
                  open_end ? std::nullopt : std::optional((*end)[i]), stride);
      }
      slice.extents.push_back(extent);
      dims.push_back(extent.count);
    }
    ++at;
  }
  take_all(x.rank() - at);
  TB_ASSIGN_OR_RETURN(slice.shape, PartialShape::Create(dims));
  return slice;
}

}  // namespace tensorbundle::graph
