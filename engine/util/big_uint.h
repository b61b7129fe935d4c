// BigUint: natural numbers of any size, for exact conversions of doubles.
#ifndef TB_UTIL_BIG_UINT_H_
#define TB_UTIL_BIG_UINT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tensorbundle {

class BigUint {
 public:
  explicit BigUint(uint64_t value = 0);

  bool is_zero() const { return words_.empty(); }
  // The position of the highest set bit plus one; 0 for zero.
  size_t BitLength() const;

  void MultiplyAdd(uint32_t factor, uint32_t addend);
  void MultiplyByPowerOfTen(unsigned exponent);
  void ShiftLeft(size_t bits);
  void Add(const BigUint& other);
  // REQUIRES: other <= *this.
  void Subtract(const BigUint& other);

  // Negative, zero or positive as a is less than, equal to or more than b.
  static int Compare(const BigUint& a, const BigUint& b);

 private:
  void Trim();

  std::vector<uint32_t> words_;  // least significant first, no zero last
};

}  // namespace tensorbundle

#endif  // TB_UTIL_BIG_UINT_H_
