#include "engine/train/restore_operation.h"

#include <algorithm>
#include <cstring>
#include <utility>

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

Status ExplainAt(const graph::Node* node, Status status) {
  if (node == nullptr || status.code() == Code::kNeedBytes) return status;
  return Wrap(session::AtNode(status, node->name()));
}

// What of the tensor the slot wants: all of it, or the slice of its spec.
Result<Slice> QueryOf(const SaveSlot& slot, const Shape& stored,
                      Status (*mismatch)(const SaveSlot&, const Shape&,
                                         const Shape&)) {
  if (slot.slice_spec.empty()) return Slice::Full(stored.rank());
  TB_ASSIGN_OR_RETURN(ShapeAndSlice spec, ParseShapeAndSlice(slot.slice_spec));
  if (spec.shape != stored) return mismatch(slot, spec.shape, stored);
  return std::move(spec.slice);
}

// RestoreOp::run, tensorflow/core/kernels/save_restore_tensor.cc.
Status OtherShape(const SaveSlot& slot, const Shape& wanted,
                  const Shape& stored) {
  return InvalidArgumentError(
      "tensor_name = " + slot.key + "; shape in shape_and_slice spec " +
      wanted.ToString() +
      " does not match the shape stored in checkpoint: " + stored.ToString());
}

// RestoreTensor in the same file, which reads V1.
Status OtherShapeV1(const SaveSlot&, const Shape& wanted, const Shape& stored) {
  return InvalidArgumentError(
      "Shape in shape_and_slice spec does not match the shape in the save "
      "file: " +
      wanted.ToString() + ", save file shape: " + stored.ToString());
}

}  // namespace

Status RestoreOperation::Explain(const SaverGraph& saver, Status status) {
  for (const SaveSlot& slot : saver.slots) {
    if (slot.restore != nullptr) return ExplainAt(slot.restore, status);
  }
  return status;
}

Status RestoreOperation::At(const SaveSlot& slot, Status status) const {
  return ExplainAt(slot.restore, std::move(status));
}

Status RestoreOperation::Prepare() {
  if (v1_reader_ != nullptr) {
    TB_RETURN_IF_ERROR(ReadV1());
    return CheckShapes();
  }
  TB_RETURN_IF_ERROR(LookUp());
  TB_RETURN_IF_ERROR(CheckDTypes());
  TB_RETURN_IF_ERROR(PlanParts());
  TB_RETURN_IF_ERROR(CheckShapes());
  return PlanReads();
}

// The slots are sorted by key: with several missing keys, TensorFlow reports
// the first of them.
Status RestoreOperation::LookUp() {
  items_.clear();
  for (const SaveSlot& slot : saver_->slots) {
    if (slot.assign == nullptr) continue;
    Result<bundle::Entry> entry = reader_->Find(slot.key);
    if (!entry.ok()) return At(slot, entry.status());
    Item item;
    item.slot = &slot;
    item.entry = std::move(entry).value();
    items_.push_back(std::move(item));
  }
  return OkStatus();
}

// RestoreV2 names all mismatches at once
// (tensorflow/core/kernels/save_restore_tensor.cc).
Status RestoreOperation::CheckDTypes() const {
  std::string mismatches;
  const SaveSlot* first = nullptr;
  for (const Item& item : items_) {
    if (item.slot->dtype == item.entry.dtype) continue;
    if (first == nullptr) first = item.slot;
    if (!mismatches.empty()) mismatches += '\n';
    mismatches += "tensor_name = " + item.slot->key + "; expected dtype " +
                  DTypeString(item.slot->dtype) +
                  " does not equal original dtype " +
                  DTypeString(item.entry.dtype);
  }
  if (first == nullptr) return OkStatus();
  return At(*first, InvalidArgumentError(std::move(mismatches)));
}

