// Which single bit a wrong checksum convicts.
#ifndef TB_SALVAGE_FLIPPED_BIT_H_
#define TB_SALVAGE_FLIPPED_BIT_H_

#include <cstdint>
#include <optional>

namespace tensorbundle::salvage {

// `expected` and `computed` are the checksums (unmasked) that `size` bytes
// should have and have. Returns the number of the bit, 8 * byte + bit with bit
// 0 the lowest, whose flip alone makes the difference; nothing when no bit
// does. Bits that lie 2^31 - 1 apart make the same difference: of longer runs
// the last bit is returned.
//
// Two or three wrong bits never pass for one in any file that fits in memory;
// any other damage of n bytes does with a chance of 8n in 2^32. The time is
// linear in `size`.
std::optional<uint64_t> FindFlippedBit(uint32_t expected, uint32_t computed,
                                       uint64_t size);

}  // namespace tensorbundle::salvage

#endif  // TB_SALVAGE_FLIPPED_BIT_H_
