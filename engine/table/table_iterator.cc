#include "engine/table/table_iterator.h"

#include <utility>

namespace tensorbundle::table {

// Takes over an error of the block behind `handle`, with its place.
bool TableIterator::Take(const BlockHandle& handle, const Status& status) {
  if (status.ok()) return true;
  status_ = Status(status).At({.file = table_->source()->name(),
                               .tensor = {},
                               .offset = handle.offset,
                               .length = handle.size});
  return false;
}

bool TableIterator::LoadIndex() {
  status_ = OkStatus();
  const BlockHandle& handle = table_->footer().index;
  Result<Bytes> contents = table_->ReadBlock(handle, &index_storage_);
  if (!contents.ok()) {
    status_ = contents.status();
    return false;
  }
  return Take(handle, index_.Reset(*contents));
}

// Loads the block that the index stands at.
bool TableIterator::LoadDataBlock() {
  // Bytes behind the handle are tolerated: writers may add some one day.
  Cursor cursor(index_.value());
  if (!data_handle_.ReadFrom(&cursor)) {
    return Take(table_->footer().index, DataLossError("bad block handle"));
  }
  Result<Bytes> contents = table_->ReadBlock(data_handle_, &data_storage_);
  if (!contents.ok()) {
    status_ = contents.status();
    return false;
  }
  return Take(data_handle_, data_.Reset(*contents));
}

// As LoadDataBlock(), for the block behind the one that was read. Writers
// append; a table whose blocks lie otherwise could name one a million times.
bool TableIterator::LoadNextDataBlock() {
  const uint64_t end =
      data_handle_.offset + data_handle_.size + kBlockTrailerSize;
  Cursor cursor(index_.value());
  BlockHandle next;
  if (next.ReadFrom(&cursor) && next.offset < end) {
    return Take(next,
                DataLossError("The blocks of the table are not in order"));
  }
  return LoadDataBlock();
}

// Leaves the end of a block for the first entry of the next that has one.
void TableIterator::SkipEmptyBlocks() {
  while (Take(data_handle_, data_.status()) && !data_.Valid()) {
    index_.Next();
    if (!Take(table_->footer().index, index_.status()) || !index_.Valid()) {
      return;
    }
    if (!LoadNextDataBlock()) return;
    data_.SeekToFirst();
  }
}

void TableIterator::SeekToFirst() {
  if (!LoadIndex()) return;
  index_.SeekToFirst();
  if (!Take(table_->footer().index, index_.status())) return;
  if (!index_.Valid()) {
    data_ = BlockIterator();
    return;
  }
  if (!LoadDataBlock()) return;
  data_.SeekToFirst();
  SkipEmptyBlocks();
}

void TableIterator::Seek(std::string_view target) {
  if (!LoadIndex()) return;
  index_.Seek(target);
  if (!Take(table_->footer().index, index_.status())) return;
  if (!index_.Valid()) {
    data_ = BlockIterator();
    return;
  }
  if (!LoadDataBlock()) return;
  data_.Seek(target);
  SkipEmptyBlocks();
}

Result<bool> TableIterator::Find(std::string_view key) {
  if (!LoadIndex()) return status_;
  index_.Seek(key);
  if (!Take(table_->footer().index, index_.status())) return status_;
  data_ = BlockIterator();
  if (!index_.Valid()) return false;
  if (!LoadDataBlock()) return status_;
  data_.Seek(key);
  if (!Take(data_handle_, data_.status())) return status_;
  if (data_.Valid() && data_.key() == key) return true;
  data_ = BlockIterator();
  return false;
}

void TableIterator::Next() {
  data_.Next();
  SkipEmptyBlocks();
}

}  // namespace tensorbundle::table
