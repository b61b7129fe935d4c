// Arithmetic in which CRC-32C is a remainder: polynomials over GF(2) modulo
//
//   x^32 + x^28 + x^27 + x^26 + x^25 + x^23 + x^22 + x^20 + x^19 + x^18 +
//   x^14 + x^13 + x^11 + x^10 + x^9 + x^8 + x^6 + 1
//
// in 32 bits of which the highest is the coefficient of x^0. The state of a
// checksum (without the final xor) after the bytes m is, beginning with s,
//
//   state(m) = s * x^(8 * size) + (m as a polynomial) * x^32
//
// and after one more byte b: (state + b) * x^8.
#ifndef TB_SALVAGE_POLYNOMIAL_H_
#define TB_SALVAGE_POLYNOMIAL_H_

#include <cstdint>

namespace tensorbundle::salvage {

inline constexpr uint32_t kPolynomial = 0x82f63b78u;
inline constexpr uint32_t kOne = 1u << 31;

inline uint32_t TimesX(uint32_t a) {
  return a >> 1 ^ ((a & 1) != 0 ? kPolynomial : 0);
}

inline uint32_t OverX(uint32_t a) {
  return (a & kOne) != 0 ? (a ^ kPolynomial) << 1 | 1 : a << 1;
}

inline uint32_t Times(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (; a != 0; a <<= 1) {
    if ((a & kOne) != 0) product ^= b;
    b = TimesX(b);
  }
  return product;
}

inline uint32_t TimesX8(uint32_t a) {
  for (int bit = 0; bit < 8; ++bit) a = TimesX(a);
  return a;
}

inline uint32_t OverX8(uint32_t a) {
  for (int bit = 0; bit < 8; ++bit) a = OverX(a);
  return a;
}

}  // namespace tensorbundle::salvage

#endif  // TB_SALVAGE_POLYNOMIAL_H_