Status RestoreOperation::PlanParts() {
  parts_.clear();
  for (size_t i = 0; i < items_.size(); ++i) {
    Item& item = items_[i];
    const SaveSlot& slot = *item.slot;
    const Result<Slice> query = QueryOf(slot, item.entry.shape, OtherShape);
    if (!query.ok()) return At(slot, query.status());
    Result<bundle::SlicePlan> plan =
        bundle::PlanSlices(reader_, slot.key, item.entry, *query);
    if (!plan.ok()) return At(slot, plan.status());
    item.shape = std::move(plan->shape);
    const auto size = static_cast<uint64_t>(item.shape.num_elements());
    for (bundle::SlicePart& stored : plan->parts) {
      Part part;
      part.item = i;
      part.is_all = plan->parts.size() == 1 && stored.copy.run == size &&
                    stored.entry.shape == item.shape;
      part.stored = std::move(stored);
      parts_.push_back(std::move(part));
    }
  }
  return OkStatus();
}

// Goes on with the item at which bytes were missing.
Status RestoreOperation::ReadV1() {
  size_t next = 0;
  for (const SaveSlot& slot : saver_->slots) {
    if (slot.assign == nullptr || next++ < items_.size()) continue;
    TB_RETURN_IF_ERROR(At(slot, ReadV1Item(slot)));
  }
  return OkStatus();
}

Status RestoreOperation::ReadV1Item(const SaveSlot& slot) {
  Item item;
  item.slot = &slot;
  TB_ASSIGN_OR_RETURN(item.entry, v1_reader_->Find(slot.key));
  if (slot.dtype != item.entry.dtype) {
    return InvalidArgumentError(
        "Expected to restore a tensor of type " + DTypeString(slot.dtype) +
        ", got a tensor of type " + DTypeString(item.entry.dtype) +
        " instead: tensor_name = " + slot.key);
  }
  if (!lookup_) {
    TB_ASSIGN_OR_RETURN(const Slice query,
                        QueryOf(slot, item.entry.shape, OtherShapeV1));
    TB_ASSIGN_OR_RETURN(lookup_, v1_reader_->LookupSlice(slot.key, query));
  }
  TB_RETURN_IF_ERROR(lookup_->Continue());
  item.value = lookup_->TakeResult();
  item.shape = item.value.shape();
  lookup_.reset();
  items_.push_back(std::move(item));
  return OkStatus();
}

Status RestoreOperation::CheckShapes() {
  for (Item& item : items_) TB_RETURN_IF_ERROR(Wrap(CheckShape(&item)));
  return OkStatus();
}

Status RestoreOperation::CheckShape(Item* item) {
  const SaveSlot& slot = *item->slot;
  if (slot.reshape == nullptr) {
    return session_->CheckAssignVariable(*slot.assign, item->shape);
  }
  item->target = slot.shape.AsShape();
  if (!item->target) {
    TB_ASSIGN_OR_RETURN(const Tensor current,
                        session_->VariableValue(*slot.variable, *slot.reshape));
    item->target = current.shape();
  }
  if (item->shape.num_elements() != item->target->num_elements()) {
    return session::AtNode(
        InvalidArgumentError("Input to reshape is a tensor with " +
                             std::to_string(item->shape.num_elements()) +
                             " values, but the requested shape has " +
                             std::to_string(item->target->num_elements())),
        slot.reshape->name());
  }
  return session_->CheckAssignVariable(*slot.assign, *item->target);
}

Status RestoreOperation::PlanReads() {
  requests_.clear();
  for (Part& part : parts_) {
    const SaveSlot& slot = *items_[part.item].slot;
    const std::string& key = part.stored.key;
    const bundle::Entry& entry = part.stored.entry;
    if (entry.dtype != DType::kString) {
      Result<bundle::TensorDecoder> decoder = bundle::TensorDecoder::Create(
          key, entry, reader_->header().big_endian,
          reader_->DataFile(entry.shard_id));
      if (!decoder.ok()) return At(slot, decoder.status());
      part.decoder = std::move(decoder).value();
    }
    const Result<io::Extent> range = bundle::DataRange(key, entry);
    if (!range.ok()) return At(slot, range.status());
    requests_.push_back({entry.shard_id, *range});
  }
  plan_ = bundle::PlanReads(requests_);
  supplied_.assign(plan_.size(), 0);
  return OkStatus();
}

