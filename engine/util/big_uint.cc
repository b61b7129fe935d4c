#include "engine/util/big_uint.h"

#include <cassert>

namespace tensorbundle {

namespace {

constexpr size_t kWordBits = 32;

}  // namespace

BigUint::BigUint(uint64_t value) {
  for (; value != 0; value >>= kWordBits) {
    words_.push_back(static_cast<uint32_t>(value));
  }
}

void BigUint::Trim() {
  while (!words_.empty() && words_.back() == 0) words_.pop_back();
}

size_t BigUint::BitLength() const {
  if (words_.empty()) return 0;
  const size_t leading = static_cast<size_t>(__builtin_clz(words_.back()));
  return words_.size() * kWordBits - leading;
}

void BigUint::MultiplyAdd(uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  for (uint32_t& word : words_) {
    carry += uint64_t{word} * factor;
    word = static_cast<uint32_t>(carry);
    carry >>= kWordBits;
  }
  if (carry != 0) words_.push_back(static_cast<uint32_t>(carry));
  Trim();
}

void BigUint::MultiplyByPowerOfTen(unsigned exponent) {
  constexpr uint32_t kTenToNine = 1000000000;
  for (; exponent >= 9; exponent -= 9) MultiplyAdd(kTenToNine, 0);
  for (; exponent > 0; --exponent) MultiplyAdd(10, 0);
}

void BigUint::ShiftLeft(size_t bits) {
  if (words_.empty()) return;
  const size_t shift = bits % kWordBits;
  if (shift != 0) MultiplyAdd(uint32_t{1} << shift, 0);
  words_.insert(words_.begin(), bits / kWordBits, 0);
}

void BigUint::Add(const BigUint& other) {
  if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
  uint64_t carry = 0;
  for (size_t i = 0; i < words_.size(); ++i) {
    carry += words_[i];
    if (i < other.words_.size()) carry += other.words_[i];
    words_[i] = static_cast<uint32_t>(carry);
    carry >>= kWordBits;
  }
  if (carry != 0) words_.push_back(static_cast<uint32_t>(carry));
}

void BigUint::Subtract(const BigUint& other) {
  assert(Compare(other, *this) <= 0);
  uint64_t borrow = 0;
  for (size_t i = 0; i < words_.size(); ++i) {
    const uint64_t subtrahend =
        borrow + (i < other.words_.size() ? other.words_[i] : 0);
    borrow = words_[i] < subtrahend ? 1 : 0;
    words_[i] = static_cast<uint32_t>(words_[i] - subtrahend);
  }
  Trim();
}

int BigUint::Compare(const BigUint& a, const BigUint& b) {
  if (a.words_.size() != b.words_.size()) {
    return a.words_.size() < b.words_.size() ? -1 : 1;
  }
  for (size_t i = a.words_.size(); i-- > 0;) {
    if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i] ? -1 : 1;
  }
  return 0;
}

}  // namespace tensorbundle
