// TableBuilder: sorted keys and values to the bytes that TensorFlow writes.
#ifndef TB_TABLE_TABLE_BUILDER_H_
#define TB_TABLE_TABLE_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/io/byte_sink.h"
#include "engine/table/block_builder.h"
#include "engine/table/format.h"
#include "engine/util/bytes.h"
#include "engine/util/status.h"

namespace tensorbundle::table {

struct TableBuilderOptions {
  size_t block_size = kBlockSize;
  int restart_interval = kRestartInterval;
};

// Writes blocks to the sink as they fill up, so that no more than one block
// is held.
class TableBuilder {
 public:
  // `sink` is borrowed; the table begins at its current offset, which must
  // be 0 for the file to be a table.
  explicit TableBuilder(io::ByteSink* sink,
                        const TableBuilderOptions& options = {});

  // Returns InvalidArgument when `key` is not greater than the one before.
  Status Add(std::string_view key, Bytes value);

  // Writes what is left. Nothing may be added afterwards.
  Status Finish();

  uint64_t num_entries() const { return num_entries_; }

 private:
  Status Flush();
  Status WriteBlock(BlockBuilder* block, BlockHandle* handle);

  io::ByteSink* sink_;
  TableBuilderOptions options_;
  BlockBuilder data_;
  BlockBuilder index_;
  std::string last_key_;
  uint64_t num_entries_ = 0;
  // A data block that was written and is not in the index yet: its index key
  // is chosen when the next key is known.
  bool pending_ = false;
  BlockHandle pending_handle_;
};

// The shortest key k with a <= k < b that TensorFlow finds: see the .cc.
std::string ShortestSeparator(std::string_view a, std::string_view b);
// A short key that is >= a.
std::string ShortSuccessor(std::string_view a);

}  // namespace tensorbundle::table

#endif  // TB_TABLE_TABLE_BUILDER_H_
