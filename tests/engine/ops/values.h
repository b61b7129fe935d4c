// Short ways to write operands.
#ifndef TB_TESTS_ENGINE_OPS_VALUES_H_
#define TB_TESTS_ENGINE_OPS_VALUES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/ops/operand.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

template <typename T>
Tensor VectorOf(DType dtype, std::vector<T> values) {
  Tensor tensor = *Tensor::Create(
      dtype, tensorbundle::Shape::Of({static_cast<int64_t>(values.size())}));
  std::copy(values.begin(), values.end(),
            tensor.template mutable_as<T>().begin());
  return tensor;
}

// A list of numbers as a program writes it.
inline Literal Numbers(std::vector<double> values,
                       DType natural = DType::kFloat) {
  return {VectorOf<double>(DType::kDouble, std::move(values)), natural};
}

// A list of dimensions.
inline Operand Dims(std::vector<double> values) {
  return Numbers(std::move(values), DType::kInt32);
}

// The value of a result that has to be there.
template <typename T>
T Must(Result<T> result) {
  EXPECT_TRUE(result.ok()) << result.status().message();
  return std::move(result).value();
}

}  // namespace tensorbundle::ops

#endif  // TB_TESTS_ENGINE_OPS_VALUES_H_
