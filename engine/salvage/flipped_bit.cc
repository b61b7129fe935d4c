// A checksum is linear but for two constants: the checksums of two messages of
// the same length differ by that of their difference. Of a message that is one
// 1 among zeros it is a power of x modulo the polynomial, so the bit is found
// by multiplying by x, from the last bit on, until the power is there.
#include "engine/salvage/flipped_bit.h"

#include "engine/salvage/polynomial.h"

namespace tensorbundle::salvage {

std::optional<uint64_t> FindFlippedBit(uint32_t expected, uint32_t computed,
                                       uint64_t size) {
  const uint32_t difference = expected ^ computed;
  uint32_t power = kPolynomial;
  for (uint64_t byte = size; byte > 0; --byte) {
    for (uint64_t bit = 8; bit > 0; --bit) {
      if (power == difference) return (byte - 1) * 8 + bit - 1;
      power = TimesX(power);
    }
  }
  return std::nullopt;
}

}  // namespace tensorbundle::salvage
