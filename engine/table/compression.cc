#include "engine/table/compression.h"

#include "engine/table/snappy_decode.h"

namespace tensorbundle::table {

Result<Bytes> Uncompress(const StoredBlock& block, std::string* storage) {
  storage->clear();
  switch (block.type) {
    case kUncompressed:
      return block.contents;
    case kSnappy: {
      const auto length = SnappyUncompressedLength(block.contents);
      if (length) storage->resize(*length);
      if (!length ||
          !SnappyUncompress(
              block.contents,
              {reinterpret_cast<uint8_t*>(storage->data()), storage->size()})) {
        return DataLossError("corrupted compressed block contents");
      }
      return AsBytes(*storage);
    }
    default:
      return DataLossError("bad block type");
  }
}

}  // namespace tensorbundle::table
