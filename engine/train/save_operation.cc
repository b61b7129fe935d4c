#include "engine/train/save_operation.h"

#include <algorithm>
#include <utility>

#include "engine/io/byte_sink.h"

namespace tensorbundle::train {

Result<SaveOperation> SaveOperation::Create(const session::Session& session,
                                            const SaverGraph& saver) {
  SaveOperation operation;
  for (const SaveSlot& slot : saver.slots) {
    if (!slot.slice_spec.empty()) {
      return UnimplementedError("Saving slices of partitioned variables: " +
                                slot.key);
    }
    TB_ASSIGN_OR_RETURN(Tensor value,
                        session.VariableValue(*slot.variable, *saver.save));
    operation.total_size_ += value.bytes().size();
    operation.items_.push_back({slot.key, std::move(value)});
  }
  return operation;
}

Result<Bytes> SaveOperation::NextChunk() {
  while (item_ < items_.size()) {
    const Item& item = items_[item_];
    if (!item_open_) {
      TB_ASSIGN_OR_RETURN(
          const io::Extent extent,
          writer_.Add(item.key, item.value.dtype(), item.value.shape()));
      (void)extent;
      item_open_ = true;
      position_ = 0;
    }
    const Bytes rest = item.value.bytes().subspan(position_);
    if (!rest.empty()) {
      const Bytes chunk = rest.first(std::min(rest.size(), kMaxChunk));
      TB_RETURN_IF_ERROR(writer_.Append(chunk));
      position_ += chunk.size();
      return chunk;
    }
    // A Saver's bundles are packed: no padding follows.
    TB_ASSIGN_OR_RETURN(const uint64_t padding, writer_.EndTensor());
    (void)padding;
    item_open_ = false;
    ++item_;
  }
  return Bytes();
}

Result<std::string> SaveOperation::Finish() {
  io::MemorySink index;
  TB_RETURN_IF_ERROR(writer_.Finish(&index));
  return index.TakeContents();
}

}  // namespace tensorbundle::train