Status RestoreOperation::Supply(size_t i, Bytes chunk) {
  const bundle::PlannedRead& read = plan_[i];
  const uint64_t begin = read.extent.offset + supplied_[i];
  const uint64_t end = begin + chunk.size();
  supplied_[i] += chunk.size();
  for (const size_t index : read.requests) {
    const io::Extent& range = requests_[index].range;
    const uint64_t from = std::max(begin, range.offset);
    const uint64_t to = std::min(end, range.offset + range.length);
    if (from > to || (from == to && range.length > 0)) continue;
    Part& part = parts_[index];
    const Bytes bytes = chunk.subspan(static_cast<size_t>(from - begin),
                                      static_cast<size_t>(to - from));
    TB_RETURN_IF_ERROR(
        At(*items_[part.item].slot,
           SupplyPart(&part, range, from - range.offset, bytes)));
  }
  return OkStatus();
}

// A chunk may end within a number, so the tensors of a big-endian bundle are
// gathered first and turned around when they are complete.
Status RestoreOperation::SupplyPart(Part* part, const io::Extent& range,
                                    uint64_t offset, Bytes bytes) {
  const bool is_last = offset + bytes.size() == range.length;
  if (!part->decoder) {
    part->text.append(AsString(bytes));
    return is_last ? CompletePart(part) : OkStatus();
  }
  const bundle::Entry& entry = part->stored.entry;
  if (!part->value.initialized()) {
    TB_ASSIGN_OR_RETURN(part->value, Tensor::Create(entry.dtype, entry.shape));
  }
  MutableBytes target = part->value.mutable_bytes().subspan(
      static_cast<size_t>(offset), bytes.size());
  if (!bytes.empty()) std::memcpy(target.data(), bytes.data(), bytes.size());
  if (!part->decoder->swaps()) {
    TB_RETURN_IF_ERROR(part->decoder->Check(target));
  } else if (is_last) {
    TB_RETURN_IF_ERROR(part->decoder->Update(part->value.mutable_bytes()));
  }
  if (!is_last) return OkStatus();
  TB_RETURN_IF_ERROR(part->decoder->Finish());
  return CompletePart(part);
}

// Moves the elements to where they are wanted.
Status RestoreOperation::CompletePart(Part* part) {
  const bundle::SlicePart& stored = part->stored;
  if (!part->decoder) {
    TB_ASSIGN_OR_RETURN(
        std::vector<std::string> strings,
        bundle::DecodeStrings(stored.key, stored.entry, AsBytes(part->text),
                              reader_->header().big_endian,
                              reader_->DataFile(stored.entry.shard_id)));
    part->value = Tensor::FromStrings(stored.entry.shape, std::move(strings));
    part->text = std::string();
  }
  Item& item = items_[part->item];
  if (part->is_all) {
    item.value = std::move(part->value);
    return OkStatus();
  }
  if (!item.value.initialized()) {
    TB_ASSIGN_OR_RETURN(item.value,
                        Tensor::Create(item.entry.dtype, item.shape));
  }
  if (item.entry.dtype == DType::kString) {
    CopyElements(stored.copy, part->value.strings(),
                 item.value.mutable_strings());
  } else {
    CopyElements(stored.copy, DTypeSize(item.entry.dtype), part->value.bytes(),
                 item.value.mutable_bytes());
  }
  part->value = Tensor();
  return OkStatus();
}

Status RestoreOperation::Finish() {
  for (Item& item : items_) {
    if (!item.value.initialized()) {
      TB_ASSIGN_OR_RETURN(item.value,
                          Tensor::Create(item.entry.dtype, item.shape));
    }
    Tensor value =
        item.target ? item.value.Reshaped(*item.target) : std::move(item.value);
    TB_RETURN_IF_ERROR(
        Wrap(session_->AssignVariable(*item.slot->assign, std::move(value))));
  }
  return OkStatus();
}

}  // namespace tensorbundle::train
