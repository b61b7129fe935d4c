// How outputs of the generator become elements (one "block" is its four
// words; a group is what one call of a TensorFlow distribution returns):
//
//   uniform, normal   group g  <- block g
//                     4 elements a group, of double and int64 2
//   truncated normal  group g  <- blocks g * 256, g * 256 + 1, ... as many as
//                     it takes; in groups of 2 (double) g * 128, ...
//
// What a group has beyond the end of the buffer is dropped. No group depends
// on another, so the numbers do not depend on how the work is divided.
#include "engine/random/fill.h"

#include <cassert>
#include <cmath>
#include <cstddef>

#include "engine/random/distributions.h"

namespace tensorbundle::random {

namespace {

template <typename T>
std::span<T> As(MutableBytes bytes) {
  assert(bytes.size() % sizeof(T) == 0);
  return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
}

// Calls `make(block, group)` for every group of `N` elements.
template <size_t N, typename T, typename Make>
void FillByBlocks(Philox generator, std::span<T> out, Make make) {
  size_t i = 0;
  for (; i + N <= out.size(); i += N) make(generator.Next(), &out[i]);
  if (i == out.size()) return;
  T last[N];
  make(generator.Next(), last);
  for (size_t k = 0; i < out.size(); ++i, ++k) out[i] = last[k];
}

// The words of a generator one after another.
class Words {
 public:
  explicit Words(const Philox& generator) : generator_(generator) {}

  // The next N words. REQUIRES: N divides 4 and is the same in every call.
  template <int N>
  const uint32_t* Next() {
    if (used_ == 4) {
      block_ = generator_.Next();
      used_ = 0;
    }
    const uint32_t* words = &block_[static_cast<size_t>(used_)];
    used_ += N;
    return words;
  }

 private:
  Philox generator_;
  Philox::Block block_ = {};
  int used_ = 4;
};

// `pair(words)` is a normal pair of N words each; `round` its element.
template <size_t kGroup, int N, typename T, typename Pair, typename Round>
void FillTruncated(Philox generator, std::span<T> out, Pair pair, Round round) {
  for (size_t start = 0; start < out.size(); start += kGroup) {
    const size_t end =
        start + kGroup < out.size() ? start + kGroup : out.size();
    Words words(generator);
    for (size_t i = start; i < end;) {
      const auto normal = pair(words.Next<N>());
      if (std::abs(normal.first) < 2) out[i++] = round(normal.first);
      if (i < end && std::abs(normal.second) < 2)
        out[i++] = round(normal.second);
    }
    generator.Skip(kReservedWords * kGroup / 4);
  }
}

NormalPair<float> FloatPair(const uint32_t* words) {
  return BoxMuller(words[0], words[1]);
}

template <typename T, typename Round>
void FillFloats(Distribution distribution, const Philox& base, std::span<T> out,
                T (*uniform)(uint32_t), Round round) {
  switch (distribution) {
    case Distribution::kUniform:
      FillByBlocks<4>(base, out, [&](const Philox::Block& block, T* group) {
        for (size_t i = 0; i < 4; ++i) group[i] = uniform(block[i]);
      });
      return;
    case Distribution::kNormal:
      FillByBlocks<4>(base, out, [&](const Philox::Block& block, T* group) {
        for (size_t i = 0; i < 4; i += 2) {
          const NormalPair<float> pair = BoxMuller(block[i], block[i + 1]);
          group[i] = round(pair.first);
          group[i + 1] = round(pair.second);
        }
      });
      return;
    case Distribution::kTruncatedNormal:
      FillTruncated<4, 2>(base, out, FloatPair, round);
      return;
  }
}

void FillDoubles(Distribution distribution, const Philox& base,
                 std::span<double> out) {
  using Block = Philox::Block;
  const auto pair = [](const uint32_t* words) { return BoxMuller(words); };
  switch (distribution) {
    case Distribution::kUniform:
      FillByBlocks<2>(base, out, [](const Block& block, double* group) {
        group[0] = UniformDouble(block[0], block[1]);
        group[1] = UniformDouble(block[2], block[3]);
      });
      return;
    case Distribution::kNormal:
      FillByBlocks<2>(base, out, [&](const Block& block, double* group) {
        const NormalPair<double> normal = pair(block.data());
        group[0] = normal.first;
        group[1] = normal.second;
      });
      return;
    case Distribution::kTruncatedNormal:
      FillTruncated<2, 4>(base, out, pair, [](double value) { return value; });
      return;
  }
}

}  // namespace

bool IsRandomReal(DType dtype) {
  return dtype == DType::kHalf || dtype == DType::kBfloat16 ||
         dtype == DType::kFloat || dtype == DType::kDouble;
}

void Fill(Distribution distribution, DType dtype, const Philox& base,
          MutableBytes out) {
  if (dtype == DType::kFloat) {
    FillFloatsSimd128(distribution, base, As<float>(out));
  } else {
    FillScalar(distribution, dtype, base, out);
  }
}

void FillScalar(Distribution distribution, DType dtype, const Philox& base,
                MutableBytes out) {
  assert(IsRandomReal(dtype));
  switch (dtype) {
    case DType::kFloat:
      FillFloats(distribution, base, As<float>(out), UniformFloat,
                 [](float value) { return value; });
      return;
    case DType::kHalf:
      FillFloats(distribution, base, As<uint16_t>(out), UniformHalf,
                 FloatToHalf);
      return;
    case DType::kBfloat16:
      FillFloats(distribution, base, As<uint16_t>(out), UniformBfloat16,
                 FloatToBfloat16);
      return;
    default:
      FillDoubles(distribution, base, As<double>(out));
      return;
  }
}

void FillUniform(const Philox& base, int32_t low, int32_t high,
                 std::span<int32_t> out) {
  assert(low < high);
  const uint32_t start = static_cast<uint32_t>(low);
  const uint32_t range = static_cast<uint32_t>(high) - start;
  FillByBlocks<4>(base, out, [&](const Philox::Block& block, int32_t* group) {
    for (size_t i = 0; i < 4; ++i) {
      group[i] = static_cast<int32_t>(start + block[i] % range);
    }
  });
}

void FillUniform(const Philox& base, int64_t low, int64_t high,
                 std::span<int64_t> out) {
  assert(low < high);
  const uint64_t start = static_cast<uint64_t>(low);
  const uint64_t range = static_cast<uint64_t>(high) - start;
  FillByBlocks<2>(base, out, [&](const Philox::Block& block, int64_t* group) {
    for (size_t i = 0; i < 2; ++i) {
      const uint64_t word =
          block[2 * i] | static_cast<uint64_t>(block[2 * i + 1]) << 32;
      group[i] = static_cast<int64_t>(start + word % range);
    }
  });
}

}  // namespace tensorbundle::random
