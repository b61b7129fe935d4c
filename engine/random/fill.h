// Fills buffers with TensorFlow's random numbers, bit for bit.
#ifndef TB_RANDOM_FILL_H_
#define TB_RANDOM_FILL_H_

#include <cstdint>
#include <span>

#include "engine/random/philox.h"
#include "engine/tensor/dtype.h"
#include "engine/util/bytes.h"

namespace tensorbundle::random {

enum class Distribution { kUniform, kNormal, kTruncatedNormal };

// True for the dtypes that Fill() makes: half, bfloat16, float and double.
bool IsRandomReal(DType dtype);

// Fills `out` from the outputs of `base` on. Each normal has mean 0 and
// standard deviation 1; truncated ones lie within (-2, 2).
// REQUIRES: IsRandomReal(dtype); `out` is aligned for, and a whole number of,
// elements.
void Fill(Distribution distribution, DType dtype, const Philox& base,
          MutableBytes out);

// Outputs that TensorFlow sets aside for one element of a truncated normal
// (kReservedSamplesPerOutput), in words; and, in blocks, for a group of four.
inline constexpr uint64_t kReservedWords = 256;
inline constexpr uint64_t kTruncatedGroupBlocks = kReservedWords;

// Integers in [low, high), by remainder as in TensorFlow: smaller ones are
// very slightly likelier. REQUIRES: low < high.
void FillUniform(const Philox& base, int32_t low, int32_t high,
                 std::span<int32_t> out);
void FillUniform(const Philox& base, int64_t low, int64_t high,
                 std::span<int64_t> out);

// The scalar twin of Fill(), and what Fill() is for float: the same bits.
void FillScalar(Distribution distribution, DType dtype, const Philox& base,
                MutableBytes out);
void FillFloatsSimd128(Distribution distribution, const Philox& base,
                       std::span<float> out);

}  // namespace tensorbundle::random

#endif  // TB_RANDOM_FILL_H_
