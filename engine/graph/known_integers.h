// KnownIntegers: what a graph alone tells of an int32 or int64 tensor, which is
// how shapes travel through a graph.
#ifndef TB_GRAPH_KNOWN_INTEGERS_H_
#define TB_GRAPH_KNOWN_INTEGERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/node.h"
#include "engine/tensor/tensor.h"

namespace tensorbundle::graph {

// The elements of a scalar or vector; nothing where a run decides.
using PartialIntegers = std::vector<std::optional<int64_t>>;

// The elements of `output`, a scalar or vector, or nothing when not even their
// number is known. Sees through Const, Shape, Size, Rank, Pack, ConcatV2,
// StridedSlice, Range, Cast, Identity and integer arithmetic.
std::optional<PartialIntegers> KnownIntegers(const Output& output);

// The same if every element is known.
std::optional<std::vector<int64_t>> AllKnown(
    const std::optional<PartialIntegers>& integers);

// The elements of an int32 or int64 tensor, in order.
std::vector<int64_t> IntegersOf(const Tensor& tensor);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_KNOWN_INTEGERS_H_
