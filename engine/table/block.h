// BlockIterator: walks over and searches the entries of one decoded block.
#ifndef TB_TABLE_BLOCK_H_
#define TB_TABLE_BLOCK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/util/bytes.h"
#include "engine/util/status.h"

namespace tensorbundle::table {

// Values are views into the block; the key is kept in the iterator, as its
// front is shared with the entry before it.
class BlockIterator {
 public:
  BlockIterator() = default;  // over no entries

  // Takes `contents`, borrowed, and stands before the first entry.
  // Returns DataLoss "bad block contents" when its tail cannot be right.
  Status Reset(Bytes contents);

  bool Valid() const { return valid_; }
  // DataLoss "bad entry in block" once an entry could not be read; the
  // iterator is not Valid() then.
  const Status& status() const { return status_; }

  void SeekToFirst();
  // To the first entry whose key is >= target.
  void Seek(std::string_view target);
  // REQUIRES: Valid().
  void Next();

  // REQUIRES: Valid(). The key lives until the iterator moves, the value as
  // long as the block.
  std::string_view key() const { return key_; }
  Bytes value() const { return value_; }

 private:
  // An entry's header and where its key and value begin; see DecodeEntry().
  struct EntryHeader;

  uint32_t RestartPoint(uint32_t index) const;
  bool DecodeEntry(uint64_t offset, EntryHeader* header) const;
  // Reads the entry at next_ on top of key_.
  void ParseNext();
  void Corrupt();

  Bytes contents_;
  uint32_t restarts_offset_ = 0;  // where the entries end
  uint32_t num_restarts_ = 0;
  uint64_t next_ = 0;  // offset of the entry behind the current one
  bool valid_ = false;
  std::string key_;
  Bytes value_;
  Status status_;
};

}  // namespace tensorbundle::table

#endif  // TB_TABLE_BLOCK_H_
