// What x[1:3, ..., None, -1] takes of a tensor: the semantics of StridedSlice,
// for its shape function and its kernel.
#ifndef TB_GRAPH_STRIDED_SLICE_H_
#define TB_GRAPH_STRIDED_SLICE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/graph/node.h"
#include "engine/graph/partial_shape.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

// One dimension of the tensor: begin, begin + stride, ..., `count` elements;
// kUnknownDim where the size of the dimension decides and is not known.
struct SliceExtent {
  int64_t begin = 0;
  int64_t stride = 1;
  int64_t count = 0;
};

struct StridedSlice {
  std::vector<SliceExtent> extents;  // one for each dimension of the tensor
  PartialShape shape;                // of the result
};

// Without `begin` and `end`, what their number and the masks tell. `node` is a
// StridedSlice or StridedSliceGrad, whose masks count. Returns InvalidArgument
// with TensorFlow's text, "slice index 3 of dimension 0 out of bounds.".
// REQUIRES: x.has_rank(); begin, end and strides are equally long.
Result<StridedSlice> ResolveStridedSlice(
    const Node& node, const PartialShape& x,
    const std::optional<std::vector<int64_t>>& begin,
    const std::optional<std::vector<int64_t>>& end,
    const std::vector<int64_t>& strides);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_STRIDED_SLICE_H_
