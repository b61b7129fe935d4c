// BlockBuilder: lays out the entries of one block.
#ifndef TB_TABLE_BLOCK_BUILDER_H_
#define TB_TABLE_BLOCK_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/util/bytes.h"

namespace tensorbundle::table {

class BlockBuilder {
 public:
  // REQUIRES: restart_interval >= 1.
  explicit BlockBuilder(int restart_interval);

  // REQUIRES: `key` is greater than every key added since the last Reset().
  void Add(std::string_view key, Bytes value);

  // Appends the restarts. The bytes live until Reset().
  Bytes Finish();
  void Reset();

  // What Finish() would make it: entries, restarts and their count.
  size_t SizeEstimate() const {
    return buffer_.size() + 4 * restarts_.size() + 4;
  }
  bool empty() const { return buffer_.empty(); }

 private:
  int restart_interval_;
  int since_restart_ = 0;
  std::string buffer_;
  std::vector<uint32_t> restarts_;
  std::string last_key_;
};

}  // namespace tensorbundle::table

#endif  // TB_TABLE_BLOCK_BUILDER_H_
