// TableReader: the sorted string table behind a ByteSource.
#ifndef TB_TABLE_TABLE_READER_H_
#define TB_TABLE_TABLE_READER_H_

#include <cstdint>
#include <string>

#include "engine/io/byte_source.h"
#include "engine/table/format.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::table {

// Keeps the footer and nothing of the blocks: each use takes them from the
// source again, and the source decides what stays in memory.
class TableReader {
 public:
  // `source` is borrowed and must outlive the reader and its iterators.
  // Returns DataLoss for a file that is too short, has another magic number,
  // bad handles or a damaged index block; kNeedBytes.
  static Result<TableReader> Open(io::ByteSource* source);

  const Footer& footer() const { return footer_; }
  io::ByteSource* source() const { return source_; }

  // The contents of a block. They live as long as the source keeps them, or,
  // of a compressed block, as long as *storage is left alone.
  Result<Bytes> ReadBlock(const BlockHandle& handle, std::string* storage);

 private:
  TableReader(io::ByteSource* source, const Footer& footer)
      : source_(source), footer_(footer) {}

  io::ByteSource* source_;
  Footer footer_;
  // The blocks whose checksums were compared last: the index block is read
  // for every search, one data block for searches of keys in order.
  bool index_verified_ = false;
  BlockHandle verified_;
};

}  // namespace tensorbundle::table

#endif  // TB_TABLE_TABLE_READER_H_
