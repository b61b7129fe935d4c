// Four groups at a time, one a lane.
//
//            word 0    word 1    word 2    word 3
//  group 0  [ . . . . ]                              lanes of one vector run
//  group 1                                           down a column; turning
//  group 2                                           the square gives groups
//  group 3                                           as they lie in memory
//
// Of truncated normals, one group in six needs more than one block. Those wait
// in a list, and what waits goes through the lanes together, a block later.
// Lanes beyond the end of the output or of the list compute what nobody reads.
#include <cassert>
#include <cmath>
#include <cstring>

#include "engine/random/fill.h"
#include "engine/random/normal_lanes.h"
#include "engine/random/philox_lanes.h"

namespace tensorbundle::random {

namespace {

using simd::F32x4;
using simd::I32x4;
using simd::U64x2;

constexpr size_t kGroup = 4;
constexpr size_t kLanes = 4;

// What each lane's block becomes: element i of every group.
struct Groups {
  F32x4 element[kGroup];
};

Groups Uniforms(const PhiloxLanes::Block& block) {
  Groups groups;
  for (size_t i = 0; i < kGroup; ++i) {
    groups.element[i] = lanes::UniformFloat(block.word[i]);
  }
  return groups;
}

Groups Normals(const PhiloxLanes::Block& block) {
  const lanes::Pair low = lanes::BoxMuller(block.word[0], block.word[1]);
  const lanes::Pair high = lanes::BoxMuller(block.word[2], block.word[3]);
  return {{low.first, low.second, high.first, high.second}};
}

// out[lane * 4 + i] = element i of the lane's group.
inline void StoreGroups(const Groups& groups, float* out) {
  const simd::Square square =
      simd::Transpose(groups.element[0], groups.element[1], groups.element[2],
                      groups.element[3]);
  for (size_t lane = 0; lane < kLanes; ++lane) {
    simd::Store(out + lane * kGroup, square.row[lane]);
  }
}

// Four blocks `step` apart, the first at `first`.
inline simd::U64x4 Every(uint64_t first, uint64_t step) {
  return {U64x2{first, first + step},
          U64x2{first + 2 * step, first + 3 * step}};
}

// Groups that take one block each, one after another.
template <typename Make>
void FillBlocks(const Philox& base, std::span<float> out, Make make) {
  const PhiloxLanes lanes(base);
  simd::U64x4 blocks = Every(0, 1);
  for (size_t i = 0; i < out.size(); i += kLanes * kGroup) {
    const Groups groups = make(lanes.At(blocks));
    blocks.low += kLanes;
    blocks.high += kLanes;
    if (out.size() - i >= kLanes * kGroup) {
      StoreGroups(groups, &out[i]);
    } else {
      float last[kLanes * kGroup];
      StoreGroups(groups, last);
      std::memcpy(&out[i], last, (out.size() - i) * sizeof(float));
    }
  }
}

// The groups of one stretch of the output, and which of them wait.
class TruncatedGroups {
 public:
  static constexpr size_t kMost = 256;

  // `first` is the number of groups before these. REQUIRES: `out` has room for
  // a multiple of kLanes groups.
  TruncatedGroups(const Philox& base, uint64_t first, float* out)
      : lanes_(base), first_block_(first * kTruncatedGroupBlocks), out_(out) {}

  // REQUIRES: count <= kMost.
  void Run(size_t count) {
    assert(count <= kMost);
    RunFirst(count);
    for (size_t i = 0; i < waiting_count_; ++i) {
      waiting_[i].filled = Append(0, Out(waiting_[i]), Out(waiting_[i]));
    }
    for (uint64_t block = 1; waiting_count_ > 0; ++block) RunWaiting(block);
  }

 private:
  struct Waiting {
    size_t group;
    size_t filled;  // how many of its elements are there
  };

  float* Out(const Waiting& waiting) const {
    return out_ + waiting.group * kGroup;
  }

