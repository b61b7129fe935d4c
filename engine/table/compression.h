// Compressed blocks: the one place that knows the types of a block's trailer.
#ifndef TB_TABLE_COMPRESSION_H_
#define TB_TABLE_COMPRESSION_H_

#include <cstdint>
#include <string>

#include "engine/table/format.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::table {

inline constexpr uint8_t kUncompressed = 0;
inline constexpr uint8_t kSnappy = 1;

// The contents of a block: those stored, borrowed, or their expansion, kept in
// *storage, which is allocated once it is known to be true.
// Returns DataLoss "corrupted compressed block contents", "bad block type";
// ResourceExhausted when there is no memory for the expansion.
Result<Bytes> Uncompress(const StoredBlock& block, std::string* storage);

}  // namespace tensorbundle::table

#endif  // TB_TABLE_COMPRESSION_H_
