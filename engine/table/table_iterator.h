// TableIterator: walks over a table's entries, block after block.
#ifndef TB_TABLE_TABLE_ITERATOR_H_
#define TB_TABLE_TABLE_ITERATOR_H_

#include <string>
#include <string_view>

#include "engine/table/block.h"
#include "engine/table/table_reader.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::table {

// Unlike TensorFlow's, which steps over damaged blocks without a word, this
// iterator stops at the first one and says where it lies. It also stops, with
// DataLoss, at a block that lies before the one it comes from: a walk takes no
// more than one look at every byte.
class TableIterator {
 public:
  // Stands nowhere: Seek first. The reader must outlive the iterator.
  explicit TableIterator(TableReader* table) : table_(table) {}
  TableIterator(const TableIterator&) = delete;
  TableIterator& operator=(const TableIterator&) = delete;

  bool Valid() const { return status_.ok() && data_.Valid(); }
  // Not ok when the iterator stopped before the table's end: damage, with its
  // location, or kNeedBytes; seek again to the same key then.
  const Status& status() const { return status_; }

  void SeekToFirst();
  // To the first entry whose key is >= target.
  void Seek(std::string_view target);
  // To the entry of exactly that key, looking at no block but the one that it
  // must be in. Returns false when there is none; Valid() tells the same.
  Result<bool> Find(std::string_view key);
  // REQUIRES: Valid().
  void Next();

  // REQUIRES: Valid(). Views live until the iterator moves.
  std::string_view key() const { return data_.key(); }
  Bytes value() const { return data_.value(); }

  // The name of the table's file.
  const std::string& file() const { return table_->source()->name(); }

 private:
  // Each returns false, with status_ set, on an error.
  bool LoadIndex();
  bool LoadDataBlock();
  bool LoadNextDataBlock();
  bool Take(const BlockHandle& handle, const Status& status);
  void SkipEmptyBlocks();

  TableReader* table_;
  BlockIterator index_;
  BlockIterator data_;
  BlockHandle data_handle_;
  std::string index_storage_;
  std::string data_storage_;
  Status status_;
};

}  // namespace tensorbundle::table

#endif  // TB_TABLE_TABLE_ITERATOR_H_