  // The first block of every group, straight to where it belongs. Which groups
  // wait is not foreseeable, so nothing here branches on it.
  void RunFirst(size_t count) {
    simd::U64x4 blocks = Every(first_block_, kTruncatedGroupBlocks);
    for (size_t g = 0; g < count; g += kLanes) {
      const Groups groups = Normals(lanes_.At(blocks));
      blocks.low += kLanes * kTruncatedGroupBlocks;
      blocks.high += kLanes * kTruncatedGroupBlocks;
      StoreGroups(groups, out_ + g * kGroup);
      const unsigned complete = Complete(groups);
      for (size_t lane = 0; lane < kLanes; ++lane) {
        waiting_[waiting_count_].group = g + lane;
        waiting_count_ += ~(complete >> lane) & 1;
      }
    }
    while (waiting_count_ > 0 && waiting_[waiting_count_ - 1].group >= count) {
      --waiting_count_;
    }
  }

  // A later block of the groups that wait for one.
  void RunWaiting(uint64_t block) {
    const size_t count = waiting_count_;
    waiting_count_ = 0;
    for (size_t i = 0; i < count; i += kLanes) {
      const size_t used = count - i < kLanes ? count - i : kLanes;
      uint64_t blocks[kLanes] = {};
      for (size_t lane = 0; lane < used; ++lane) {
        blocks[lane] = first_block_ + block +
                       waiting_[i + lane].group * kTruncatedGroupBlocks;
      }
      float candidates[kLanes * kGroup];
      StoreGroups(Normals(lanes_.At({U64x2{blocks[0], blocks[1]},
                                     U64x2{blocks[2], blocks[3]}})),
                  candidates);
      for (size_t lane = 0; lane < used; ++lane) {
        Waiting waiting = waiting_[i + lane];
        waiting.filled =
            Append(waiting.filled, candidates + lane * kGroup, Out(waiting));
        // The list never grows past what has been read of it.
        if (waiting.filled < kGroup) waiting_[waiting_count_++] = waiting;
      }
    }
  }

  // Bit l says whether no element of lane l's group is to be replaced.
  static unsigned Complete(const Groups& groups) {
    I32x4 inside = simd::Splat(int32_t{-1});
    for (const F32x4 element : groups.element) {
      inside &= simd::LessThan(simd::Abs(element), simd::Splat(2.0f));
    }
    return simd::BitMask(inside);
  }

  // Appends to the `filled` elements of `out` what its group takes of its
  // candidates, which may lie in `out` itself. Returns how many there are then,
  // and what is more than kGroup has been dropped.
  static size_t Append(size_t filled, const float* candidates, float* out) {
    float both[2 * kGroup];
    std::memcpy(both, out, kGroup * sizeof(float));
    for (size_t c = 0; c < kGroup; ++c) {
      both[filled] = candidates[c];
      filled += std::abs(candidates[c]) < 2.0f ? 1 : 0;
    }
    std::memcpy(out, both, kGroup * sizeof(float));
    return filled;
  }

  const PhiloxLanes lanes_;
  const uint64_t first_block_;
  float* const out_;
  size_t waiting_count_ = 0;
  Waiting waiting_[kMost + kLanes];  // the last ones are not kept
};

// A function of its own: V8 optimises a function between two calls of it.
[[gnu::noinline]] void FillTruncatedStretch(const Philox& base, uint64_t first,
                                            size_t count, float* out) {
  TruncatedGroups(base, first, out).Run(count);
}

void FillTruncated(const Philox& base, std::span<float> out) {
  constexpr size_t kStretch = TruncatedGroups::kMost;
  const size_t whole = out.size() / (kLanes * kGroup) * kLanes;
  for (size_t g = 0; g < whole; g += kStretch) {
    FillTruncatedStretch(base, g, whole - g < kStretch ? whole - g : kStretch,
                         &out[g * kGroup]);
  }
  const size_t rest = out.size() - whole * kGroup;
  if (rest == 0) return;
  float last[kLanes * kGroup];
  FillTruncatedStretch(base, whole, (rest + kGroup - 1) / kGroup, last);
  std::memcpy(&out[whole * kGroup], last, rest * sizeof(float));
}

}  // namespace

void FillFloatsSimd128(Distribution distribution, const Philox& base,
                       std::span<float> out) {
  switch (distribution) {
    case Distribution::kUniform:
      return FillBlocks(base, out, Uniforms);
    case Distribution::kNormal:
      return FillBlocks(base, out, Normals);
    case Distribution::kTruncatedNormal:
      return FillTruncated(base, out);
  }
}

}  // namespace tensorbundle::random
