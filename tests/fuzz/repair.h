// Makes checksums true, so that changed bytes get past them: without it a
// fuzzer would see little more than "block checksum mismatch".
#ifndef TB_TESTS_FUZZ_REPAIR_H_
#define TB_TESTS_FUZZ_REPAIR_H_

#include <cstdint>
#include <string>

#include "engine/bundle/entry.h"
#include "engine/util/bytes.h"

namespace tensorbundle::fuzz {

// Ends the program with a report of where it stood. A fuzzer's assert, which
// release builds keep.
inline void Require(bool condition) {
  if (!condition) __builtin_trap();
}

// The trailers of all blocks that the footer and the index of a table reach,
// and the magic number.
void RepairTable(std::string* file);

// The checksums inside the bytes of a string tensor or a variant tensor of
// `count` elements, as far as they can be found. Returns the masked checksum
// that their entry must have.
uint32_t RepairStrings(uint64_t count, bool big_endian, std::string* data);
uint32_t RepairVariants(uint64_t count, std::string* data);

}  // namespace tensorbundle::fuzz

#endif  // TB_TESTS_FUZZ_REPAIR_H_
