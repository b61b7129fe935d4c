// Philox4x32-10 on four counters at a time.
//
// A round multiplies word 0 and word 2, and the two words of each product are
// the next words 1 and 0, or 3 and 2, but for an exclusive or. So the words
// stay in pairs, as the multiplication leaves them:
//
//   64-bit lane   [ word 1 | word 0 ]  and  [ word 3 | word 2 ]
//                   low      high             low      high
//   a round       p' = (q >> 32) m1 ^ (p << 32) ^ (key0 << 32)
//                 q' = (p >> 32) m0 ^ (q << 32) ^ (key1 << 32)
//
// For engine/random/*__simd128.cc alone.
#ifndef TB_RANDOM_PHILOX_LANES_H_
#define TB_RANDOM_PHILOX_LANES_H_

#include "engine/random/philox.h"
#include "engine/util/simd128.h"

namespace tensorbundle::random {

class PhiloxLanes {
 public:
  // Lane l of word w is word w of what counter l gives.
  struct Block {
    simd::U32x4 word[4];
  };

  explicit PhiloxLanes(const Philox& base)
      : low_(Join(base.counter()[0], base.counter()[1])),
        high_(Join(base.counter()[2], base.counter()[3])),
        key0_(base.key0()),
        key1_(base.key1()) {}

  // The blocks that lie `blocks` behind the base.
  Block At(const simd::U64x4& blocks) const {
    simd::U64x4 p, q;
    Count(blocks.low, &p.low, &q.low);
    Count(blocks.high, &p.high, &q.high);
    simd::U64x2 key0 = simd::Splat(uint64_t{key0_} << 32);
    simd::U64x2 key1 = simd::Splat(uint64_t{key1_} << 32);
    for (int round = 0; round < Philox::kRounds; ++round) {
      const simd::U64x4 a = simd::MulHighWords(q, Philox::kMultiplier1);
      const simd::U64x4 b = simd::MulHighWords(p, Philox::kMultiplier0);
      p = {a.low ^ (p.low << 32) ^ key0, a.high ^ (p.high << 32) ^ key0};
      q = {b.low ^ (q.low << 32) ^ key1, b.high ^ (q.high << 32) ^ key1};
      key0 += uint64_t{Philox::kWeyl0} << 32;
      key1 += uint64_t{Philox::kWeyl1} << 32;
    }
    return {{simd::HighWords(p), simd::LowWords(p), simd::HighWords(q),
             simd::LowWords(q)}};
  }

 private:
  static uint64_t Join(uint32_t low, uint32_t high) {
    return uint64_t{high} << 32 | low;
  }

  // The counter's 128 bits plus `blocks`, in pairs of words.
  void Count(simd::U64x2 blocks, simd::U64x2* p, simd::U64x2* q) const {
    const simd::U64x2 sum = blocks + low_;
    const simd::U64x2 carry =
        ((blocks & low_) | ((blocks | low_) & ~sum)) >> 63;
    *p = simd::SwapWords(sum);
    *q = simd::SwapWords(carry + high_);
  }

  uint64_t low_;
  uint64_t high_;
  uint32_t key0_;
  uint32_t key1_;
};

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_PHILOX_LANES_H_
