// The numbers and names of types.proto (engine/docs/bundle-format.md,
// "Dtypes").
#include "engine/tensor/dtype.h"

#include <gtest/gtest.h>

namespace tensorbundle {
namespace {

TEST(DType, NamesAndSizesAreTensorFlows) {
  EXPECT_EQ(DTypeString(DType::kFloat), "float");
  EXPECT_EQ(DTypePythonName(DType::kFloat), "float32");
  EXPECT_EQ(DTypeProtoName(DType::kBfloat16), "DT_BFLOAT16");
  EXPECT_EQ(DTypeSize(DType::kComplex128), 16u);
  EXPECT_EQ(DTypeComponentSize(DType::kComplex128), 8u);
  EXPECT_EQ(DTypeSize(DType::kInt4), 1u);
  EXPECT_EQ(DTypeSize(DType::kString), 0u);
}

TEST(DType, NumbersOutsideTheListAreNamedNotRejected) {
  const DType unknown = static_cast<DType>(200);
  EXPECT_FALSE(IsKnown(unknown));
  EXPECT_EQ(DTypeString(unknown), "unknown dtype enum (200)");
  EXPECT_EQ(DTypeString(static_cast<DType>(101)), "float_ref");
  EXPECT_EQ(DTypeSize(static_cast<DType>(-1)), 0u);
}

TEST(DType, EveryNameParsesBack) {
  for (int n = 1; n < kNumDTypes; ++n) {
    const DType dtype = static_cast<DType>(n);
    EXPECT_EQ(ParseDType(DTypeString(dtype)), dtype);
    EXPECT_EQ(ParseDType(DTypePythonName(dtype)), dtype);
    EXPECT_EQ(ParseDType(DTypeProtoName(dtype)), dtype);
  }
  EXPECT_EQ(ParseDType("float24"), std::nullopt);
  EXPECT_EQ(ParseDType("INVALID"), std::nullopt);
}

}  // namespace
}  // namespace tensorbundle
