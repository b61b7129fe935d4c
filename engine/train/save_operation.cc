#include "engine/train/save_operation.h"

#include <algorithm>
#include <utility>

#include "engine/bundle/names.h"
#include "engine/bundle/v1_writer.h"
#include "engine/io/byte_sink.h"
#include "engine/session/kernel.h"
#include "engine/util/coding.h"

namespace tensorbundle::train {

namespace {

// "%05d"
std::string FiveDigits(size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

uint64_t StoredSize(const Tensor& value) {
  if (value.dtype() != DType::kString) return value.bytes().size();
  uint64_t size = 4;  // a checksum
  for (const std::string& text : value.strings()) {
    size += VarintSize(text.size()) + text.size();
  }
  return size;
}

}  // namespace

Result<SaveOperation> SaveOperation::Create(const session::Session& session,
                                            const SaverGraph& saver) {
  SaveOperation operation;
  operation.sharded_ = saver.def.sharded;
  operation.version_ = saver.def.version == CheckpointVersion::kV2
                           ? CheckpointVersion::kV2
                           : CheckpointVersion::kV1;
  operation.shards_.resize(static_cast<size_t>(saver.num_shards));
  for (const SaveSlot& slot : saver.slots) {
    if (slot.save == nullptr) continue;
    TB_ASSIGN_OR_RETURN(Tensor value,
                        session.VariableValue(*slot.variable, *slot.save));
    const Status status = operation.Add(slot, std::move(value));
    if (!status.ok()) return session::AtNode(status, slot.save->name());
  }
  return operation;
}

Status SaveOperation::Add(const SaveSlot& slot, Tensor value) {
  Item item{slot.key, std::move(value), {}};
  if (!slot.slice_spec.empty()) {
    TB_ASSIGN_OR_RETURN(item.part, ParseShapeAndSlice(slot.slice_spec));
    if (item.part->slice_shape != item.value.shape()) {
      return InvalidArgumentError(
          "Slice in shape_and_slice specification does not match the shape of "
          "the tensor to  save: " +
          slot.slice_spec + ", tensor: " + item.value.shape().ToString());
    }
  }
  total_size_ += StoredSize(item.value);
  shards_[static_cast<size_t>(slot.shard)].push_back(std::move(item));
  return OkStatus();
}

std::string SaveOperation::FileSuffix(size_t i) const {
  if (version_ == CheckpointVersion::kV2) {
    return i == shards_.size()
               ? bundle::IndexFileName("")
               : bundle::DataFileName("", static_cast<int32_t>(i),
                                      static_cast<int32_t>(shards_.size()));
  }
  if (!sharded_) return "";
  return "-" + FiveDigits(i) + "-of-" + FiveDigits(shards_.size());
}

std::string SaveOperation::PrefixSuffix() const {
  if (version_ == CheckpointVersion::kV2 || !sharded_) return "";
  return "-" + std::string(5, '?') + "-of-" + FiveDigits(shards_.size());
}

Result<Bytes> SaveOperation::NextChunk() {
  const bool is_data =
      version_ == CheckpointVersion::kV2 && file_ < shards_.size();
  if (is_data) {
    TB_ASSIGN_OR_RETURN(const Bytes chunk, NextOfData());
    if (!chunk.empty()) return chunk;
  } else {
    if (!has_contents_) {
      TB_RETURN_IF_ERROR(version_ == CheckpointVersion::kV2 ? WriteIndex()
                                                            : WriteV1());
    }
    const Bytes chunk = TakeContents();
    if (!chunk.empty()) return chunk;
  }
  has_contents_ = false;
  item_ = 0;
  ++file_;
  if (is_data && file_ < shards_.size()) {
    TB_RETURN_IF_ERROR(writer_.NextShard());
  }
  return Bytes();
}

Status SaveOperation::BeginItem(const Item& item) {
  const Tensor& value = item.value;
  std::string key = item.key;
  if (item.part) {
    TB_ASSIGN_OR_RETURN(
        key, writer_.RegisterSlice(item.key, value.dtype(), item.part->shape,
                                   item.part->slice));
  }
  position_ = 0;
  item_open_ = true;
  if (value.dtype() != DType::kString) {
    return writer_.Add(key, value.dtype(), value.shape()).status();
  }
  contents_position_ = 0;
  has_contents_ = true;
  return writer_.AddStrings(key, value.shape(), value.strings(), &contents_)
      .status();
}

Result<Bytes> SaveOperation::NextOfData() {
  const std::vector<Item>& items = shards_[file_];
  while (item_ < items.size()) {
    const Item& item = items[item_];
    if (!item_open_) TB_RETURN_IF_ERROR(BeginItem(item));
    if (has_contents_) {
      const Bytes chunk = TakeContents();
      if (!chunk.empty()) return chunk;
      has_contents_ = false;
    } else if (item.value.dtype() != DType::kString) {
      const Bytes rest = item.value.bytes().subspan(position_);
      const Bytes chunk = rest.first(std::min(rest.size(), kMaxChunk));
      if (!chunk.empty()) {
        TB_RETURN_IF_ERROR(writer_.Append(chunk));
        position_ += chunk.size();
        return chunk;
      }
    }
    // A Saver's bundles are packed: no padding follows.
    TB_RETURN_IF_ERROR(writer_.EndTensor().status());
    item_open_ = false;
    ++item_;
  }
  return Bytes();
}

Status SaveOperation::WriteIndex() {
  io::MemorySink index;
  TB_RETURN_IF_ERROR(writer_.Finish(&index));
  contents_ = index.TakeContents();
  contents_position_ = 0;
  has_contents_ = true;
  return OkStatus();
}

Status SaveOperation::WriteV1() {
  bundle::V1Writer writer;
  for (const Item& item : shards_[file_]) {
    const Tensor& value = item.value;
    const Shape& shape = item.part ? item.part->shape : value.shape();
    const Slice slice =
        item.part ? item.part->slice : Slice::Full(shape.rank());
    TB_RETURN_IF_ERROR(
        value.dtype() == DType::kString
            ? writer.AddStrings(item.key, shape, slice, value.strings())
            : writer.Add(item.key, shape, slice, value.dtype(), value.bytes()));
  }
  io::MemorySink file;
  TB_RETURN_IF_ERROR(writer.Finish(&file));
  contents_ = file.TakeContents();
  contents_position_ = 0;
  has_contents_ = true;
  return OkStatus();
}

Bytes SaveOperation::TakeContents() {
  const Bytes rest = AsBytes(contents_).subspan(contents_position_);
  const Bytes chunk = rest.first(std::min(rest.size(), kMaxChunk));
  contents_position_ += chunk.size();
  return chunk;
}

}  // namespace tensorbundle::train
