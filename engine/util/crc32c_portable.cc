// Table [k][b] is the checksum of byte b followed by k zero bytes, so that
// sixteen bytes are looked up independently of one another.
#include <array>

#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::crc32c {

namespace {

constexpr uint32_t kReflectedPolynomial = 0x82f63b78u;
constexpr size_t kSlices = 16;

using Tables = std::array<std::array<uint32_t, 256>, kSlices>;

Tables MakeTables() {
  Tables tables;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ (crc & 1 ? kReflectedPolynomial : 0);
    }
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < kSlices; ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t shorter = tables[k - 1][byte];
      tables[k][byte] = shorter >> 8 ^ tables[0][shorter & 0xff];
    }
  }
  return tables;
}

// The four lookups for the 32 bits that end `last` + 1 bytes before the end
// of a step.
inline uint32_t Lookup(const Tables& tables, uint32_t word, size_t last) {
  return tables[last + 3][word & 0xff] ^ tables[last + 2][word >> 8 & 0xff] ^
         tables[last + 1][word >> 16 & 0xff] ^ tables[last][word >> 24];
}

}  // namespace

uint32_t ExtendPortable(uint32_t crc, Bytes bytes) {
  // 16 KiB that would not compress: computed once instead of shipped.
  static const Tables tables = MakeTables();
  uint32_t state = ~crc;
  const uint8_t* p = bytes.data();
  size_t n = bytes.size();
  for (; n >= kSlices; p += kSlices, n -= kSlices) {
    state = Lookup(tables, DecodeFixed32(p) ^ state, 12) ^
            Lookup(tables, DecodeFixed32(p + 4), 8) ^
            Lookup(tables, DecodeFixed32(p + 8), 4) ^
            Lookup(tables, DecodeFixed32(p + 12), 0);
  }
  for (; n > 0; ++p, --n) {
    state = state >> 8 ^ tables[0][(state ^ *p) & 0xff];
  }
  return ~state;
}

}  // namespace tensorbundle::crc32c
