// block.cc draws the layout. Every restart_interval-th entry is a restart: it
// spells its key out, and its offset is listed behind the entries.
#include "engine/table/block_builder.h"

#include <algorithm>
#include <cassert>

#include "engine/util/coding.h"

namespace tensorbundle::table {

BlockBuilder::BlockBuilder(int restart_interval)
    : restart_interval_(restart_interval), restarts_{0} {
  assert(restart_interval >= 1);
}

void BlockBuilder::Add(std::string_view key, Bytes value) {
  size_t shared = 0;
  if (since_restart_ < restart_interval_) {
    const size_t limit = std::min(last_key_.size(), key.size());
    while (shared < limit && last_key_[shared] == key[shared]) ++shared;
  } else {
    restarts_.push_back(static_cast<uint32_t>(buffer_.size()));
    since_restart_ = 0;
  }
  AppendVarint32(&buffer_, static_cast<uint32_t>(shared));
  AppendVarint32(&buffer_, static_cast<uint32_t>(key.size() - shared));
  AppendVarint32(&buffer_, static_cast<uint32_t>(value.size()));
  buffer_.append(key.substr(shared));
  buffer_.append(AsString(value));
  last_key_.assign(key);
  ++since_restart_;
}

Bytes BlockBuilder::Finish() {
  for (uint32_t restart : restarts_) AppendFixed32(&buffer_, restart);
  AppendFixed32(&buffer_, static_cast<uint32_t>(restarts_.size()));
  return AsBytes(buffer_);
}

void BlockBuilder::Reset() {
  buffer_.clear();
  restarts_.assign(1, 0);
  since_restart_ = 0;
  last_key_.clear();
}

}  // namespace tensorbundle::table
