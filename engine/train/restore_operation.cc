#include "engine/train/restore_operation.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/bundle/slice_plan.h"
#include "engine/bundle/string_tensor.h"
#include "engine/session/kernel.h"

namespace tensorbundle::train {

namespace {

// Saver.restore, tensorflow/python/training/saver.py (1.10 and later).
constexpr char kMissingKey[] =
    "Restoring from checkpoint failed. This is most likely due to a Variable "
    "name or other graph key that is missing from the checkpoint. Please "
    "ensure that you have not altered the graph expected based on the "
    "checkpoint. Original error:\n\n";
constexpr char kMismatch[] =
    "Restoring from checkpoint failed. This is most likely due to a mismatch "
    "between the current graph and the graph from the checkpoint. Please "
    "ensure that you have not altered the graph expected based on the "
    "checkpoint. Original error:\n\n";

Status Wrap(Status status) {
  switch (status.code()) {
    case Code::kNotFound:
      return std::move(status).WithMessage(kMissingKey + status.message());
    case Code::kInvalidArgument:
      return std::move(status).WithMessage(kMismatch + status.message());
    default:
      return status;
  }
}

}  // namespace

Status RestoreOperation::Explain(const SaverGraph& saver, Status status) {
  return Wrap(session::AtNode(status, saver.restore->name()));
}

Status RestoreOperation::Prepare() {
  if (v1_ != nullptr) {
    if (items_.empty()) TB_RETURN_IF_ERROR(LookUpV1());
    return ReadV1();
  }
  TB_RETURN_IF_ERROR(LookUp());
  TB_RETURN_IF_ERROR(CheckDTypes());
  for (Item& item : items_) TB_RETURN_IF_ERROR(CheckSlice(&item));
  TB_RETURN_IF_ERROR(CheckShapes());
  return Plan();
}

// The slots are sorted by key: with several missing keys, TensorFlow reports
// the first of them.
Status RestoreOperation::LookUp() {
  items_.clear();
  for (const SaveSlot& slot : saver_->slots) {
    Result<bundle::Entry> entry = reader_->Find(slot.key);
    if (!entry.ok()) {
      if (entry.status().code() == Code::kNeedBytes) return entry.status();
      return Explain(*saver_, entry.status());
    }
    Item item;
    item.slot = &slot;
    item.entry = std::move(entry).value();
    items_.push_back(std::move(item));
  }
  return OkStatus();
}

// RestoreTensor takes tensor after tensor, and has other words
// (tensorflow/core/kernels/save_restore_tensor.cc).
Status RestoreOperation::LookUpV1() {
  for (const SaveSlot& slot : saver_->slots) {
    Result<bundle::Entry> entry = v1_->Find(slot.key);
    if (!entry.ok()) return Explain(*saver_, entry.status());
    Item item;
    item.slot = &slot;
    item.entry = std::move(entry).value();
    if (slot.dtype != item.entry.dtype) {
      return Explain(*saver_,
                     InvalidArgumentError(
                         "Expected to restore a tensor of type " +
                         DTypeString(slot.dtype) + ", got a tensor of type " +
                         DTypeString(item.entry.dtype) +
                         " instead: tensor_name = " + slot.key));
    }
    TB_RETURN_IF_ERROR(CheckSlice(&item));
    Result<bundle::V1Lookup> lookup = v1_->LookupSlice(slot.key, item.slice);
    if (!lookup.ok()) return Explain(*saver_, lookup.status());
    item.lookup.push_back(std::move(lookup).value());
    items_.push_back(std::move(item));
  }
  return CheckShapes();
}

// RestoreV2 names all mismatches at once
// (tensorflow/core/kernels/save_restore_tensor.cc).
Status RestoreOperation::CheckDTypes() const {
  std::string mismatches;
  for (const Item& item : items_) {
    if (item.slot->dtype == item.entry.dtype) continue;
    if (!mismatches.empty()) mismatches += '\n';
    mismatches += "tensor_name = " + item.slot->key + "; expected dtype " +
                  DTypeString(item.slot->dtype) +
                  " does not equal original dtype " +
                  DTypeString(item.entry.dtype);
  }
  if (mismatches.empty()) return OkStatus();
  return Explain(*saver_, InvalidArgumentError(std::move(mismatches)));
}

Status RestoreOperation::CheckSlice(Item* item) const {
  const Shape& stored = item->entry.shape;
  const SaveSlot& slot = *item->slot;
  if (slot.slice_spec.empty()) {
    item->slice = Slice::Full(stored.rank());
    item->shape = stored;
    return OkStatus();
  }
  Result<ShapeAndSlice> spec = ParseShapeAndSlice(slot.slice_spec);
  if (!spec.ok()) return Explain(*saver_, spec.status());
  if (spec->shape != stored) {
    return Explain(
        *saver_,
        InvalidArgumentError(
            v1_ != nullptr
                ? "Shape in shape_and_slice spec does not match the shape in "
                  "the save file: " +
                      spec->shape.ToString() +
                      ", save file shape: " + stored.ToString()
                : "tensor_name = " + slot.key +
                      "; shape in shape_and_slice spec " +
                      spec->shape.ToString() +
                      " does not match the shape stored in checkpoint: " +
                      stored.ToString()));
  }
  item->slice = std::move(spec->slice);
  item->shape = std::move(spec->slice_shape);
  return OkStatus();
}

Status RestoreOperation::CheckShapes() const {
  for (const Item& item : items_) {
    TB_RETURN_IF_ERROR(
        Wrap(session_->CheckAssignVariable(*item.slot->assign, item.shape)));
  }
  return OkStatus();
}

Status RestoreOperation::Plan() {
  parts_.clear();
  requests_.clear();
  for (size_t i = 0; i < items_.size(); ++i) {
    Item& item = items_[i];
    Result<bundle::SlicePlan> slices =
        bundle::PlanSlices(reader_, item.slot->key, item.entry, item.slice);
    if (!slices.ok()) {
      if (slices.status().code() == Code::kNeedBytes) return slices.status();
      return Explain(*saver_, slices.status());
    }
    const bool is_string = item.entry.dtype == DType::kString;
    for (bundle::SlicePart& slice : slices->parts) {
      Part part;
      part.item = i;
      part.is_value =
          !is_string && slices->parts.size() == 1 &&
          slice.entry.shape.num_elements() == item.shape.num_elements();
      part.key = std::move(slice.key);
      part.entry = std::move(slice.entry);
      part.copy = std::move(slice.copy);
      const Result<io::Extent> range = bundle::DataRange(part.key, part.entry);
      if (!range.ok()) return Explain(*saver_, range.status());
      if (!is_string) {
        Result<bundle::TensorDecoder> decoder = bundle::TensorDecoder::Create(
            part.key, part.entry, reader_->header().big_endian,
            reader_->DataFile(part.entry.shard_id));
        if (!decoder.ok()) return Explain(*saver_, decoder.status());
        part.decoder.push_back(std::move(decoder).value());
      }
      requests_.push_back({part.entry.shard_id, *range});
      parts_.push_back(std::move(part));
    }
    if (slices->parts.empty()) {
      TB_ASSIGN_OR_RETURN(item.value,
                          Tensor::Create(item.entry.dtype, item.shape));
    }
  }
  plan_ = bundle::PlanReads(requests_);
  supplied_.assign(plan_.size(), 0);
  return OkStatus();
}

Status RestoreOperation::ReadV1() {
  for (; read_ < items_.size(); ++read_) {
    Item& item = items_[read_];
    const Status status = item.lookup.front().Continue();
    if (status.code() == Code::kNeedBytes) return status;
    if (!status.ok()) return Explain(*saver_, status);
    item.value = item.lookup.front().TakeResult();
  }
  return OkStatus();
}

Result<MutableBytes> RestoreOperation::RoomFor(Part* part) {
  Item& item = items_[part->item];
  if (part->is_value) {
    if (!item.value.initialized()) {
      TB_ASSIGN_OR_RETURN(item.value,
                          Tensor::Create(item.entry.dtype, item.shape));
    }
    return item.value.mutable_bytes();
  }
  if (!part->bytes.initialized()) {
    TB_ASSIGN_OR_RETURN(const Shape size, Shape::Create({{part->entry.size}}));
    TB_ASSIGN_OR_RETURN(part->bytes, Tensor::Create(DType::kUint8, size));
  }
  return part->bytes.mutable_bytes();
}

// A chunk may end within a number, so the tensors of a big-endian bundle are
// gathered first and turned around when they are complete.
Status RestoreOperation::Supply(size_t i, Bytes chunk) {
  const bundle::PlannedRead& read = plan_[i];
  const uint64_t begin = read.extent.offset + supplied_[i];
  const uint64_t end = begin + chunk.size();
  supplied_[i] += chunk.size();
  for (const size_t index : read.requests) {
    Part& part = parts_[index];
    const io::Extent& range = requests_[index].range;
    const uint64_t from = std::max(begin, range.offset);
    const uint64_t to = std::min(end, range.offset + range.length);
    if (from > to || (from == to && range.length > 0)) continue;
    TB_ASSIGN_OR_RETURN(const MutableBytes room, RoomFor(&part));
    const size_t at = static_cast<size_t>(from - range.offset);
    const size_t size = static_cast<size_t>(to - from);
    const MutableBytes target = room.subspan(at, size);
    if (size > 0) std::memcpy(target.data(), &chunk[from - begin], size);
    const bool is_streamed = !part.decoder.empty() && !part.decoder[0].swaps();
    Status status;
    if (is_streamed) status = part.decoder[0].Check(target);
    if (status.ok() && to == range.offset + range.length) {
      status = Complete(&part);
    }
    if (!status.ok()) return Explain(*saver_, std::move(status));
  }
  return OkStatus();
}

Status RestoreOperation::Complete(Part* part) {
  Item& item = items_[part->item];
  TB_ASSIGN_OR_RETURN(const MutableBytes bytes, RoomFor(part));
  if (!part->decoder.empty()) {
    bundle::TensorDecoder& decoder = part->decoder[0];
    if (decoder.swaps()) TB_RETURN_IF_ERROR(decoder.Update(bytes));
    TB_RETURN_IF_ERROR(decoder.Finish());
    if (part->is_value) return OkStatus();
  }
  if (!item.value.initialized()) {
    TB_ASSIGN_OR_RETURN(item.value,
                        Tensor::Create(item.entry.dtype, item.shape));
  }
  if (part->decoder.empty()) {
    TB_ASSIGN_OR_RETURN(
        const std::vector<std::string> strings,
        bundle::DecodeStrings(part->key, part->entry, bytes,
                              reader_->header().big_endian,
                              reader_->DataFile(part->entry.shard_id)));
    CopyElements(part->copy, strings, item.value.mutable_strings());
  } else {
    CopyElements(part->copy, DTypeSize(item.entry.dtype), bytes,
                 item.value.mutable_bytes());
  }
  part->bytes = Tensor();
  return OkStatus();
}

Status RestoreOperation::Finish() {
  for (Item& item : items_) {
    TB_RETURN_IF_ERROR(Wrap(
        session_->AssignVariable(*item.slot->assign, std::move(item.value))));
  }
  return OkStatus();
}

}  // namespace tensorbundle::train
