// Arrays become constants of another dtype as numpy's astype makes them.
#include "engine/ops/array_cast.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

TEST(CastArray, CutsOffAndWrapsAround) {
  const Tensor reals = VectorOf<double>(DType::kDouble, {1.9, -1.9, 300.5});
  const Tensor ints = Must(CastArray(reals, DType::kInt32));
  EXPECT_EQ(ints.as<int32_t>()[0], 1);
  EXPECT_EQ(ints.as<int32_t>()[1], -1);
  EXPECT_EQ(ints.as<int32_t>()[2], 300);
  EXPECT_EQ(Must(CastArray(ints, DType::kUint8)).as<uint8_t>()[2], 44);
  EXPECT_EQ(Must(CastArray(ints, DType::kInt64)).as<int64_t>()[1], -1);
  const Tensor nan = VectorOf<float>(
      DType::kFloat, {std::numeric_limits<float>::quiet_NaN(), 1e30f});
  EXPECT_EQ(Must(CastArray(nan, DType::kInt64)).as<int64_t>()[0],
            std::numeric_limits<int64_t>::min());
}

TEST(CastArray, RoundsToFloatingTypes) {
  const Tensor ints = VectorOf<int64_t>(DType::kInt64, {(1 << 24) + 1, 0});
  EXPECT_EQ(Must(CastArray(ints, DType::kFloat)).as<float>()[0], 0x1p24f);
  EXPECT_EQ(Must(CastArray(ints, DType::kHalf)).as<uint16_t>()[0], 0x7c00);
  EXPECT_EQ(Must(CastArray(ints, DType::kBool)).as<bool>()[0], true);
  EXPECT_EQ(Must(CastArray(ints, DType::kBool)).as<bool>()[1], false);
  const Tensor half = VectorOf<uint16_t>(DType::kHalf, {0x3555});
  EXPECT_EQ(Must(CastArray(half, DType::kDouble)).as<double>()[0],
            0.333251953125);
}

TEST(CastArray, LeavesTextAlone) {
  const Tensor text = Tensor::FromStrings(Shape(), {"a"});
  EXPECT_EQ(Must(CastArray(text, DType::kString)).strings()[0], "a");
  const Status status = CastArray(text, DType::kFloat).status();
  EXPECT_EQ(status.code(), Code::kPyTypeError);
  EXPECT_EQ(status.message(),
            "Expected float32, got an array of dtype string instead.");
}

}  // namespace
}  // namespace tensorbundle::ops
