// data block, trailer | ... | metaindex block (empty), trailer
// | index block, trailer | footer (48 bytes)
//
// The index has one entry a data block: a key that is >= the block's last key
// and < the next block's first one, and the block's handle.
#include "engine/table/table_builder.h"

#include <algorithm>

#include "engine/table/compression.h"

namespace tensorbundle::table {

TableBuilder::TableBuilder(io::ByteSink* sink,
                           const TableBuilderOptions& options)
    : sink_(sink),
      options_(options),
      data_(options.restart_interval),
      // Each index entry is a restart: table_builder.cc, "index_block_options".
      index_(1) {}

Status TableBuilder::Add(std::string_view key, Bytes value) {
  if (num_entries_ > 0 && key <= last_key_) {
    return InvalidArgumentError("Keys must be added in increasing order");
  }
  // TensorFlow's addition to LevelDB: a large entry gets a block of its own.
  if (num_entries_ > 0 && uint64_t{key.size()} + value.size() >=
                              2 * uint64_t{options_.block_size}) {
    TB_RETURN_IF_ERROR(Flush());
  }
  if (pending_) {
    std::string handle;
    pending_handle_.AppendTo(&handle);
    index_.Add(ShortestSeparator(last_key_, key), AsBytes(handle));
    pending_ = false;
  }
  last_key_.assign(key);
  ++num_entries_;
  data_.Add(key, value);
  if (data_.SizeEstimate() >= options_.block_size) return Flush();
  return OkStatus();
}

Status TableBuilder::Flush() {
  if (data_.empty()) return OkStatus();
  TB_RETURN_IF_ERROR(WriteBlock(&data_, &pending_handle_));
  pending_ = true;
  return OkStatus();
}

Status TableBuilder::WriteBlock(BlockBuilder* block, BlockHandle* handle) {
  const Bytes contents = block->Finish();
  *handle = {sink_->offset(), contents.size()};
  std::string trailer;
  AppendBlockTrailer(contents, kUncompressed, &trailer);
  TB_RETURN_IF_ERROR(sink_->Append(contents));
  TB_RETURN_IF_ERROR(sink_->Append(AsBytes(trailer)));
  block->Reset();
  return OkStatus();
}

Status TableBuilder::Finish() {
  TB_RETURN_IF_ERROR(Flush());
  Footer footer;
  BlockBuilder metaindex(options_.restart_interval);
  TB_RETURN_IF_ERROR(WriteBlock(&metaindex, &footer.metaindex));
  if (pending_) {
    std::string handle;
    pending_handle_.AppendTo(&handle);
    index_.Add(ShortSuccessor(last_key_), AsBytes(handle));
    pending_ = false;
  }
  TB_RETURN_IF_ERROR(WriteBlock(&index_, &footer.index));
  std::string tail;
  footer.AppendTo(&tail);
  return sink_->Append(AsBytes(tail));
}

std::string ShortestSeparator(std::string_view a, std::string_view b) {
  const size_t limit = std::min(a.size(), b.size());
  size_t i = 0;
  while (i < limit && a[i] == b[i]) ++i;
  if (i == limit) return std::string(a);  // one is a prefix of the other
  const uint8_t byte = static_cast<uint8_t>(a[i]);
  if (byte == 0xff || byte + 1 >= static_cast<uint8_t>(b[i])) {
    return std::string(a);
  }
  std::string separator(a.substr(0, i + 1));
  ++separator.back();
  return separator;
}

std::string ShortSuccessor(std::string_view a) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (static_cast<uint8_t>(a[i]) != 0xff) {
      std::string successor(a.substr(0, i + 1));
      ++successor.back();
      return successor;
    }
  }
  return std::string(a);
}

}  // namespace tensorbundle::table
