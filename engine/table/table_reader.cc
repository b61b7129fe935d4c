#include "engine/table/table_reader.h"

#include <utility>

#include "engine/table/block.h"
#include "engine/table/compression.h"

namespace tensorbundle::table {

namespace {

Status AtBlock(Status status, const std::string& file,
               const BlockHandle& handle) {
  return std::move(status).At({.file = file,
                               .tensor = {},
                               .offset = handle.offset,
                               .length = handle.size});
}

}  // namespace

Result<TableReader> TableReader::Open(io::ByteSource* source) {
  const uint64_t size = source->size();
  if (size < kFooterSize) {
    return DataLossError("file is too short to be an sstable")
        .At({.file = source->name(),
             .tensor = {},
             .offset = 0,
             .length = size});
  }
  TB_ASSIGN_OR_RETURN(const Bytes bytes,
                      source->Peek(size - kFooterSize, kFooterSize));
  Result<Footer> footer = Footer::Parse(bytes);
  if (!footer.ok()) {
    return Status(footer.status())
        .At({.file = source->name(),
             .tensor = {},
             .offset = size - kFooterSize,
             .length = kFooterSize});
  }
  TableReader table(source, *footer);
  // An index block that cannot be read makes a table that cannot be opened.
  std::string storage;
  TB_ASSIGN_OR_RETURN(const Bytes index,
                      table.ReadBlock(footer->index, &storage));
  static_cast<void>(index);
  return table;
}

Result<Bytes> TableReader::ReadBlock(const BlockHandle& handle,
                                     std::string* storage) {
  const bool is_index = handle == footer_.index;
  const bool verified = is_index ? index_verified_ : handle == verified_;
  TB_ASSIGN_OR_RETURN(const StoredBlock block,
                      ReadStoredBlock(source_, handle, !verified));
  Result<Bytes> contents = Uncompress(block, storage);
  if (!contents.ok()) {
    return AtBlock(contents.status(), source_->name(), handle);
  }
  if (is_index) {
    index_verified_ = true;
  } else {
    verified_ = handle;
  }
  return contents;
}

}  // namespace tensorbundle::table
