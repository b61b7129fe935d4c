// Finds the blocks of a table by their own checksums, without index or footer.
#ifndef TB_SALVAGE_BLOCK_SEARCH_H_
#define TB_SALVAGE_BLOCK_SEARCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/table/format.h"
#include "engine/util/bytes.h"
#include "engine/util/coding.h"

namespace tensorbundle::salvage {

// The blocks in `file` whose checksums are right and whose entries can be read,
// by offset; none overlaps another. A compressed block is found at the
// beginning of the file or right behind another block, an uncompressed one
// anywhere.
//
// Takes time in proportion to n log n and three times the memory of the file,
// whatever its bytes are.
std::vector<table::BlockHandle> FindBlocks(Bytes file);

// Walks over a block of which nothing is certain, as far as its keys grow.
// Calls take(key, value) for each entry. Returns how many bytes they have.
template <typename Take>
size_t WalkEntries(Bytes bytes, Take take);

// True iff `contents` is a block: every entry can be read, the keys grow, and
// the last entry ends where the restarts begin.
bool IsBlock(Bytes contents);

// ---------------------------------------------------------------------------

template <typename Take>
size_t WalkEntries(Bytes bytes, Take take) {
  Cursor cursor(bytes);
  std::string key;
  size_t end = 0;
  for (bool first = true; !cursor.empty(); first = false) {
    uint32_t shared = 0;
    uint32_t non_shared = 0;
    uint32_t value_size = 0;
    Bytes tail;
    Bytes value;
    if (!cursor.ReadVarint32(&shared) || !cursor.ReadVarint32(&non_shared) ||
        !cursor.ReadVarint32(&value_size) || shared > key.size() ||
        !cursor.ReadBytes(non_shared, &tail) ||
        !cursor.ReadBytes(value_size, &value)) {
      break;
    }
    const std::string_view before = key;
    if (!first && AsString(tail) <= before.substr(shared)) break;
    key.resize(shared);
    key.append(AsString(tail));
    take(key, value);
    end = cursor.position();
  }
  return end;
}

}  // namespace tensorbundle::salvage

#endif  // TB_SALVAGE_BLOCK_SEARCH_H_
