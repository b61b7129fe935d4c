#include "engine/bundle/messages.h"

#include <span>
#include <vector>

namespace tensorbundle::bundle {

namespace {

bool ReadDim(Bytes message, int64_t* size) {
  *size = 0;
  return ForEachField(message, [&](const WireField& field) {
    if (Is(field, 1, WireType::kVarint)) {
      *size = static_cast<int64_t>(field.value);
    }
    return true;
  });
}

bool ReadExtent(Bytes message, SliceExtent* extent) {
  *extent = {};
  return ForEachField(message, [&](const WireField& field) {
    if (Is(field, 1, WireType::kVarint)) {
      extent->start = static_cast<int64_t>(field.value);
    } else if (Is(field, 2, WireType::kVarint)) {
      extent->length = static_cast<int64_t>(field.value);
    }
    return true;
  });
}

}  // namespace

Result<Shape> Dims::ToShape() const {
  return Shape::Create(std::span(sizes).first(count));
}

bool ReadDims(Bytes message, Dims* dims) {
  return ForEachField(message, [&](const WireField& field) {
    if (!Is(field, 2, WireType::kBytes)) return true;
    int64_t size = 0;
    if (!ReadDim(field.bytes, &size)) return false;
    if (dims->count < dims->sizes.size()) dims->sizes[dims->count++] = size;
    return true;
  });
}

bool ReadSlice(Bytes message, Slice* slice) {
  return ForEachField(message, [&](const WireField& field) {
    if (!Is(field, 1, WireType::kBytes)) return true;
    SliceExtent extent;
    if (!ReadExtent(field.bytes, &extent)) return false;
    if (slice->rank() <= Shape::kMaxRank) slice->extents.push_back(extent);
    return true;
  });
}

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
