// Values written in a program take the dtype of their place, or are refused in
// Python's words.
#include "engine/ops/literal.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/engine/ops/values.h"

namespace tensorbundle::ops {
namespace {

TEST(CastLiteral, ConvertsNumbers) {
  const auto cast = [](double value, DType dtype) {
    return Must(CastLiteral(Numbers({value}), dtype));
  };
  EXPECT_EQ(cast(0.1, DType::kFloat).as<float>()[0], 0.1f);
  EXPECT_EQ(cast(0.1, DType::kDouble).as<double>()[0], 0.1);
  EXPECT_EQ(cast(0.1, DType::kHalf).as<uint16_t>()[0], 0x2e66);
  EXPECT_EQ(cast(0.1, DType::kBfloat16).as<uint16_t>()[0], 0x3dcd);
  EXPECT_EQ(cast(-128, DType::kInt8).as<int8_t>()[0], -128);
  EXPECT_EQ(cast(255, DType::kUint8).as<uint8_t>()[0], 255);
  EXPECT_EQ(cast(4294967295.0, DType::kUint32).as<uint32_t>()[0], 4294967295u);
  EXPECT_EQ(cast(-9223372036854775808.0, DType::kInt64).as<int64_t>()[0],
            std::numeric_limits<int64_t>::min());
  const Tensor complex = cast(2, DType::kComplex64);
  EXPECT_EQ(reinterpret_cast<const float*>(complex.bytes().data())[0], 2.0f);
  EXPECT_EQ(reinterpret_cast<const float*>(complex.bytes().data())[1], 0.0f);
}

TEST(CastLiteral, RoundsToHalfOnce) {
  // 1 + 2^-11 is a tie between two halves; a hair more is not, but would be a
  // tie again as a float.
  const auto half = [](double value) {
    return Must(CastLiteral(Numbers({value}), DType::kHalf)).as<uint16_t>()[0];
  };
  EXPECT_EQ(half(1 + 0x1p-11), 0x3c00);
  EXPECT_EQ(half(1 + 0x1p-11 + 0x1p-40), 0x3c01);
  EXPECT_EQ(half(1 + 3 * 0x1p-11 - 0x1p-40), 0x3c01);
  EXPECT_EQ(half(-1 - 0x1p-11 - 0x1p-40), 0xbc01);
  EXPECT_EQ(half(1e300), 0x7c00);
  EXPECT_EQ(half(0x1p-25 + 0x1p-60), 0x0001);
}

TEST(CastLiteral, RefusesWhatTheDTypeCannotHold) {
  const auto refusal = [](const Literal& literal, DType dtype) {
    const Status status = CastLiteral(literal, dtype).status();
    EXPECT_EQ(status.code(), Code::kPyTypeError);
    return status.message();
  };
  EXPECT_EQ(refusal(Numbers({1, 1.5}), DType::kInt32),
            "Expected int32, got 1.5 of type 'float' instead.");
  EXPECT_EQ(refusal(Numbers({-0.001}), DType::kInt64),
            "Expected int64, got -0.001 of type 'float' instead.");
  EXPECT_EQ(refusal(Numbers({256}), DType::kUint8),
            "Expected uint8, got 256 of type 'int' instead.");
  EXPECT_EQ(refusal(Numbers({-1}), DType::kUint64),
            "Expected uint64, got -1 of type 'int' instead.");
  EXPECT_EQ(
      refusal(Numbers({9223372036854775808.0}), DType::kInt64).substr(0, 19),
      "Expected int64, got");
  EXPECT_EQ(refusal(Numbers({1}), DType::kString),
            "Expected string, got 1 of type 'int' instead.");
  EXPECT_EQ(refusal(Numbers({std::numeric_limits<double>::quiet_NaN()}),
                    DType::kInt32),
            "Expected int32, got nan of type 'float' instead.");
  EXPECT_EQ(refusal({VectorOf<int64_t>(DType::kInt64, {int64_t{1} << 60}),
                     DType::kInt64},
                    DType::kInt32),
            "Expected int32, got 1152921504606846976 of type 'int' instead.");
  EXPECT_EQ(refusal({Tensor::FromStrings(Shape(), {"a"}), DType::kString},
                    DType::kFloat),
            "Expected float32, got 'a' of type 'str' instead.");
  EXPECT_EQ(refusal({Tensor::Scalar(DType::kBool, true), DType::kBool},
                    DType::kInt32),
            "Expected int32, got True of type 'bool' instead.");
}

TEST(CastLiteral, AnEmptyListHasEveryDType) {
  EXPECT_EQ(Must(CastLiteral(Numbers({}), DType::kString)).shape(),
            Shape::Of({0}));
  EXPECT_EQ(Must(CastLiteral(Numbers({}), DType::kBool)).dtype(), DType::kBool);
}

}  // namespace
}  // namespace tensorbundle::ops
