#include "engine/ops/literal.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "engine/util/checked.h"
#include "engine/util/float16.h"

namespace tensorbundle::ops {

namespace {

// repr() of a float that a person typed: as many decimals as it has, up to 12.
std::string NumberText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  double scale = 1;
  for (int decimals = 0; decimals <= 12; ++decimals, scale *= 10) {
    const double scaled = std::round(std::abs(value) * scale);
    if (scaled >= 1e15) break;
    if (scaled / scale != std::abs(value)) continue;
    std::string digits = std::to_string(static_cast<int64_t>(scaled));
    if (decimals == 0) return (value < 0 ? "-" : "") + digits;
    const size_t width = static_cast<size_t>(decimals);
    if (digits.size() <= width)
      digits.insert(0, width + 1 - digits.size(), '0');
    digits.insert(digits.size() - width, ".");
    return (value < 0 ? "-" : "") + digits;
  }
  return std::to_string(value);
}

Status Refuse(DType dtype, const std::string& text, const char* type) {
  return PyTypeError("Expected " + DTypePythonName(dtype) + ", got " + text +
                     " of type '" + type + "' instead.");
}

Status RefuseNumber(DType dtype, double value) {
  const bool integral = value == std::floor(value) && std::isfinite(value);
  return Refuse(dtype, NumberText(value), integral ? "int" : "float");
}

template <typename T>
Status StoreInteger(double value, DType dtype, T* out) {
  // 2^digits is exact in a double; max() of the widest types is not.
  const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
  const double lowest = std::numeric_limits<T>::is_signed ? -limit : 0.0;
  if (!(value >= lowest && value < limit) || value != std::floor(value)) {
    return RefuseNumber(dtype, value);
  }
  *out = static_cast<T>(value);
  return OkStatus();
}

template <typename T>
Status StoreInteger(int64_t value, DType dtype, T* out) {
  const std::optional<T> cast = CheckedCast<T>(value);
  if (!cast) return Refuse(dtype, std::to_string(value), "int");
  *out = *cast;
  return OkStatus();
}

template <typename T, typename From>
Status StoreIntegers(std::span<const From> from, Tensor* to) {
  std::span<T> out = to->mutable_as<T>();
  for (size_t i = 0; i < from.size(); ++i) {
    TB_RETURN_IF_ERROR(StoreInteger(from[i], to->dtype(), &out[i]));
  }
  return OkStatus();
}

template <typename From>
Status Store(std::span<const From> from, Tensor* to) {
  const auto each = [&](auto* out, auto convert) {
    for (size_t i = 0; i < from.size(); ++i) {
      out[i] = convert(static_cast<double>(from[i]));
    }
    return OkStatus();
  };
  uint8_t* bytes = to->mutable_bytes().data();
  switch (to->dtype()) {
    case DType::kFloat:
      return each(reinterpret_cast<float*>(bytes),
                  [](double v) { return static_cast<float>(v); });
    case DType::kDouble:
      return each(reinterpret_cast<double*>(bytes), [](double v) { return v; });
    case DType::kHalf:
      return each(reinterpret_cast<uint16_t*>(bytes), DoubleToHalf);
    case DType::kBfloat16:
      return each(reinterpret_cast<uint16_t*>(bytes), [](double v) {
        return FloatToBfloat16(static_cast<float>(v));
      });
    case DType::kComplex64:
      for (size_t i = 0; i < from.size(); ++i) {
        reinterpret_cast<float*>(bytes)[2 * i] = static_cast<float>(from[i]);
      }
      return OkStatus();
    case DType::kComplex128:
      for (size_t i = 0; i < from.size(); ++i) {
        reinterpret_cast<double*>(bytes)[2 * i] = static_cast<double>(from[i]);
      }
      return OkStatus();
    case DType::kInt8:
      return StoreIntegers<int8_t>(from, to);
    case DType::kInt16:
      return StoreIntegers<int16_t>(from, to);
    case DType::kInt32:
      return StoreIntegers<int32_t>(from, to);
    case DType::kInt64:
      return StoreIntegers<int64_t>(from, to);
    case DType::kUint8:
      return StoreIntegers<uint8_t>(from, to);
    case DType::kUint16:
      return StoreIntegers<uint16_t>(from, to);
    case DType::kUint32:
      return StoreIntegers<uint32_t>(from, to);
    case DType::kUint64:
      return StoreIntegers<uint64_t>(from, to);
    default:
      if (from.empty()) return OkStatus();
      return RefuseNumber(to->dtype(), static_cast<double>(from[0]));
  }
}

}  // namespace

Result<Tensor> CastLiteral(const Literal& literal, DType dtype) {
  const Tensor& value = literal.value;
  if (value.dtype() == dtype) return value;
  if (value.num_elements() > 0) {
    if (value.dtype() == DType::kBool) {
      return Refuse(dtype, value.as<bool>()[0] ? "True" : "False", "bool");
    }
    if (value.dtype() == DType::kString) {
      return Refuse(dtype, "'" + value.strings()[0] + "'", "str");
    }
  }
  TB_ASSIGN_OR_RETURN(Tensor cast, Tensor::Create(dtype, value.shape()));
  if (value.num_elements() == 0) return cast;
  if (value.dtype() == DType::kInt64) {
    TB_RETURN_IF_ERROR(Store(value.as<int64_t>(), &cast));
  } else {
    assert(value.dtype() == DType::kDouble);
    TB_RETURN_IF_ERROR(Store(value.as<double>(), &cast));
  }
  return cast;
}

}  // namespace tensorbundle::ops
