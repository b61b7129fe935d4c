// Element-wise arithmetic broadcasts as numpy does and computes every dtype.
#include "engine/kernels/elementwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tensorbundle::kernels {
namespace {

template <typename T>
Tensor Make(DType dtype, std::initializer_list<int64_t> dims,
            std::vector<T> values) {
  Tensor tensor = *Tensor::Create(dtype, Shape::Of(dims));
  std::copy(values.begin(), values.end(),
            tensor.template mutable_as<T>().begin());
  return tensor;
}

Tensor Compute(BinaryOp op, const Tensor& a, const Tensor& b) {
  Tensor out =
      *Tensor::Create(a.dtype(), *BroadcastShapes(a.shape(), b.shape()));
  Binary(op, a, b, &out);
  return out;
}

template <typename T>
std::vector<T> Elements(const Tensor& tensor) {
  const std::span<const T> elements = tensor.as<T>();
  return {elements.begin(), elements.end()};
}

// 1, 2, 3, ...
Tensor Iota(std::initializer_list<int64_t> dims, float start = 1) {
  Tensor tensor = *Tensor::Create(DType::kFloat, Shape::Of(dims));
  for (float& value : tensor.mutable_as<float>()) value = start++;
  return tensor;
}

// a - b by index arithmetic alone, element after element.
std::vector<float> Reference(const Tensor& a, const Tensor& b,
                             const Shape& out) {
  std::vector<float> result;
  for (int64_t flat = 0; flat < out.num_elements(); ++flat) {
    int64_t rest = flat;
    int64_t offset[2] = {0, 0};
    int64_t stride[2] = {1, 1};
    for (int back = 1; back <= out.rank(); ++back) {
      const int64_t index = rest % out.dim(out.rank() - back);
      rest /= out.dim(out.rank() - back);
      const Tensor* operands[2] = {&a, &b};
      for (int k = 0; k < 2; ++k) {
        const Shape& shape = operands[k]->shape();
        if (back > shape.rank()) continue;
        const int64_t dim = shape.dim(shape.rank() - back);
        if (dim != 1) offset[k] += index * stride[k];
        stride[k] *= dim;
      }
    }
    result.push_back(a.as<float>()[static_cast<size_t>(offset[0])] -
                     b.as<float>()[static_cast<size_t>(offset[1])]);
  }
  return result;
}

TEST(Binary, BroadcastsEveryPairOfShapes) {
  // All shapes up to rank 3 with dimensions 1, 2 and 3.
  std::vector<std::vector<int64_t>> shapes = {{}};
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (shapes[i].size() == 3) continue;
    for (int64_t dim : {1, 2, 3}) {
      shapes.push_back(shapes[i]);
      shapes.back().push_back(dim);
    }
  }
  const auto iota = [](const std::vector<int64_t>& dims, float start) {
    Tensor tensor = *Tensor::Create(DType::kFloat, *Shape::Create(dims));
    for (float& value : tensor.mutable_as<float>()) value = start++;
    return tensor;
  };
  int computed = 0;
  for (const std::vector<int64_t>& left : shapes) {
    for (const std::vector<int64_t>& right : shapes) {
      const Tensor a = iota(left, 1);
      const Tensor b = iota(right, 100);
      const Result<Shape> shape = BroadcastShapes(a.shape(), b.shape());
      if (!shape.ok()) continue;
      EXPECT_EQ(Elements<float>(Compute(BinaryOp::kSub, a, b)),
                Reference(a, b, *shape))
          << a.shape().ToString() << b.shape().ToString();
      ++computed;
    }
  }
  EXPECT_GT(computed, 500);
}

TEST(Binary, RefusesShapesThatDoNotBroadcast) {
  const Status status =
      BroadcastShapes(Shape::Of({2, 3}), Shape::Of({2, 4})).status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(), "Incompatible shapes: [2,3] vs. [2,4]");
  EXPECT_FALSE(BroadcastShapes(Shape::Of({0}), Shape::Of({2})).ok());
}

TEST(Binary, EmptyTensorsStayEmpty) {
  const Tensor empty = Iota({0, 3});
  EXPECT_EQ(Compute(BinaryOp::kAdd, empty, Iota({1, 3})).shape(),
            Shape::Of({0, 3}));
  EXPECT_EQ(Compute(BinaryOp::kAdd, Iota({}), Iota({0})).num_elements(), 0);
}

