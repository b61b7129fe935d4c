#include "engine/ops/array_cast.h"

#include <cmath>

#include "engine/util/float16.h"

namespace tensorbundle::ops {

namespace {

// An element in the wider of two forms.
struct Number {
  double real;
  uint64_t integer;  // two's complement; meaningful iff is_integer
  bool is_integer;
};

Number FromReal(double value) { return {value, 0, false}; }

template <typename T>
Number FromInteger(T value) {
  return {static_cast<double>(value),
          static_cast<uint64_t>(static_cast<int64_t>(value)), true};
}

template <typename T>
T At(const Tensor& tensor, size_t i) {
  return tensor.as<T>()[i];
}

bool Read(const Tensor& tensor, size_t i, Number* out) {
  switch (tensor.dtype()) {
    case DType::kFloat:
      *out = FromReal(At<float>(tensor, i));
      return true;
    case DType::kDouble:
      *out = FromReal(At<double>(tensor, i));
      return true;
    case DType::kHalf:
      *out = FromReal(HalfToFloat(At<uint16_t>(tensor, i)));
      return true;
    case DType::kBfloat16:
      *out = FromReal(Bfloat16ToFloat(At<uint16_t>(tensor, i)));
      return true;
    case DType::kInt8:
      *out = FromInteger(At<int8_t>(tensor, i));
      return true;
    case DType::kInt16:
      *out = FromInteger(At<int16_t>(tensor, i));
      return true;
    case DType::kInt32:
      *out = FromInteger(At<int32_t>(tensor, i));
      return true;
    case DType::kInt64:
      *out = FromInteger(At<int64_t>(tensor, i));
      return true;
    case DType::kBool:
    case DType::kUint8:
      *out = FromInteger(At<uint8_t>(tensor, i));
      return true;
    case DType::kUint16:
      *out = FromInteger(At<uint16_t>(tensor, i));
      return true;
    case DType::kUint32:
      *out = FromInteger(At<uint32_t>(tensor, i));
      return true;
    case DType::kUint64:
      *out = FromInteger(At<uint64_t>(tensor, i));
      return true;
    default:
      return false;
  }
}

// What a processor's conversion gives where C++ leaves it open.
uint64_t ToInteger(const Number& number) {
  if (number.is_integer) return number.integer;
  if (!(std::abs(number.real) < 0x1p63)) return uint64_t{1} << 63;
  return static_cast<uint64_t>(static_cast<int64_t>(number.real));
}

template <typename T>
void Put(Tensor* tensor, size_t i, T value) {
  tensor->mutable_as<T>()[i] = value;
}

bool Write(const Number& number, size_t i, Tensor* out) {
  const float narrow = static_cast<float>(number.real);
  switch (out->dtype()) {
    case DType::kFloat:
      Put(out, i, narrow);
      return true;
    case DType::kDouble:
      Put(out, i, number.real);
      return true;
    case DType::kHalf:
      Put(out, i, DoubleToHalf(number.real));
      return true;
    case DType::kBfloat16:
      Put(out, i, FloatToBfloat16(narrow));
      return true;
    case DType::kBool:
      Put(out, i, static_cast<uint8_t>(number.real != 0));
      return true;
    case DType::kInt8:
    case DType::kUint8:
      Put(out, i, static_cast<uint8_t>(ToInteger(number)));
      return true;
    case DType::kInt16:
    case DType::kUint16:
      Put(out, i, static_cast<uint16_t>(ToInteger(number)));
      return true;
    case DType::kInt32:
    case DType::kUint32:
      Put(out, i, static_cast<uint32_t>(ToInteger(number)));
      return true;
    case DType::kInt64:
    case DType::kUint64:
      Put(out, i, ToInteger(number));
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<Tensor> CastArray(const Tensor& array, DType dtype) {
  if (array.dtype() == dtype) return array;
  TB_ASSIGN_OR_RETURN(Tensor cast, Tensor::Create(dtype, array.shape()));
  for (size_t i = 0; i < static_cast<size_t>(array.num_elements()); ++i) {
    Number number;
    if (!Read(array, i, &number) || !Write(number, i, &cast)) {
      return PyTypeError("Expected " + DTypePythonName(dtype) +
                         ", got an array of dtype " +
                         DTypePythonName(array.dtype()) + " instead.");
    }
  }
  return cast;
}

}  // namespace tensorbundle::ops
