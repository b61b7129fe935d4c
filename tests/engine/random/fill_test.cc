// The random ops of TensorFlow 1.15 give these very bits, for every dtype, at
// every size, execution after execution (engine/docs/runtime.md, "Random
// numbers"). Values are written as bit patterns.
#include "engine/random/fill.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/random/generator.h"

namespace tensorbundle::random {
namespace {

using FillFunction = void (*)(Distribution, DType, const Philox&, MutableBytes);

// Every implementation of Fill() passes through the same body.
class FillTest : public testing::TestWithParam<FillFunction> {
 protected:
  // One execution of `count` elements, each as its bits.
  std::vector<uint64_t> Run(Distribution distribution, DType dtype,
                            const Philox& base, size_t count) {
    const size_t size = DTypeSize(dtype);
    std::vector<uint64_t> storage(count + 1);  // for alignment
    auto* bytes = reinterpret_cast<uint8_t*>(storage.data());
    GetParam()(distribution, dtype, base, MutableBytes(bytes, count * size));
    std::vector<uint64_t> bits(count);
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(&bits[i], bytes + i * size, size);
    }
    return bits;
  }
};

INSTANTIATE_TEST_SUITE_P(Scalar, FillTest, testing::Values(&FillScalar));
INSTANTIATE_TEST_SUITE_P(Simd128, FillTest, testing::Values(&Fill));

struct Fact {
  Distribution distribution;
  DType dtype;
  uint64_t seed, seed2;
  int execution;  // from 0; each is as long as the list
  std::vector<uint64_t> bits;
};

// The C library decides the last bits of double logarithms, sines and cosines.
constexpr uint64_t kDoubleNormalUlps = 4;

void ExpectBits(const Fact& fact, const std::vector<uint64_t>& actual) {
  ASSERT_EQ(actual.size(), fact.bits.size());
  const bool exact = fact.dtype != DType::kDouble ||
                     fact.distribution == Distribution::kUniform;
  for (size_t i = 0; i < actual.size(); ++i) {
    if (exact) {
      EXPECT_EQ(actual[i], fact.bits[i]) << i;
    } else {
      const int64_t difference = static_cast<int64_t>(actual[i] - fact.bits[i]);
      EXPECT_LE(static_cast<uint64_t>(std::llabs(difference)),
                kDoubleNormalUlps)
          << i;
    }
  }
}

TEST_P(FillTest, GivesTensorFlowsNumbers) {
  constexpr Distribution kUniform = Distribution::kUniform;
  constexpr Distribution kNormal = Distribution::kNormal;
  constexpr Distribution kTruncated = Distribution::kTruncatedNormal;
  const Fact facts[] = {
      {kUniform,
       DType::kFloat,
       87654321,
       1,
       0,
       {0x3e74c638, 0x3f6b9f4e, 0x3d4ee620, 0x3efdd238, 0x3f55e4ca,
        0x3cd8d880}},
      {kNormal,
       DType::kFloat,
       87654321,
       1,
       0,
       {0xbf4fb28d, 0x3fbe0755, 0x3d85cb68, 0xc01c5544, 0x3dcb42bf,
        0x3f175a7a}},
      {kTruncated,
       DType::kFloat,
       87654321,
       1,
       0,
       {0xbf4fb28d, 0x3fbe0755, 0x3d85cb68, 0x3dcb42bf, 0x3f23c330,
        0x3fce3107}},
      // The two variables of the lesson with the graph's seed 1, and again.
      {kTruncated,
       DType::kFloat,
       1,
       3,
       0,
       {0xbf2bbd90, 0x3e64efea, 0x3f4c1a16, 0x3dc4f516, 0x3f6d0897,
        0x3ff93551}},
      {kTruncated,
       DType::kFloat,
       1,
       12,
       0,
       {0xbef4b6c5, 0x3f626972, 0xbf1fafa6}},
      {kTruncated,
       DType::kFloat,
       1,
       3,
       1,
       {0x3fa27068, 0x3fdc0389, 0xbe7756fa, 0x3ef14239, 0x3eba4e2a,
        0xbeb40173}},
      {kTruncated,
       DType::kFloat,
       1,
       12,
       1,
       {0xbd7f254c, 0xbfb6397b, 0x3ece74cc}},
      {kTruncated,
       DType::kFloat,
       42,
       3,
       0,
       {0x3f4d5968, 0x3f01742e, 0x3fe7f008, 0xbd02a061, 0x3eba2cf9,
        0xbeb8261a}},
      {kTruncated,
       DType::kFloat,
       42,
       12,
       0,
       {0x3e799519, 0xbeae4f56, 0xbf4359fe}},
      {kNormal,
       DType::kFloat,
       1,
       5,
       0,
       {0x3eac8427, 0x3fe32b56, 0x3fb59c4f, 0xbd60add8}},
      {kNormal, DType::kFloat, 1, 14, 0, {0x3e389c36, 0xbf04b69b, 0x3f37bc81}},
      {kNormal,
       DType::kFloat,
       87654321,
       42,
       0,
       {0xbe8fc1c0, 0xbe0d0ee3, 0xbf2d23f0, 0x3cc95cdd, 0xbf64c1f5, 0xbf5416d3,
        0x3f9a7b84, 0x3fb0c51f}},
      // Third execution of every distribution and dtype.
      {kNormal,
       DType::kFloat,
       ~0ull,
       ~1ull,
       2,
       {0x3f829b9c, 0x3be2ac28, 0x3daa1d67, 0x3f2a8b1c, 0x3e01ef91, 0x3ee53ca7,
        0x3fd274e0}},
      {kNormal,
       DType::kDouble,
       ~0ull,
       ~1ull,
       2,
       {0x3fdfa8272c755c81, 0xbfe2283242796449, 0x3fcf8d2cb02ada0e,
        0x3ffd6a54a2667673, 0xbfa138b696d16ee2, 0xbfeedf74c8831a94,
        0xbfddb84177525f90}},
      {kNormal,
       DType::kHalf,
       ~0ull,
       ~1ull,
       2,
       {0x3c15, 0x1f15, 0x2d51, 0x3954, 0x300f, 0x372a, 0x3e94}},
      {kNormal,
       DType::kBfloat16,
       ~0ull,
       ~1ull,
       2,
       {0x3f83, 0x3be3, 0x3daa, 0x3f2b, 0x3e02, 0x3ee5, 0x3fd2}},
      {kTruncated,
       DType::kFloat,
       ~0ull,
       ~1ull,
       2,
       {0x3f829b9c, 0x3be2ac28, 0x3daa1d67, 0x3f2a8b1c, 0xbe2bf151, 0xbf08ae7f,
        0x3ecc0ef8}},
      {kTruncated,
       DType::kDouble,
       ~0ull,
       ~1ull,
       2,
       {0x3fdfa8272c755c81, 0xbfe2283242796449, 0x3ff043bc07df138a,
        0xbfc9fc1c90d8d750, 0xbfc3bc8650221848, 0x3fe23abab20a540d,
        0x3fec91f3f1deca53}},
      {kTruncated,
       DType::kHalf,
       ~0ull,
       ~1ull,
       2,
       {0x3c15, 0x1f15, 0x2d51, 0x3954, 0xb160, 0xb845, 0x3660}},
      {kTruncated,
       DType::kBfloat16,
       ~0ull,
       ~1ull,
       2,
       {0x3f83, 0x3be3, 0x3daa, 0x3f2b, 0xbe2c, 0xbf09, 0x3ecc}},
      {kUniform,
       DType::kFloat,
       ~0ull,
       ~1ull,
       2,
       {0x3f181aec, 0x3e7ee528, 0x3f4c5930, 0x3ca1bb00, 0x3f65ba66, 0x3d340880,
        0x3b2dc400}},
      {kUniform,
       DType::kDouble,
       ~0ull,
       ~1ull,
       2,
       {0x3fe81aedbf3fb94a, 0x3fd8b263000a1bb0, 0x3fc6e99a9c2d0220,
        0x3f95b8bf4288c740, 0x3fe414ba5d5756aa, 0x3fe02d6fdaf7a74c,
        0x3feb414668966072}},
      {kUniform,
       DType::kHalf,
       ~0ull,
       ~1ull,
       2,
       {0x35d8, 0x3128, 0x30c0, 0x39d8, 0x34cc, 0x2c40, 0x39c4}},
      {kUniform,
       DType::kBfloat16,
       ~0ull,
       ~1ull,
       2,
       {0x3f6c, 0x3e94, 0x3e40, 0x3f58, 0x3ecc, 0x3f08, 0x3f44}},
  };
  for (const Fact& fact : facts) {
    SCOPED_TRACE(testing::Message()
                 << DTypeString(fact.dtype) << ' '
                 << static_cast<int>(fact.distribution) << " seeds "
                 << fact.seed << ' ' << fact.seed2);
    // The facts of the third executions are of executions of 64 elements.
    const size_t count = fact.execution == 2 ? 64 : fact.bits.size();
    Generator generator(fact.seed, fact.seed2);
    for (int i = 0; i < fact.execution; ++i) generator.Reserve(count);
    std::vector<uint64_t> actual =
        Run(fact.distribution, fact.dtype, generator.Reserve(count), count);
    actual.resize(fact.bits.size());
    ExpectBits(fact, actual);
  }
}

TEST_P(FillTest, GivesNumbersThatWerePublished) {
  struct {
    Distribution distribution;
    uint64_t seed, seed2;
    std::vector<float> values;
  } const facts[] = {
      // TensorFlow 2 after tf.random.set_seed(42), and after set_seed(1234).
      {Distribution::kNormal,
       42,
       478163327,
       {0.3274685f, -0.8426258f, 0.3194337f, -1.4075519f, -2.3880599f,
        -1.0392479f}},
      {Distribution::kUniform, 1234, 1892932127, {0.5380393f, 0.3646187f}},
  };
  for (const auto& fact : facts) {
    const std::vector<uint64_t> bits =
        Run(fact.distribution, DType::kFloat, Philox(fact.seed, fact.seed2),
            fact.values.size());
    for (size_t i = 0; i < bits.size(); ++i) {
      EXPECT_NEAR(BitCast<float>(static_cast<uint32_t>(bits[i])),
                  fact.values[i], 1.2e-7f)
          << i;
    }
  }
}

// FNV-1a with an element's bits in place of a byte.
uint64_t HashInto(uint64_t hash, const std::vector<uint64_t>& elements) {
  for (uint64_t element : elements) hash = (hash ^ element) * 1099511628211u;
  return hash;
}
constexpr uint64_t kHashBasis = 0xcbf29ce484222325;

TEST_P(FillTest, GivesTensorFlowsNumbersFarOut) {
  struct {
    Distribution distribution;
    DType dtype;
    uint64_t hash;
  } const facts[] = {
      {Distribution::kUniform, DType::kFloat, 0x6d7e22aa863d3de9},
      {Distribution::kUniform, DType::kHalf, 0x518dc843c6915241},
      {Distribution::kUniform, DType::kBfloat16, 0x710db48c863b5981},
      {Distribution::kUniform, DType::kDouble, 0x3b8f3329d6bb255},
      {Distribution::kNormal, DType::kFloat, 0x7fc79314048ce1b7},
      {Distribution::kNormal, DType::kHalf, 0x4fae19b756bb8e6f},
      {Distribution::kNormal, DType::kBfloat16, 0xb1946f12ecf57bc7},
      {Distribution::kTruncatedNormal, DType::kFloat, 0x426e7993d569ff0c},
      {Distribution::kTruncatedNormal, DType::kHalf, 0xb7b08b9e5880688b},
      {Distribution::kTruncatedNormal, DType::kBfloat16, 0x2f879353bc70732f},
  };
  for (const auto& fact : facts) {
    const std::vector<uint64_t> elements =
        Run(fact.distribution, fact.dtype, Philox(87654321, 0), 100000);
    EXPECT_EQ(HashInto(kHashBasis, elements), fact.hash)
        << DTypeString(fact.dtype) << static_cast<int>(fact.distribution);
  }
}

TEST_P(FillTest, SizesInTurnOnOneGenerator) {
  struct {
    Distribution distribution;
    uint64_t hash;
  } const facts[] = {
      {Distribution::kUniform, 0x2bef8b82defa95b7},
      {Distribution::kNormal, 0xbe1c8256dc0e00a7},
      {Distribution::kTruncatedNormal, 0xb60c473e5074ec49},
  };
  for (const auto& fact : facts) {
    Generator generator(1, 2);
    uint64_t hash = kHashBasis;
    for (int round = 0; round < 2; ++round) {
      for (size_t size : {1, 3, 6, 7, 64, 1000}) {
        hash = HashInto(hash, Run(fact.distribution, DType::kFloat,
                                  generator.Reserve(size), size));
      }
    }
    EXPECT_EQ(hash, fact.hash) << static_cast<int>(fact.distribution);
  }
}

TEST_P(FillTest, AShortBufferIsTheBeginningOfALongOne) {
  for (DType dtype :
       {DType::kFloat, DType::kDouble, DType::kHalf, DType::kBfloat16}) {
    for (auto distribution : {Distribution::kUniform, Distribution::kNormal,
                              Distribution::kTruncatedNormal}) {
      const Philox base(3, 4);
      const std::vector<uint64_t> all = Run(distribution, dtype, base, 17);
      for (size_t count = 0; count < 17; ++count) {
        const std::vector<uint64_t> some =
            Run(distribution, dtype, base, count);
        EXPECT_EQ(some, std::vector<uint64_t>(
                            all.begin(),
                            all.begin() + static_cast<ptrdiff_t>(count)));
      }
    }
  }
}

// The counter has 128 bits, and a sum may carry out of any of its words.
TEST(Fill, CarriesAsTheScalarFormDoes) {
  constexpr uint32_t kFull = 0xFFFFFFFF;
  const Philox bases[] = {{{kFull - 5, 7, 8, 9}, 1, 2},
                          {{kFull - 700, kFull, 8, 9}, 1, 2},
                          {{kFull - 5, kFull, kFull, 9}, 1, 2},
                          {{kFull - 700, kFull, kFull, kFull}, 1, 2}};
  for (const Philox& base : bases) {
    for (auto distribution : {Distribution::kUniform, Distribution::kNormal,
                              Distribution::kTruncatedNormal}) {
      std::vector<float> vector(2000), scalar(2000);
      const auto bytes = [](std::vector<float>& values) {
        return MutableBytes(reinterpret_cast<uint8_t*>(values.data()),
                            values.size() * sizeof(float));
      };
      Fill(distribution, DType::kFloat, base, bytes(vector));
      FillScalar(distribution, DType::kFloat, base, bytes(scalar));
      EXPECT_EQ(vector, scalar);
    }
  }
}

template <typename T>
std::vector<T> Integers(uint64_t seed, uint64_t seed2, int execution, T low,
                        T high, size_t count) {
  Generator generator(seed, seed2);
  for (int i = 0; i < execution; ++i) generator.Reserve(64);
  std::vector<T> out(count);
  FillUniform(generator.Reserve(64), low, high, std::span<T>(out));
  return out;
}

TEST(FillUniform, GivesTensorFlowsIntegers) {
  using Int = std::vector<int32_t>;
  using Long = std::vector<int64_t>;
  EXPECT_EQ(Integers<int32_t>(87654321, 1, 0, 0, 100, 6),
            (Int{27, 59, 93, 22, 77, 94}));
  EXPECT_EQ(Integers<int64_t>(87654321, 1, 0, -5, 1000000, 4),
            (Long{427311, 810665, 688921, 632649}));
  EXPECT_EQ(Integers<int32_t>(~0ull, ~1ull, 2, -5, 7, 7),
            (Int{5, 0, -5, -5, 2, -5, 5}));
  EXPECT_EQ(Integers<int64_t>(~0ull, ~1ull, 2, 0, 100, 3), (Long{66, 48, 95}));
}

TEST(FillUniform, TheWidestRangesDoNotOverflow) {
  EXPECT_EQ(
      Integers<int32_t>(~0ull, ~1ull, 2, std::numeric_limits<int32_t>::min(),
                        std::numeric_limits<int32_t>::max(), 1)[0],
      static_cast<int32_t>(0xa54c0d76));
  EXPECT_EQ(
      Integers<int64_t>(~0ull, ~1ull, 2, std::numeric_limits<int64_t>::min(),
                        std::numeric_limits<int64_t>::max(), 1)[0],
      0x5f9fdca5254c0d76);
}

}  // namespace
}  // namespace tensorbundle::random