TEST(Binary, MayWriteIntoAnOperand) {
  Tensor a = Iota({2, 3});
  Binary(BinaryOp::kAdd, a, Iota({3}), &a);
  EXPECT_EQ(Elements<float>(a), (std::vector<float>{2, 4, 6, 5, 7, 9}));
}

TEST(Binary, IntegersWrapAround) {
  const auto u8 = [](std::vector<uint8_t> v) {
    return Make(DType::kUint8, {2}, std::move(v));
  };
  EXPECT_EQ(
      Elements<uint8_t>(Compute(BinaryOp::kAdd, u8({255, 1}), u8({1, 2}))),
      (std::vector<uint8_t>{0, 3}));
  const Tensor max16 = Make<uint16_t>(DType::kUint16, {1}, {65535});
  EXPECT_EQ(Elements<uint16_t>(Compute(BinaryOp::kMul, max16, max16))[0], 1);
  const Tensor min32 = Make<int32_t>(DType::kInt32, {1}, {-2147483647 - 1});
  const Tensor one32 = Make<int32_t>(DType::kInt32, {1}, {1});
  EXPECT_EQ(Elements<int32_t>(Compute(BinaryOp::kSub, min32, one32))[0],
            2147483647);
  const Tensor big64 = Make<int64_t>(DType::kInt64, {1}, {int64_t{1} << 62});
  EXPECT_EQ(Elements<int64_t>(Compute(BinaryOp::kMul, big64, big64))[0], 0);
  const Tensor minus8 = Make<int8_t>(DType::kInt8, {1}, {-3});
  EXPECT_EQ(Elements<int8_t>(Compute(BinaryOp::kMul, minus8, minus8))[0], 9);
}

TEST(Binary, SmallFloatsAreRoundedOnce) {
  // 1 + 2^-11 in half: a tie, to even. 3 * 0.1 in bfloat16.
  const Tensor one = Make<uint16_t>(DType::kHalf, {1}, {0x3c00});
  const Tensor tiny = Make<uint16_t>(DType::kHalf, {1}, {0x1000});
  EXPECT_EQ(Elements<uint16_t>(Compute(BinaryOp::kAdd, one, tiny))[0], 0x3c00);
  EXPECT_EQ(Elements<uint16_t>(Compute(BinaryOp::kSub, one, tiny))[0], 0x3bff);
  const Tensor three = Make<uint16_t>(DType::kBfloat16, {1}, {0x4040});
  const Tensor tenth = Make<uint16_t>(DType::kBfloat16, {1}, {0x3dcd});
  EXPECT_EQ(Elements<uint16_t>(Compute(BinaryOp::kMul, three, tenth))[0],
            0x3e9a);
}

TEST(Binary, ComplexNumbersMultiply) {
  struct C {
    float re, im;
  };
  Tensor a = *Tensor::Create(DType::kComplex64, Shape::Of({1}));
  a.mutable_as<C>()[0] = {1, 2};
  Tensor b = *Tensor::Create(DType::kComplex64, Shape::Of({1}));
  b.mutable_as<C>()[0] = {3, -4};
  const C product = Compute(BinaryOp::kMul, a, b).as<C>()[0];
  EXPECT_EQ(product.re, 11);
  EXPECT_EQ(product.im, 2);
  const C difference = Compute(BinaryOp::kSub, a, b).as<C>()[0];
  EXPECT_EQ(difference.re, -2);
  EXPECT_EQ(difference.im, 6);
}

TEST(Binary, StringsAreConcatenated) {
  const Tensor a = Tensor::FromStrings(Shape::Of({2}), {"a", "b"});
  const Tensor b = Tensor::FromStrings(Shape(), {"-"});
  const Tensor sum = Compute(BinaryOp::kAdd, a, b);
  EXPECT_EQ(sum.strings()[0], "a-");
  EXPECT_EQ(sum.strings()[1], "b-");
  EXPECT_FALSE(SupportsBinary(BinaryOp::kSub, DType::kString));
}

TEST(Binary, SupportsNumbersAlone) {
  for (DType dtype : {DType::kBool, DType::kQint8, DType::kResource}) {
    EXPECT_FALSE(SupportsBinary(BinaryOp::kAdd, dtype));
  }
  for (DType dtype : {DType::kUint64, DType::kComplex128, DType::kDouble}) {
    EXPECT_TRUE(SupportsBinary(BinaryOp::kMul, dtype));
  }
}

}  // namespace
}  // namespace tensorbundle::kernels
