// The file is a table (engine/docs/table-format.md):
//
//   ""                       0a meta { 0a tensor { 0a name | 12 shape
//                                                | 18 dtype | 22 slice ... }
//                                      ...
//                                    | 12 versions { 08 01 } }
//   key of a slice, ...      its record (v1_record.cc)
//
// The metadata lists tensors and slices in the order in which they were added.
#include "engine/bundle/v1_writer.h"

#include <utility>

#include "engine/bundle/messages.h"
#include "engine/bundle/slice_key.h"
#include "engine/bundle/v1_record.h"
#include "engine/bundle/versions.h"
#include "engine/proto/saved_tensor_slice.pb.h"
#include "engine/table/table_builder.h"
#include "engine/tensor/slice_cover.h"
#include "engine/util/checked.h"

namespace tensorbundle::bundle {

namespace {

Status WrongCount(std::string_view name, uint64_t expected) {
  return InvalidArgumentError("Tensor slice of " + std::string(name) +
                              " must have " + std::to_string(expected) +
                              " elements");
}

}  // namespace

Status V1Writer::Check(std::string_view name, const Shape& shape,
                       const Slice& slice, DType dtype, uint64_t* count) const {
  if (finished_) {
    return FailedPreconditionError("The checkpoint is finished already");
  }
  if (!IsV1DType(dtype)) {
    return UnimplementedError("Saving data type " + DTypeString(dtype) +
                              " not yet supported");
  }
  if (shape.rank() != slice.rank()) {
    return InternalError("Incompatible tensor shape and slice: shape = " +
                         shape.ToString() + ", slice = " + slice.ToString());
  }
  TB_ASSIGN_OR_RETURN(const Shape box, SliceShape(slice, shape));
  *count = static_cast<uint64_t>(box.num_elements());
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return OkStatus();
  const Tensor& existing = tensors_[found->second];
  if (existing.shape != shape) {
    return InternalError("Mismatching shapes: existing tensor = " +
                         existing.shape.ToString() + ", trying to add name " +
                         std::string(name) + ", shape = " + shape.ToString());
  }
  if (existing.dtype != dtype) {
    return InternalError("Mismatching types: existing type = " +
                         DTypeString(existing.dtype) + ", trying to add name " +
                         std::string(name) + ", type = " + DTypeString(dtype));
  }
  // TensorFlow writes such files and cannot read them. Slices that overlap
  // without being equal are found when all are there, in one walk.
  if (records_.count(EncodeSliceKey(name, slice)) > 0) {
    const Slice pair[] = {slice, slice};
    return CheckSlices(shape, pair);
  }
  return OkStatus();
}

void V1Writer::Insert(std::string_view name, const Shape& shape,
                      const Slice& slice, DType dtype, std::string record) {
  const auto [found, is_new] =
      by_name_.try_emplace(std::string(name), tensors_.size());
  if (is_new) tensors_.push_back({std::string(name), shape, dtype, {}});
  tensors_[found->second].slices.push_back(slice);
  records_.emplace(EncodeSliceKey(name, slice), std::move(record));
}

Status V1Writer::Add(std::string_view name, const Shape& shape,
                     const Slice& slice, DType dtype, Bytes elements) {
  uint64_t count = 0;
  TB_RETURN_IF_ERROR(Check(name, shape, slice, dtype, &count));
  const size_t size = DTypeSize(dtype);
  if (size == 0 || CheckedMul(count, size) != uint64_t{elements.size()}) {
    return WrongCount(name, count);
  }
  TB_ASSIGN_OR_RETURN(std::string record,
                      EncodeV1Record(name, slice, dtype, elements));
  Insert(name, shape, slice, dtype, std::move(record));
  return OkStatus();
}

Status V1Writer::AddStrings(std::string_view name, const Shape& shape,
                            const Slice& slice,
                            std::span<const std::string> elements) {
  uint64_t count = 0;
  TB_RETURN_IF_ERROR(Check(name, shape, slice, DType::kString, &count));
  if (count != elements.size()) return WrongCount(name, count);
  TB_ASSIGN_OR_RETURN(std::string record,
                      EncodeV1Record(name, slice, elements));
  Insert(name, shape, slice, DType::kString, std::move(record));
  return OkStatus();
}

std::string V1Writer::Metadata() const {
  proto::SavedTensorSlices message;
  proto::SavedTensorSliceMeta* meta = message.mutable_meta();
  for (const Tensor& tensor : tensors_) {
    proto::SavedSliceMeta* entry = meta->add_tensor();
    entry->set_name(tensor.name);
    SetShape(tensor.shape, entry->mutable_shape());
    entry->set_type(static_cast<int32_t>(tensor.dtype));
    for (const Slice& slice : tensor.slices) {
      SetSlice(slice, entry->add_slice());
    }
  }
  meta->mutable_versions()->set_producer(kFormatVersion);
  return message.SerializeAsString();
}

Status V1Writer::Finish(io::ByteSink* sink) {
  if (finished_) {
    return FailedPreconditionError("The checkpoint is finished already");
  }
  for (const Tensor& tensor : tensors_) {
    TB_RETURN_IF_ERROR(CheckSlices(tensor.shape, tensor.slices));
  }
  finished_ = true;
  table::TableBuilder table(sink);
  TB_RETURN_IF_ERROR(table.Add("", AsBytes(Metadata())));
  for (const auto& [key, record] : records_) {
    TB_RETURN_IF_ERROR(table.Add(key, AsBytes(record)));
  }
  return table.Finish();
}

}  // namespace tensorbundle::bundle
