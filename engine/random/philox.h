// Philox4x32-10: the counter-based generator behind TensorFlow's random ops.
//
//   state   counter c0 c1 c2 c3 (128 bits, c0 lowest), key k0 k1
//   seeded  k0 k1 = seed, c2 c3 = seed2, c0 c1 = 0, low words first
//   next    ten rounds over a copy of the counter give four words of output;
//           the counter then grows by one
//
// Any output can be had without the ones before it: see Skip().
#ifndef TB_RANDOM_PHILOX_H_
#define TB_RANDOM_PHILOX_H_

#include <array>
#include <cstdint>

namespace tensorbundle::random {

class Philox {
 public:
  using Block = std::array<uint32_t, 4>;

  Philox(uint64_t seed, uint64_t seed2)
      : counter_{0, 0, static_cast<uint32_t>(seed2),
                 static_cast<uint32_t>(seed2 >> 32)},
        key0_(static_cast<uint32_t>(seed)),
        key1_(static_cast<uint32_t>(seed >> 32)) {}

  // For known answers with any counter and key.
  Philox(const Block& counter, uint32_t key0, uint32_t key1)
      : counter_(counter), key0_(key0), key1_(key1) {}

  Block Next() {
    const Block block = Rounds();
    Skip(1);
    return block;
  }

  // Passes over `blocks` outputs.
  void Skip(uint64_t blocks) {
    const uint64_t low = Low() + blocks;
    const bool carry = low < blocks;
    counter_[0] = static_cast<uint32_t>(low);
    counter_[1] = static_cast<uint32_t>(low >> 32);
    if (carry && ++counter_[2] == 0) ++counter_[3];
  }

  const Block& counter() const { return counter_; }
  uint32_t key0() const { return key0_; }
  uint32_t key1() const { return key1_; }

  static constexpr int kRounds = 10;
  static constexpr uint32_t kMultiplier0 = 0xD2511F53;
  static constexpr uint32_t kMultiplier1 = 0xCD9E8D57;
  static constexpr uint32_t kWeyl0 = 0x9E3779B9;  // golden ratio
  static constexpr uint32_t kWeyl1 = 0xBB67AE85;  // sqrt(3) - 1

 private:
  uint64_t Low() const {
    return static_cast<uint64_t>(counter_[1]) << 32 | counter_[0];
  }

  Block Rounds() const {
    Block c = counter_;
    uint32_t key0 = key0_;
    uint32_t key1 = key1_;
    for (int round = 0; round < kRounds; ++round) {
      const uint64_t product0 = static_cast<uint64_t>(kMultiplier0) * c[0];
      const uint64_t product1 = static_cast<uint64_t>(kMultiplier1) * c[2];
      c = {static_cast<uint32_t>(product1 >> 32) ^ c[1] ^ key0,
           static_cast<uint32_t>(product1),
           static_cast<uint32_t>(product0 >> 32) ^ c[3] ^ key1,
           static_cast<uint32_t>(product0)};
      key0 += kWeyl0;
      key1 += kWeyl1;
    }
    return c;
  }

  Block counter_;
  uint32_t key0_;
  uint32_t key1_;
};

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_PHILOX_H_
