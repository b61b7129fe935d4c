#include "engine/graph/shape_inference.h"

#include <algorithm>
#include <utility>

namespace tensorbundle::graph {

namespace {

constexpr int64_t kUnknown = PartialShape::kUnknownDim;

// InferenceContext::DebugString, unlike PartialTensorShape's, says "?" for a
// shape of unknown rank.
std::string ContextText(const PartialShape& shape) {
  return shape.has_rank() ? shape.ToString() : "?";
}

// Tensor::SummarizeValue for the vectors that decide shapes.
std::string Summary(const Output& output) {
  std::string text;
  const auto integers = AllKnown(KnownIntegers(output));
  if (!integers) return text;
  for (const int64_t each : *integers) {
    if (!text.empty()) text += ' ';
    text += std::to_string(each);
  }
  return text;
}

}  // namespace

InferenceContext::InferenceContext(const Node& node, int num_outputs)
    : node_(node), outputs_(static_cast<size_t>(num_outputs)) {}

const Tensor* InferenceContext::input_tensor(int i) {
  const Tensor* value = ConstantValue(node_.input(i));
  if (value != nullptr) inspected_.push_back(i);
  return value;
}

std::optional<std::vector<int64_t>> InferenceContext::integers(int i) {
  std::optional<std::vector<int64_t>> values =
      AllKnown(KnownIntegers(node_.input(i)));
  if (values) inspected_.push_back(i);
  return values;
}

Status InferenceContext::SetOutputDims(int i, std::span<const int64_t> dims) {
  TB_ASSIGN_OR_RETURN(PartialShape shape, PartialShape::Create(dims));
  set_output(i, std::move(shape));
  return OkStatus();
}

Result<PartialShape> InferenceContext::ShapeFromInput(int i) {
  TB_ASSIGN_OR_RETURN(const PartialShape vector, WithRank(input(i), 1));
  const std::optional<PartialIntegers> values = KnownIntegers(node_.input(i));
  if (!values) {
    if (vector.dim(0) == kUnknown || vector.dim(0) > Shape::kMaxRank) {
      return PartialShape();
    }
    return PartialShape::OfRank(static_cast<int>(vector.dim(0)));
  }
  if (AllKnown(values)) inspected_.push_back(i);
  std::vector<int64_t> dims;
  for (const std::optional<int64_t>& value : *values) {
    dims.push_back(value.value_or(kUnknown));
    if (dims.back() < kUnknown) {
      return InvalidArgumentError("Invalid value in tensor used for shape: " +
                                  std::to_string(dims.back()));
    }
  }
  return PartialShape::Create(dims);
}

Status InferenceContext::WithContext(const Status& status) const {
  std::string text = status.message() + " for '" + node_.name() + "' (op: '" +
                     node_.op() + "') with input shapes: ";
  for (int i = 0; i < num_inputs(); ++i) {
    if (i > 0) text += ", ";
    text += ContextText(input(i));
  }
  for (size_t k = 0; k < inspected_.size(); ++k) {
    const int i = inspected_[k];
    text += k == 0 ? " and with computed input tensors: " : ", ";
    text +=
        "input[" + std::to_string(i) + "] = <" + Summary(node_.input(i)) + ">";
  }
  return Status(status).WithMessage(text + ".");
}

Result<PartialShape> WithRank(const PartialShape& shape, int rank) {
  if (!shape.has_rank()) return PartialShape::OfRank(rank);
  if (shape.rank() != rank) {
    return InvalidArgumentError("Shape must be rank " + std::to_string(rank) +
                                " but is rank " + std::to_string(shape.rank()));
  }
  return shape;
}

Result<PartialShape> WithRankAtLeast(const PartialShape& shape, int rank) {
  if (shape.has_rank() && shape.rank() < rank) {
    return InvalidArgumentError("Shape must be at least rank " +
                                std::to_string(rank) + " but is rank " +
                                std::to_string(shape.rank()));
  }
  return shape;
}

Result<int64_t> MergeDims(int64_t a, int64_t b) {
  if (a != b && a != kUnknown && b != kUnknown) {
    return InvalidArgumentError("Dimensions must be equal, but are " +
                                std::to_string(a) + " and " +
                                std::to_string(b));
  }
  return a == kUnknown ? b : a;
}

Result<int> NormalizeAxis(int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) {
    return InvalidArgumentError("Shape must be at least rank " +
                                std::to_string(axis < 0 ? -axis : axis + 1) +
                                " but is rank " + std::to_string(rank));
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

PartialShape WithDim(const PartialShape& shape, int i, int64_t dim) {
  std::vector<int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims[static_cast<size_t>(i)] = dim;
  return *PartialShape::Create(dims);
}

Result<PartialShape> Merge(const PartialShape& a, const PartialShape& b) {
  if (!a.has_rank()) return b;
  if (!b.has_rank()) return a;
  if (a.rank() != b.rank()) {
    return InvalidArgumentError("Shapes must be equal rank, but are " +
                                std::to_string(a.rank()) + " and " +
                                std::to_string(b.rank()));
  }
  std::vector<int64_t> dims;
  for (int i = 0; i < a.rank(); ++i) {
    if (a.dim(i) != b.dim(i) && a.dim(i) != kUnknown && b.dim(i) != kUnknown) {
      return InvalidArgumentError("Dimension " + std::to_string(i) +
                                  " in both shapes must be equal, but are " +
                                  std::to_string(a.dim(i)) + " and " +
                                  std::to_string(b.dim(i)) + ". Shapes are " +
                                  a.ToString() + " and " + b.ToString() + ".");
    }
    dims.push_back(a.dim(i) == kUnknown ? b.dim(i) : a.dim(i));
  }
  return PartialShape::Create(dims);
}

Result<PartialShape> Broadcast(const PartialShape& a, const PartialShape& b) {
  if (!a.has_rank() || !b.has_rank()) return PartialShape();
  const int rank = std::max(a.rank(), b.rank());
  std::vector<int64_t> dims;
  for (int i = 0; i < rank; ++i) {
    // Dimensions that one of them lacks count as 1.
    const int from_a = i - (rank - a.rank());
    const int from_b = i - (rank - b.rank());
    const int64_t x = from_a < 0 ? 1 : a.dim(from_a);
    const int64_t y = from_b < 0 ? 1 : b.dim(from_b);
    if (x == kUnknown || y == kUnknown) {
      // Only a known dimension other than 1 decides alone.
      const int64_t known = x == kUnknown ? y : x;
      dims.push_back(known == kUnknown || known <= 1 ? kUnknown : known);
    } else if (x == 1 || y == 1) {
      dims.push_back(x == 1 ? y : x);
    } else if (x != y) {
      return InvalidArgumentError("Dimensions must be equal, but are " +
                                  std::to_string(x) + " and " +
                                  std::to_string(y));
    } else {
      dims.push_back(x);
    }
  }
  return PartialShape::Create(dims);
}

const Tensor* ConstantValue(const Output& output) {
  if (output.node->op() != "Const") return nullptr;
  const AttrValue* value = output.node->attr("value");
  return value == nullptr ? nullptr : value->tensor();
}

Status UnchangedShape(InferenceContext& context) {
  context.set_output(0, context.input(0));
  return OkStatus();
}

Status BroadcastShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape,
                      Broadcast(context.input(0), context.input(1)));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status MergedShape(InferenceContext& context) {
  TB_ASSIGN_OR_RETURN(PartialShape shape,
                      Merge(context.input(0), context.input(1)));
  context.set_output(0, std::move(shape));
  return OkStatus();
}

Status AttrShape(InferenceContext& context) {
  context.set_output(0, *context.attr("shape")->shape());
  return OkStatus();
}

Status ScalarShape(InferenceContext& context) {
  for (int i = 0; i < context.num_outputs(); ++i) {
    context.set_output(i, PartialShape::Of({}));
  }
  return OkStatus();
}

}  // namespace tensorbundle::graph
