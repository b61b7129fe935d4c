// Philox4x32-10 on four generators at a time.
//
// The four lanes share a key and nothing else: lane l of word w is word w of
// what generator l would give. For engine/random/*__simd128.cc alone.
#ifndef TB_RANDOM_PHILOX_LANES_H_
#define TB_RANDOM_PHILOX_LANES_H_

#include "engine/random/philox.h"
#include "engine/util/simd128.h"

namespace tensorbundle::random {

class PhiloxLanes {
 public:
  struct Block {
    simd::U32x4 word[4];
  };

  // All lanes at `base`.
  explicit PhiloxLanes(const Philox& base) : base_(base) {
    for (int lane = 0; lane < 4; ++lane) Set(lane, 0);
  }

  // Puts a lane `blocks` behind the base.
  void Set(int lane, uint64_t blocks) {
    Philox at = base_;
    at.Skip(blocks);
    for (size_t w = 0; w < 4; ++w) counter_[w][lane] = at.counter()[w];
  }

  // The next block of each lane; does not move on.
  Block Get() const {
    simd::U32x4 c0 = simd::LoadWords(counter_[0]);
    simd::U32x4 c1 = simd::LoadWords(counter_[1]);
    simd::U32x4 c2 = simd::LoadWords(counter_[2]);
    simd::U32x4 c3 = simd::LoadWords(counter_[3]);
    uint32_t key0 = base_.key0();
    uint32_t key1 = base_.key1();
    for (int round = 0; round < Philox::kRounds; ++round) {
      const simd::WideProduct p0 = simd::MulWide(c0, Philox::kMultiplier0);
      const simd::WideProduct p1 = simd::MulWide(c2, Philox::kMultiplier1);
      c0 = p1.high ^ c1 ^ key0;
      c1 = p1.low;
      c2 = p0.high ^ c3 ^ key1;
      c3 = p0.low;
      key0 += Philox::kWeyl0;
      key1 += Philox::kWeyl1;
    }
    return {{c0, c1, c2, c3}};
  }

 private:
  Philox base_;
  uint32_t counter_[4][4];  // word, lane
};

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_PHILOX_LANES_H_
