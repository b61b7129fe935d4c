// CRC-32C (Castagnoli) and the mask under which files store it.
//
// Polynomial 0x1edc6f41 (reflected 0x82f63b78), initial value and final xor
// 0xffffffff; the checksum of "123456789" is 0xe3069283.
//
// Two kernels compute the same function. The portable one takes sixteen bytes
// a step through sixteen tables. The folding one needs nothing but XORs of
// 16-byte vectors and runs at the speed of memory:
//
//   Read the bytes of a message as the coefficients of a polynomial M over
//   GF(2), the first byte highest. The checksum is, up to constants, M mod P,
//   so that any multiple of P may be added to M without changing it. The
//   sparse polynomial
//
//       Q(x) = x^5321 + x^3574 + x^2491 + 1
//
//   is a multiple of P; it is among the shortest with four terms. Squaring is
//   linear in GF(2)[x]: Q(x)^2 = Q(x^2), hence Q(x)^8 = Q(x^8) is a multiple
//   of P too, and its exponents count whole bytes. Adding v * Q(x^8), shifted
//   so that its first term meets a byte v of the message, clears that byte
//   and leaves copies of v 1747, 2830 and 5321 bytes further on:
//
//       byte    i          i+1747     i+2830     i+5321
//               v  ->  0   ^= v       ^= v       ^= v
//
//   Cleared from the front to the back, byte j was worth
//
//       w[j] = v[j] ^ w[j-1747] ^ w[j-2830] ^ w[j-5321]
//
//   when its turn came. As the nearest offset is far beyond a vector's width,
//   w is computed a vector at a time, and only its last 5321 values are kept,
//   in a ring. What is left in the end is a message of 5376 bytes behind
//   zeros, which do not change a checksum of 0: the tables do the rest.
#ifndef TB_UTIL_CRC32C_H_
#define TB_UTIL_CRC32C_H_

#include <cstddef>
#include <cstdint>

#include "engine/util/bytes.h"

namespace tensorbundle::crc32c {

// The checksum of A followed by `bytes`, given `crc`, the checksum of A.
uint32_t Extend(uint32_t crc, Bytes bytes);

// The checksum of `bytes`; 0 for none.
inline uint32_t Value(Bytes bytes) { return Extend(0, bytes); }

// A checksum of bytes that contain checksums is weak: files store this instead.
inline constexpr uint32_t kMaskDelta = 0xa282ead8u;
inline uint32_t Mask(uint32_t crc) {
  return (crc >> 15 | crc << 17) + kMaskDelta;
}
inline uint32_t Unmask(uint32_t masked) {
  const uint32_t rotated = masked - kMaskDelta;
  return rotated << 15 | rotated >> 17;
}

// The kernels behind Extend(), which chooses by length.
uint32_t ExtendPortable(uint32_t crc, Bytes bytes);
uint32_t ExtendFolding(uint32_t crc, Bytes bytes);

}  // namespace tensorbundle::crc32c

#endif  // TB_UTIL_CRC32C_H_
