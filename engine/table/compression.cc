#include "engine/table/compression.h"

#include "engine/table/snappy_decode.h"
#include "engine/util/allocation.h"

namespace tensorbundle::table {

Result<Bytes> Uncompress(const StoredBlock& block, std::string* storage) {
  storage->clear();
  switch (block.type) {
    case kUncompressed:
      return block.contents;
    case kSnappy: {
      const auto length = SnappyUncompressedLength(block.contents);
      if (!length) return DataLossError("corrupted compressed block contents");
      if (!CanAllocate(*length)) {
        return ResourceExhaustedError("OOM when allocating a block of " +
                                      std::to_string(*length) + " bytes");
      }
      storage->resize(*length);
      // Cannot fail: the elements were walked over.
      static_cast<void>(SnappyUncompress(
          block.contents,
          {reinterpret_cast<uint8_t*>(storage->data()), storage->size()}));
      return AsBytes(*storage);
    }
    default:
      return DataLossError("bad block type");
  }
}

}  // namespace tensorbundle::table
