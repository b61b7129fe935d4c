// Reads as much of a damaged table as can be read.
#ifndef TB_SALVAGE_TABLE_SCAN_H_
#define TB_SALVAGE_TABLE_SCAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/util/bytes.h"

namespace tensorbundle::salvage {

enum class PartKind : uint8_t { kData, kMetaindex, kIndex, kFooter, kUnknown };

enum class PartState : uint8_t {
  kIntact,
  // One bit was wrong; its checksum says which.
  kRepaired,
  kDamaged,
  // The file ends within.
  kCut,
};

// A stretch of the file. Parts cover the file without gaps or overlaps.
struct TablePart {
  uint64_t offset = 0;
  uint64_t length = 0;  // with the trailer
  PartKind kind = PartKind::kUnknown;
  PartState state = PartState::kIntact;
  uint64_t entries = 0;  // of data blocks
  // The wrong bit of a repaired part: 8 * offset in the file + bit.
  uint64_t flipped_bit = 0;
};

// How far an entry can be trusted.
enum class Trust : uint8_t {
  kVerified,   // its block's checksum was right, or was set right
  kCut,        // the file ends before the checksum; what is there is genuine
  kUnverified  // its block is damaged elsewhere, or here
};

struct ScannedEntry {
  std::string value;
  Trust trust = Trust::kVerified;
};

struct TableScan {
  std::vector<TablePart> parts;
  std::map<std::string, ScannedEntry> entries;

  // True iff a reader would find all of it.
  bool intact() const;
  // True iff the file ends before its footer.
  bool cut() const;
};

// Takes the table apart. Blocks are found by their checksums alone, so that a
// table without its index, its footer or its beginning is read as far as it
// goes; bounded as FindBlocks() is.
TableScan ScanTable(Bytes file);

}  // namespace tensorbundle::salvage

#endif  // TB_SALVAGE_TABLE_SCAN_H_
