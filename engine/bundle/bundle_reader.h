// BundleReader: the index of a checkpoint in TensorFlow's V2 format.
//
// It answers what the tensors are called and where their bytes lie; the bytes
// themselves are fetched by the host along a read plan (read_plan.h) and pass
// through a TensorDecoder (tensor_decoder.h).
#ifndef TB_BUNDLE_BUNDLE_READER_H_
#define TB_BUNDLE_BUNDLE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/bundle/entry.h"
#include "engine/io/byte_source.h"
#include "engine/table/table_iterator.h"
#include "engine/table/table_reader.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

class EntryIterator;

// Every method may return kNeedBytes and is then called again. Movable; the
// reader holds no entries, so that its memory does not grow with their number.
class BundleReader {
 public:
  // Opens the bundle called `prefix` whose index file, P.index, is `index`
  // (borrowed; must outlive the reader).
  // Returns DataLoss for a damaged table, Internal or the table's own code for
  // a header that cannot be read, InvalidArgument for a version that
  // TensorFlow 1.15 refuses; TensorFlow's texts.
  static Result<BundleReader> Open(std::string prefix, io::ByteSource* index);

  const std::string& prefix() const { return prefix_; }
  const Header& header() const { return header_; }

  // The file that holds the shard: "P.data-00000-of-00001".
  std::string DataFile(int32_t shard_id) const;

  // The entry of `key`, by a search of one block; damage elsewhere in the
  // table does not matter.
  // Returns NotFound "Key K not found in checkpoint", and ParseEntry's errors.
  Result<Entry> Find(std::string_view key);

  // Entries in the order of their keys, without the header.
  EntryIterator NewIterator();

  // Appends records (entry_records.h) of at most `max_entries` entries whose
  // keys are greater than `after` to *records, which is cleared first. With
  // after = "" the listing begins; it goes on with the last key that it gave.
  // Returns the number of records: 0 at the end of the bundle. A batch may end
  // early, after
  // limits::kRecordBatchBytes.
  // Damage in the middle ends a batch early; the next call returns the error.
  Result<size_t> EncodeEntries(std::string_view after, size_t max_entries,
                               std::string* records);

 private:
  BundleReader(std::string prefix, table::TableReader table)
      : prefix_(std::move(prefix)), table_(std::move(table)) {}

  std::string prefix_;
  table::TableReader table_;
  Header header_;
};

// Walks over the entries of a bundle. The reader must outlive it.
//
//   EntryIterator it = reader.NewIterator();
//   for (it.SeekAfter(""); it.Valid(); it.Next()) ... it.key(), it.Read(&e)
//   if (!it.status().ok()) ...
class EntryIterator {
 public:
  explicit EntryIterator(table::TableReader* table);

  // To the first key greater than `key`.
  void SeekAfter(std::string_view key);
  // REQUIRES: Valid().
  void Next();
  bool Valid() const { return status_.ok() && it_.Valid(); }
  // Not ok when the walk ended before the end of the bundle: damage, with its
  // location; ResourceExhausted when all keys that this iterator came to are
  // longer than limits::kKeyBytesPerFileByte allows; kNeedBytes.
  const Status& status() const { return status_.ok() ? it_.status() : status_; }

  // Fills *records, cleared first, with records (entry_records.h) of at most
  // `max_entries` entries from the current one on, and moves behind them. A
  // batch may end early, after limits::kRecordBatchBytes.
  // Returns the number of records; with none, status() says why.
  size_t Encode(size_t max_entries, std::string* records);

  // The key before the current one: where the walk goes on, with SeekAfter(),
  // once the bytes of a kNeedBytes are here.
  const std::string& last_key() const { return last_key_; }

  // REQUIRES: Valid(). Views live until the next call that moves the iterator.
  std::string_view key() const { return it_.key(); }
  Bytes value() const { return it_.value(); }

  // ParseEntry() of the current key and value.
  // REQUIRES: Valid().
  Status Read(Entry* entry) const;

 private:
  // Takes the key that the iterator came to into account.
  void CountKey();

  table::TableIterator it_;
  std::string last_key_;
  uint64_t key_bytes_ = 0;
  uint64_t max_key_bytes_;
  Status status_;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_BUNDLE_READER_H_
