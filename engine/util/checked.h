// Arithmetic on numbers that came out of a file.
//
// Offsets, sizes and counts stay uint64_t until they are known to fit: size_t
// has 32 bits in WASM. CheckedCast is the one legal way to narrow them.
#ifndef TB_UTIL_CHECKED_H_
#define TB_UTIL_CHECKED_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace tensorbundle {

// a + b, or nothing when the sum does not fit.
inline std::optional<uint64_t> CheckedAdd(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

// a * b, or nothing when the product does not fit.
inline std::optional<uint64_t> CheckedMul(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

// True iff [offset, offset + length) lies within [0, size).
inline bool RangeWithin(uint64_t offset, uint64_t length, uint64_t size) {
  return offset <= size && length <= size - offset;
}

template <typename To, typename From>
std::optional<To> CheckedCast(From value) {
  if constexpr (std::numeric_limits<From>::is_signed &&
                !std::numeric_limits<To>::is_signed) {
    if (value < 0) return std::nullopt;
  }
  const To narrowed = static_cast<To>(value);
  if (static_cast<From>(narrowed) != value) return std::nullopt;
  if constexpr (std::numeric_limits<To>::is_signed &&
                !std::numeric_limits<From>::is_signed) {
    if (narrowed < 0) return std::nullopt;
  }
  return narrowed;
}

}  // namespace tensorbundle

#endif  // TB_UTIL_CHECKED_H_
