#include "engine/train/restore_operation.h"

#include <algorithm>
#include <cstring>
#include <utility>

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
  TB_RETURN_IF_ERROR(LookUp());
  TB_RETURN_IF_ERROR(CheckDTypes());
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
    items_.push_back({&slot, std::move(entry).value(), Tensor(), {}});
  }
  return OkStatus();
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

Status RestoreOperation::CheckShapes() const {
  for (const Item& item : items_) {
    TB_RETURN_IF_ERROR(Wrap(
        session_->CheckAssignVariable(*item.slot->assign, item.entry.shape)));
  }
  return OkStatus();
}

Status RestoreOperation::Plan() {
  requests_.clear();
  for (Item& item : items_) {
    Result<bundle::TensorDecoder> decoder = bundle::TensorDecoder::Create(
        item.slot->key, item.entry, reader_->header().big_endian,
        reader_->DataFile(item.entry.shard_id));
    if (!decoder.ok()) {
      return Explain(*saver_, decoder.status());
    }
    const Result<io::Extent> range =
        bundle::DataRange(item.slot->key, item.entry);
    if (!range.ok()) {
      return Explain(*saver_, range.status());
    }
    item.decoder.assign(1, std::move(decoder).value());
    requests_.push_back({item.entry.shard_id, *range});
  }
  plan_ = bundle::PlanReads(requests_);
  supplied_.assign(plan_.size(), 0);
  return OkStatus();
}

// A chunk may end within a number, so the tensors of a big-endian bundle are
// gathered first and turned around when they are complete.
Status RestoreOperation::Supply(size_t i, Bytes chunk) {
  const bundle::PlannedRead& read = plan_[i];
  const uint64_t begin = read.extent.offset + supplied_[i];
  const uint64_t end = begin + chunk.size();
  supplied_[i] += chunk.size();
  for (const size_t index : read.requests) {
    Item& item = items_[index];
    const io::Extent& range = requests_[index].range;
    const uint64_t from = std::max(begin, range.offset);
    const uint64_t to = std::min(end, range.offset + range.length);
    if (from > to || (from == to && range.length > 0)) continue;
    if (!item.value.initialized()) {
      TB_ASSIGN_OR_RETURN(item.value,
                          Tensor::Create(item.entry.dtype, item.entry.shape));
    }
    bundle::TensorDecoder& decoder = item.decoder.front();
    const size_t at = static_cast<size_t>(from - range.offset);
    const size_t size = static_cast<size_t>(to - from);
    MutableBytes target = item.value.mutable_bytes().subspan(at, size);
    if (size > 0) std::memcpy(target.data(), &chunk[from - begin], size);
    Status status;
    if (!decoder.swaps()) {
      status = decoder.Check(target);
    } else if (to == range.offset + range.length) {
      status = decoder.Update(item.value.mutable_bytes());
    }
    if (status.ok() && to == range.offset + range.length) {
      status = decoder.Finish();
    }
    if (!status.ok()) return Explain(*saver_, std::move(status));
  }
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
