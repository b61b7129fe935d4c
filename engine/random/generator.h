// Generator: the state of one random op in one session.
#ifndef TB_RANDOM_GENERATOR_H_
#define TB_RANDOM_GENERATOR_H_

#include <cstdint>

#include "engine/random/philox.h"

namespace tensorbundle::random {

// GuardedPhiloxRandom without the lock. Seeds that are both 0 ask for numbers
// that differ in every session: the caller then gives fresh ones.
class Generator {
 public:
  Generator(uint64_t seed, uint64_t seed2) : next_(seed, seed2) {}

  static bool WantsFreshSeeds(uint64_t seed, uint64_t seed2) {
    return seed == 0 && seed2 == 0;
  }

  // Where the numbers of an execution with `outputs` elements start. Whatever
  // the op and dtype, the state moves on by 256 blocks an element.
  Philox Reserve(uint64_t outputs) {
    const Philox base = next_;
    next_.Skip(outputs * 256);
    return base;
  }

 private:
  Philox next_;
};

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_GENERATOR_H_
