#include "engine/graph/known_integers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/graph/shape_inference.h"

namespace tensorbundle::graph {

namespace {

// A longer chain of nodes is left to the run.
constexpr int kMaxDepth = 12;
// Nothing longer than this is a shape.
constexpr int64_t kMaxElements = 1024;

using Known = std::optional<PartialIntegers>;

Known Evaluate(const Output& output, int depth);

std::optional<int64_t> Scalar(const Known& value) {
  if (!value || value->size() != 1) return std::nullopt;
  return value->front();
}

Known ShapeOf(const PartialShape& shape) {
  if (!shape.has_rank()) return std::nullopt;
  PartialIntegers dims;
  for (const int64_t dim : shape.dims()) {
    dims.push_back(dim < 0 ? std::nullopt : std::optional<int64_t>(dim));
  }
  return dims;
}

Known SizeOf(const PartialShape& shape) {
  const std::optional<Shape> known = shape.AsShape();
  return PartialIntegers{known ? std::optional(known->num_elements())
                               : std::nullopt};
}

// Pack of scalars, or ConcatV2 but for its axis, which is the last input.
Known Join(const Node& node, size_t count, int depth) {
  PartialIntegers joined;
  for (size_t i = 0; i < count; ++i) {
    const Known part = Evaluate(node.inputs()[i], depth);
    if (!part) return std::nullopt;
    joined.insert(joined.end(), part->begin(), part->end());
  }
  return joined;
}

// x[begin:end:stride] or x[i] of a vector.
Known Slice(const Node& node, int depth) {
  const Known x = Evaluate(node.input(0), depth);
  const std::optional<int64_t> begin = Scalar(Evaluate(node.input(1), depth));
  const std::optional<int64_t> end = Scalar(Evaluate(node.input(2), depth));
  const std::optional<int64_t> stride = Scalar(Evaluate(node.input(3), depth));
  if (!x || !begin || !end || stride != 1 ||
      node.int_attr("ellipsis_mask") != 0 ||
      node.int_attr("new_axis_mask") != 0) {
    return std::nullopt;
  }
  const int64_t size = static_cast<int64_t>(x->size());
  const auto clip = [&](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + size : at, 0, size);
  };
  const int64_t from = node.int_attr("begin_mask") & 1 ? 0 : clip(*begin);
  int64_t to = node.int_attr("end_mask") & 1 ? size : clip(*end);
  if (node.int_attr("shrink_axis_mask") & 1) {
    if (from >= size) return std::nullopt;
    to = from + 1;
  }
  if (from >= to) return PartialIntegers();
  return PartialIntegers(x->begin() + static_cast<ptrdiff_t>(from),
                         x->begin() + static_cast<ptrdiff_t>(to));
}

Known Range(const Node& node, int depth) {
  const std::optional<int64_t> start = Scalar(Evaluate(node.input(0), depth));
  const std::optional<int64_t> limit = Scalar(Evaluate(node.input(1), depth));
  const std::optional<int64_t> delta = Scalar(Evaluate(node.input(2), depth));
  if (!start || !limit || delta != 1) return std::nullopt;
  PartialIntegers values;
  if (*start >= *limit) return values;
  // The difference may be too large for an int64.
  if (static_cast<uint64_t>(*limit) - static_cast<uint64_t>(*start) >
      static_cast<uint64_t>(kMaxElements)) {
    return std::nullopt;
  }
  for (int64_t i = *start; i < *limit; ++i) values.push_back(i);
  return values;
}

// One operator on each pair, a scalar with every element.
Known Arithmetic(const Node& node, int depth) {
  const Known x = Evaluate(node.input(0), depth);
  const Known y = Evaluate(node.input(1), depth);
  if (!x || !y) return std::nullopt;
  if (x->size() != y->size() && x->size() != 1 && y->size() != 1) {
    return std::nullopt;
  }
  const std::string& op = node.op();
  PartialIntegers values;
  for (size_t i = 0; i < std::max(x->size(), y->size()); ++i) {
    const auto a = (*x)[x->size() == 1 ? 0 : i];
    const auto b = (*y)[y->size() == 1 ? 0 : i];
    std::optional<int64_t> value;
    // Shapes are small and not negative; the rest is left to the run.
    constexpr int64_t kLimit = int64_t{1} << 31;
    if (a && b && *a >= 0 && *b >= 0 && *a < kLimit && *b < kLimit) {
      if (op == "Add" || op == "AddV2") value = *a + *b;
      if (op == "Sub") value = *a - *b;
      if (op == "Mul") value = *a * *b;
      if (op == "Maximum") value = std::max(*a, *b);
      if (op == "FloorDiv" && *b > 0) value = *a / *b;
    }
    values.push_back(value);
  }
  return values;
}

Known Evaluate(const Output& output, int depth) {
  const PartialShape& shape = output.shape();
  const DType dtype = output.dtype();
  if (depth == 0 || (dtype != DType::kInt32 && dtype != DType::kInt64) ||
      (shape.has_rank() && shape.rank() > 1)) {
    return std::nullopt;
  }
  const Node& node = *output.node;
  const std::string& op = node.op();
  --depth;
  if (const Tensor* value = ConstantValue(output)) {
    if (value->num_elements() > kMaxElements) return std::nullopt;
    PartialIntegers values;
    for (const int64_t each : IntegersOf(*value)) values.push_back(each);
    return values;
  }
  if (op == "Shape") return ShapeOf(node.input(0).shape());
  if (op == "ShapeN") return ShapeOf(node.input(output.index).shape());
  if (op == "Size") return SizeOf(node.input(0).shape());
  if (op == "Rank") {
    const PartialShape& of = node.input(0).shape();
    if (!of.has_rank()) return PartialIntegers{std::nullopt};
    return PartialIntegers{of.rank()};
  }
  if (op == "Identity" || op == "Cast") return Evaluate(node.input(0), depth);
  if (op == "Pack") return Join(node, node.inputs().size(), depth);
  if (op == "ConcatV2") return Join(node, node.inputs().size() - 1, depth);
  if (op == "StridedSlice") return Slice(node, depth);
  if (op == "Range") return Range(node, depth);
  if (op == "Add" || op == "AddV2" || op == "Sub" || op == "Mul" ||
      op == "Maximum" || op == "FloorDiv") {
    return Arithmetic(node, depth);
  }
  // At least the number of elements may be known.
  if (!shape.IsFullyDefined()) return std::nullopt;
  const int64_t count = shape.rank() == 0 ? 1 : shape.dim(0);
  if (count > kMaxElements) return std::nullopt;
  return PartialIntegers(static_cast<size_t>(count));
}

}  // namespace

std::optional<PartialIntegers> KnownIntegers(const Output& output) {
  return Evaluate(output, kMaxDepth);
}

std::optional<std::vector<int64_t>> AllKnown(
    const std::optional<PartialIntegers>& integers) {
  if (!integers) return std::nullopt;
  std::vector<int64_t> values;
  for (const std::optional<int64_t>& each : *integers) {
    if (!each) return std::nullopt;
    values.push_back(*each);
  }
  return values;
}

std::vector<int64_t> IntegersOf(const Tensor& tensor) {
  if (tensor.dtype() == DType::kInt64) {
    const std::span<const int64_t> values = tensor.as<int64_t>();
    return {values.begin(), values.end()};
  }
  const std::span<const int32_t> values = tensor.as<int32_t>();
  return {values.begin(), values.end()};
}

}  // namespace tensorbundle::graph
