#include "engine/bundle/messages.h"

#include <vector>

namespace tensorbundle::bundle {

Result<Shape> ShapeFrom(const proto::TensorShapeProto& message) {
  std::vector<int64_t> dims;
  dims.reserve(static_cast<size_t>(message.dim_size()));
  for (const auto& dim : message.dim()) dims.push_back(dim.size());
  return Shape::Create(dims);
}

void SetShape(const Shape& shape, proto::TensorShapeProto* message) {
  message->Clear();
  for (const int64_t dim : shape.dims()) message->add_dim()->set_size(dim);
}

Slice SliceFrom(const proto::TensorSliceProto& message) {
  Slice slice;
  slice.extents.reserve(static_cast<size_t>(message.extent_size()));
  for (const auto& extent : message.extent()) {
    const bool has_length =
        extent.has_length_case() == proto::TensorSliceProto::Extent::kLength;
    slice.extents.push_back(
        {extent.start(), has_length ? extent.length() : SliceExtent::kFull});
  }
  return slice;
}

void SetSlice(const Slice& slice, proto::TensorSliceProto* message) {
  message->Clear();
  for (const SliceExtent& extent : slice.extents) {
    proto::TensorSliceProto::Extent* e = message->add_extent();
    if (extent.is_full()) continue;
    e->set_start(extent.start);
    e->set_length(extent.length);
  }
}

}  // namespace tensorbundle::bundle
