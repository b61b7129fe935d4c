// x -> chunk of int64_t, uint64_t or double -> y. Each of the three holds
// every value of the dtypes that go through it, so that the second step is the
// only one that rounds or truncates, and 26 loops do for 225 pairs.
#include "engine/kernels/cast.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "engine/util/float16.h"

namespace tensorbundle::kernels {
namespace {

constexpr size_t kChunk = 128;

enum class Carrier { kInt64, kUint64, kDouble };

Carrier CarrierOf(DType from) {
  if (from == DType::kUint64) return Carrier::kUint64;
  return from == DType::kBool || IsInteger(from) ? Carrier::kInt64
                                                 : Carrier::kDouble;
}

bool IsComplex(DType dtype) {
  return dtype == DType::kComplex64 || dtype == DType::kComplex128;
}

// `step` elements of T from one to the next: 2 skips imaginary parts.
template <typename T, typename Wide>
void Load(size_t count, const void* x, size_t step, Wide* wide) {
  const T* from = static_cast<const T*>(x);
  for (size_t i = 0; i < count; ++i) {
    wide[i] = static_cast<Wide>(from[i * step]);
  }
}

void LoadInt(DType from, size_t count, const void* x, int64_t* wide) {
  switch (from) {
    case DType::kInt8:
      return Load<int8_t>(count, x, 1, wide);
    case DType::kUint16:
      return Load<uint16_t>(count, x, 1, wide);
    case DType::kInt16:
      return Load<int16_t>(count, x, 1, wide);
    case DType::kUint32:
      return Load<uint32_t>(count, x, 1, wide);
    case DType::kInt32:
      return Load<int32_t>(count, x, 1, wide);
    case DType::kInt64:
      return Load<int64_t>(count, x, 1, wide);
    default:
      assert(from == DType::kBool || from == DType::kUint8);
      return Load<uint8_t>(count, x, 1, wide);
  }
}

void LoadReal(DType from, size_t count, const void* x, double* wide) {
  const uint16_t* bits = static_cast<const uint16_t*>(x);
  switch (from) {
    case DType::kHalf:
      for (size_t i = 0; i < count; ++i) wide[i] = HalfToFloat(bits[i]);
      return;
    case DType::kBfloat16:
      for (size_t i = 0; i < count; ++i) wide[i] = Bfloat16ToFloat(bits[i]);
      return;
    case DType::kFloat:
      return Load<float>(count, x, 1, wide);
    case DType::kComplex64:
      return Load<float>(count, x, 2, wide);
    case DType::kComplex128:
      return Load<double>(count, x, 2, wide);
    default:
      assert(from == DType::kDouble);
      return Load<double>(count, x, 1, wide);
  }
}

// cvttsd2si: what does not fit becomes the smallest integer.
int64_t ToInt64(double x) {
  return x >= -0x1p63 && x < 0x1p63 ? static_cast<int64_t>(x) : INT64_MIN;
}
int32_t ToInt32(double x) {
  return x > -0x1p31 - 1 && x < 0x1p31 ? static_cast<int32_t>(x) : INT32_MIN;
}

template <typename T>
T Convert(int64_t x) {
  return static_cast<T>(x);
}
template <typename T>
T Convert(uint64_t x) {
  return static_cast<T>(x);
}
template <typename T>
T Convert(double x) {
  return static_cast<T>(ToInt32(x));
}
template <>
float Convert(double x) {
  return static_cast<float>(x);
}
template <>
double Convert(double x) {
  return x;
}
template <>
uint32_t Convert(double x) {
  return static_cast<uint32_t>(ToInt64(x));
}
template <>
int64_t Convert(double x) {
  return ToInt64(x);
}
template <>
uint64_t Convert(double x) {
  return x >= 0x1p63 && x < 0x1p64 ? static_cast<uint64_t>(x)
                                   : static_cast<uint64_t>(ToInt64(x));
}

template <typename T, typename Wide>
void Store(size_t count, const Wide* wide, void* y) {
  T* to = static_cast<T*>(y);
  for (size_t i = 0; i < count; ++i) to[i] = Convert<T>(wide[i]);
}

template <typename T, typename Wide>
void StoreComplex(size_t count, const Wide* wide, void* y) {
  T* to = static_cast<T*>(y);
  for (size_t i = 0; i < count; ++i) {
    to[2 * i] = Convert<T>(wide[i]);
    to[2 * i + 1] = T(0);
  }
}

template <typename Wide>
void StoreAs(DType to, size_t count, const Wide* wide, void* y) {
  uint16_t* bits = static_cast<uint16_t*>(y);
  switch (to) {
    case DType::kBool:
      for (size_t i = 0; i < count; ++i) {
        static_cast<uint8_t*>(y)[i] = wide[i] != Wide(0) ? 1 : 0;
      }
      return;
    case DType::kInt8:
      return Store<int8_t>(count, wide, y);
    case DType::kUint8:
      return Store<uint8_t>(count, wide, y);
    case DType::kInt16:
      return Store<int16_t>(count, wide, y);
    case DType::kUint16:
      return Store<uint16_t>(count, wide, y);
    case DType::kInt32:
      return Store<int32_t>(count, wide, y);
    case DType::kUint32:
      return Store<uint32_t>(count, wide, y);
    case DType::kInt64:
      return Store<int64_t>(count, wide, y);
    case DType::kUint64:
      return Store<uint64_t>(count, wide, y);
    case DType::kHalf:
      // Through float, as TensorFlow's half and bfloat16 do.
      for (size_t i = 0; i < count; ++i) {
        bits[i] = FloatToHalf(Convert<float>(wide[i]));
      }
      return;
    case DType::kBfloat16:
      for (size_t i = 0; i < count; ++i) {
        bits[i] = FloatToBfloat16(Convert<float>(wide[i]));
      }
      return;
    case DType::kFloat:
      return Store<float>(count, wide, y);
    case DType::kDouble:
      return Store<double>(count, wide, y);
    case DType::kComplex64:
      return StoreComplex<float>(count, wide, y);
    default:
      assert(to == DType::kComplex128);
      return StoreComplex<double>(count, wide, y);
  }
}

void CastChunk(size_t count, DType from, const void* x, DType to, void* y) {
  switch (CarrierOf(from)) {
    case Carrier::kInt64: {
      int64_t wide[kChunk];
      LoadInt(from, count, x, wide);
      return StoreAs(to, count, wide, y);
    }
    case Carrier::kUint64: {
      uint64_t wide[kChunk];
      Load<uint64_t>(count, x, 1, wide);
      return StoreAs(to, count, wide, y);
    }
    case Carrier::kDouble: {
      double wide[kChunk];
      LoadReal(from, count, x, wide);
      return StoreAs(to, count, wide, y);
    }
  }
}

}  // namespace

bool CanCast(DType dtype) {
  return dtype == DType::kBool || IsInteger(dtype) || IsFloating(dtype) ||
         IsComplex(dtype);
}

void Cast(size_t count, DType from, const void* x, DType to, void* y) {
  assert(CanCast(from) && CanCast(to));
  if (from == to) {
    if (count > 0) std::memmove(y, x, count * DTypeSize(from));
    return;
  }
  if (IsComplex(from) && IsComplex(to)) {
    const bool narrow = from == DType::kComplex64;
    return Cast(2 * count, narrow ? DType::kFloat : DType::kDouble, x,
                narrow ? DType::kDouble : DType::kFloat, y);
  }
  const size_t from_size = DTypeSize(from), to_size = DTypeSize(to);
  for (size_t done = 0; done < count; done += kChunk) {
    CastChunk(std::min(kChunk, count - done), from,
              static_cast<const uint8_t*>(x) + done * from_size, to,
              static_cast<uint8_t*>(y) + done * to_size);
  }
}

}  // namespace tensorbundle::kernels
