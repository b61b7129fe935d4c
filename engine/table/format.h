// The fixed parts of a table file: trailers, handles, footer, limits.
#ifndef TB_TABLE_FORMAT_H_
#define TB_TABLE_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/io/byte_source.h"
#include "engine/util/bytes.h"
#include "engine/util/coding.h"
#include "engine/util/result.h"

namespace tensorbundle::table {

// The last eight bytes of a file, as a little-endian number.
inline constexpr uint64_t kTableMagic = 0xdb4775248b80fb57ull;

// type (1 byte), masked checksum (fixed32): behind every block.
inline constexpr size_t kBlockTrailerSize = 5;

// Two handles padded to 40 bytes, and the magic.
inline constexpr size_t kFooterSize = 48;

// tensorflow/core/lib/io/table_options.h.
inline constexpr size_t kBlockSize = 262144;
inline constexpr int kRestartInterval = 16;

// Where a block lies. `size` does not count the trailer.
struct BlockHandle {
  uint64_t offset = 0;
  uint64_t size = 0;

  void AppendTo(std::string* out) const;
  // False when the two varints are malformed. Bytes behind them are left alone.
  bool ReadFrom(Cursor* cursor);

  friend bool operator==(const BlockHandle&, const BlockHandle&) = default;
};

struct Footer {
  BlockHandle metaindex;
  BlockHandle index;

  void AppendTo(std::string* out) const;
  // REQUIRES: bytes.size() == kFooterSize.
  // Returns DataLoss "not an sstable (bad magic number)", "bad block handle".
  static Result<Footer> Parse(Bytes bytes);
};

// The size and checksum of a block, both taken from its file.
struct StoredBlock {
  Bytes contents;  // as stored: compressed when type says so
  uint8_t type = 0;
};

// Reads the block behind `handle` and, unless told otherwise, compares its
// checksum. The contents live as long as the source keeps them.
// Returns OutOfRange when the file ends before, DataLoss "block checksum
// mismatch", both with the block's place; kNeedBytes.
Result<StoredBlock> ReadStoredBlock(io::ByteSource* source,
                                    const BlockHandle& handle,
                                    bool verify_checksum = true);

// The five bytes behind a block with those contents.
void AppendBlockTrailer(Bytes contents, uint8_t type, std::string* out);

}  // namespace tensorbundle::table

#endif  // TB_TABLE_FORMAT_H_
