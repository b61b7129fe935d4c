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

constexpr size_t kGroup = 4;

// What each lane's block becomes: element i of every group.
struct Groups {
  F32x4 element[kGroup];
};

Groups Uniforms(const PhiloxLanes& lanes) {
  const PhiloxLanes::Block block = lanes.Get();
  Groups groups;
  for (size_t i = 0; i < kGroup; ++i) {
    groups.element[i] = lanes::UniformFloat(block.word[i]);
  }
  return groups;
}

Groups Normals(const PhiloxLanes& lanes) {
  const PhiloxLanes::Block block = lanes.Get();
  const lanes::Pair low = lanes::BoxMuller(block.word[0], block.word[1]);
  const lanes::Pair high = lanes::BoxMuller(block.word[2], block.word[3]);
  return {{low.first, low.second, high.first, high.second}};
}

// out[lane * 4 + i] = element i of the lane's group.
inline void StoreGroups(const Groups& groups, float* out) {
  const simd::Square square =
      simd::Transpose(groups.element[0], groups.element[1], groups.element[2],
                      groups.element[3]);
  for (size_t lane = 0; lane < 4; ++lane) {
    simd::Store(out + lane * kGroup, square.row[lane]);
  }
}

// Groups that take one block each, one after another.
template <typename Make>
void FillBlocks(const Philox& base, std::span<float> out, Make make) {
  PhiloxLanes lanes(base);
  uint64_t block = 0;
  for (size_t i = 0; i < out.size(); i += 4 * kGroup) {
    for (int lane = 0; lane < 4; ++lane) lanes.Set(lane, block++);
    if (out.size() - i >= 4 * kGroup) {
      StoreGroups(make(lanes), &out[i]);
    } else {
      float last[4 * kGroup];
      StoreGroups(make(lanes), last);
      std::memcpy(&out[i], last, (out.size() - i) * sizeof(float));
    }
  }
}

// The groups of one stretch of the output, and which of them wait.
class TruncatedGroups {
 public:
  static constexpr size_t kMost = 256;

  // `first` is the number of groups before these.
  TruncatedGroups(const Philox& base, uint64_t first, size_t count, float* out)
      : lanes_(base), first_(first), out_(out), waiting_count_(count) {
    assert(count <= kMost);
    for (size_t g = 0; g < count; ++g) {
      waiting_[g] = static_cast<uint16_t>(g);
      filled_[g] = 0;
    }
  }

  void Run() {
    for (uint64_t block = 0; waiting_count_ > 0; ++block) {
      const size_t count = waiting_count_;
      waiting_count_ = 0;
      for (size_t i = 0; i < count; i += 4) {
        RunFour(i, count - i < 4 ? count - i : 4, block);
      }
    }
  }

 private:
  void RunFour(size_t i, size_t used_lanes, uint64_t block) {
    for (size_t lane = 0; lane < used_lanes; ++lane) {
      lanes_.Set(static_cast<int>(lane),
                 (first_ + waiting_[i + lane]) * kTruncatedGroupBlocks + block);
    }
    const Groups groups = Normals(lanes_);
    I32x4 inside = simd::Splat(int32_t{-1});
    for (const F32x4 element : groups.element) {
      inside &= simd::LessThan(simd::Abs(element), simd::Splat(2.0f));
    }
    if (block == 0 && used_lanes == 4 && simd::AllTrue(inside)) {
      StoreGroups(groups, out_ + waiting_[i] * kGroup);
      return;
    }
    float candidates[4 * kGroup];
    StoreGroups(groups, candidates);
    for (size_t lane = 0; lane < used_lanes; ++lane) {
      Append(waiting_[i + lane], candidates + lane * kGroup);
    }
  }

  // Takes what a group still needs of its candidates, in their order.
  void Append(uint16_t group, const float* candidates) {
    float* out = out_ + group * kGroup;
    size_t filled = filled_[group];
    for (size_t c = 0; c < kGroup && filled < kGroup; ++c) {
      out[filled] = candidates[c];
      filled += std::abs(candidates[c]) < 2.0f ? 1 : 0;
    }
    filled_[group] = static_cast<uint8_t>(filled);
    // Never ahead of what is being read.
    if (filled < kGroup) waiting_[waiting_count_++] = group;
  }

  PhiloxLanes lanes_;
  const uint64_t first_;
  float* const out_;
  size_t waiting_count_;
  uint16_t waiting_[kMost];
  uint8_t filled_[kMost];
};

// A function of its own: V8 optimises a function between two calls of it.
[[gnu::noinline]] void FillTruncatedStretch(const Philox& base, uint64_t first,
                                            size_t count, float* out) {
  TruncatedGroups(base, first, count, out).Run();
}

void FillTruncated(const Philox& base, std::span<float> out) {
  constexpr size_t kStretch = TruncatedGroups::kMost;
  const size_t groups = out.size() / kGroup;
  for (size_t g = 0; g < groups; g += kStretch) {
    FillTruncatedStretch(base, g, groups - g < kStretch ? groups - g : kStretch,
                         &out[g * kGroup]);
  }
  const size_t rest = out.size() % kGroup;
  if (rest == 0) return;
  float last[kGroup];
  FillTruncatedStretch(base, groups, 1, last);
  std::memcpy(&out[groups * kGroup], last, rest * sizeof(float));
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
