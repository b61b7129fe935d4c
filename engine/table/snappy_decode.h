// Decoder of the raw Snappy format, in which the blocks of some tables are
// stored (engine/docs/table-format.md, "Compression").
#ifndef TB_TABLE_SNAPPY_DECODE_H_
#define TB_TABLE_SNAPPY_DECODE_H_

#include <cstdint>
#include <optional>

#include "engine/util/bytes.h"

namespace tensorbundle::table {

// The most bytes that `n` bytes of elements expand to: no claim above it can
// be true.
uint64_t SnappyMaxExpansion(uint64_t n);

// The length of what `compressed` expands to. Nothing unless it begins with a
// length of 32 bits and its elements add up to it; so the answer may be
// allocated. The elements are walked over, not copied.
std::optional<uint32_t> SnappyUncompressedLength(Bytes compressed);

// Expands `compressed` into *output. Returns false, with *output in an
// unspecified state, unless the stream is well formed and expands to exactly
// output.size() bytes, which it does when they are as many as
// SnappyUncompressedLength() said.
bool SnappyUncompress(Bytes compressed, MutableBytes output);

}  // namespace tensorbundle::table

#endif  // TB_TABLE_SNAPPY_DECODE_H_
