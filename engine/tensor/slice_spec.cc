#include "engine/tensor/slice_spec.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace tensorbundle {

namespace {

// The pieces of `text` between separators, the empty ones included.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> SplitSkippingEmpty(std::string_view text,
                                                 char separator) {
  std::vector<std::string_view> pieces = Split(text, separator);
  std::erase_if(pieces, [](std::string_view piece) { return piece.empty(); });
  return pieces;
}

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// tensorflow/core/lib/strings/numbers.cc, safe_strto64: decimal digits, a minus
// sign, blanks on either side.
bool ParseInt64(std::string_view text, int64_t* value) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

Result<SliceExtent> ParseExtent(std::string_view item, std::string_view text) {
  SliceExtent extent;
  if (item == "-") return extent;
  const std::vector<std::string_view> pair = SplitSkippingEmpty(item, ',');
  if (pair.size() != 2 || !ParseInt64(pair[0], &extent.start) ||
      !ParseInt64(pair[1], &extent.length)) {
    return InvalidArgumentError("Expected a pair of numbers or '-' but got '" +
                                std::string(item) +
                                "': string = " + std::string(text));
  }
  if (extent.start < 0 || extent.length <= 0) {
    return InvalidArgumentError(
        "Expected non-negative start and positive length but got start = " +
        std::to_string(extent.start) + ", length = " +
        std::to_string(extent.length) + ": string = " + std::string(text));
  }
  return extent;
}

}  // namespace

Slice Slice::Full(int rank) {
  assert(rank >= 0);
  Slice slice;
  slice.extents.resize(static_cast<size_t>(rank));
  return slice;
}

bool Slice::is_full() const {
  return std::all_of(extents.begin(), extents.end(),
                     [](const SliceExtent& e) { return e.is_full(); });
}

std::string Slice::ToString() const {
  std::string text;
  for (const SliceExtent& extent : extents) {
    if (&extent != extents.data()) text += ':';
    text += extent.is_full() ? "-"
                             : std::to_string(extent.start) + "," +
                                   std::to_string(extent.length);
  }
  return text;
}

Result<Slice> ParseSlice(std::string_view text) {
  Slice slice;
  for (const std::string_view item : SplitSkippingEmpty(text, ':')) {
    TB_ASSIGN_OR_RETURN(const SliceExtent extent, ParseExtent(item, text));
    slice.extents.push_back(extent);
  }
  return slice;
}

Result<Shape> SliceShape(const Slice& slice, const Shape& shape) {
  if (slice.rank() != shape.rank()) {
    return InternalError("Mismatching ranks: shape = " + shape.ToString() +
                         ", slice = " + slice.ToString());
  }
  std::vector<int64_t> dims;
  for (int d = 0; d < shape.rank(); ++d) {
    const SliceExtent& extent = slice.extents[static_cast<size_t>(d)];
    if (extent.is_full()) {
      dims.push_back(shape.dim(d));
      continue;
    }
    if (extent.start < 0 || extent.length < 0 || extent.start > shape.dim(d) ||
        extent.length > shape.dim(d) - extent.start) {
      return InternalError("Extent in dimension " + std::to_string(d) +
                           " out of bounds: shape = " + shape.ToString() +
                           ", slice = " + slice.ToString());
    }
    dims.push_back(extent.length);
  }
  return Shape::Create(dims);
}

std::optional<Slice> Intersect(const Slice& a, const Slice& b) {
  if (a.rank() != b.rank()) return std::nullopt;
  Slice both;
  for (size_t d = 0; d < a.extents.size(); ++d) {
    const SliceExtent& x = a.extents[d];
    const SliceExtent& y = b.extents[d];
    if (x.is_full() || y.is_full()) {
      both.extents.push_back(x.is_full() ? y : x);
      continue;
    }
    const int64_t start = std::max(x.start, y.start);
    const int64_t end = std::min(x.start + x.length, y.start + y.length);
    if (end <= start) return std::nullopt;
    both.extents.push_back({start, end - start});
  }
  return both;
}

Result<ShapeAndSlice> ParseShapeAndSlice(std::string_view text) {
  std::vector<std::string_view> words = Split(text, ' ');
  if (words.size() < 2) {
    return InvalidArgumentError(
        "Need least two elements in shape_and_slice specification: " +
        std::string(text));
  }
  ShapeAndSlice result;
  TB_ASSIGN_OR_RETURN(result.slice, ParseSlice(words.back()));
  words.pop_back();
  std::vector<int64_t> dims;
  for (const std::string_view word : words) {
    int64_t dim = 0;
    if (!ParseInt64(word, &dim)) {
      return InvalidArgumentError(
          "Non numerical dimension in shape_and_slice: " + std::string(text));
    }
    dims.push_back(dim);
  }
  TB_ASSIGN_OR_RETURN(result.shape, Shape::Create(dims));
  TB_ASSIGN_OR_RETURN(result.slice_shape,
                      SliceShape(result.slice, result.shape));
  return result;
}

}  // namespace tensorbundle
