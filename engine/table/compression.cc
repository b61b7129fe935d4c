#include "engine/table/compression.h"

namespace tensorbundle::table {

Result<Bytes> Uncompress(const StoredBlock& block, const std::string& file,
                         std::string* storage) {
  storage->clear();
  switch (block.type) {
    case kUncompressed:
      return block.contents;
    case kSnappy:
      return UnimplementedError("A block of " + file +
                                " is compressed with Snappy, which cannot be "
                                "read here yet");
    default:
      return DataLossError("bad block type");
  }
}

}  // namespace tensorbundle::table
