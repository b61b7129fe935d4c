// Which of a partitioned tensor's stored slices hold the elements that somebody
// wants. Pure arithmetic on boxes.
#ifndef TB_TENSOR_SLICE_COVER_H_
#define TB_TENSOR_SLICE_COVER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/status.h"

namespace tensorbundle {

// Makes sure that `slices` are boxes within `shape` and that no element is in
// two of them.
// Returns SliceShape()'s errors; Internal "Overlapping slices: existing slice =
// A, new slice = B" with the first B, in the given order, that overlaps an
// earlier slice, and the first such A; ResourceExhausted when the slices lie
// so that more than limits::kMaxSlicePairs pairs would have to be compared.
Status CheckSlices(const Shape& shape, std::span<const Slice> slices);

// The indices, ascending, of the stored slices that `query` takes elements
// from; one alone when it equals the query. Nothing when some element of the
// query is in no stored slice, or the query is no box within `shape`.
// REQUIRES: CheckSlices(shape, stored) is ok.
std::optional<std::vector<size_t>> FindCover(const Shape& shape,
                                             std::span<const Slice> stored,
                                             const Slice& query);

}  // namespace tensorbundle

#endif  // TB_TENSOR_SLICE_COVER_H_
