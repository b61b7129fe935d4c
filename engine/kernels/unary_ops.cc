#include "engine/kernels/unary_ops.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "engine/kernels/unary.h"

namespace tensorbundle::kernels {
namespace {

// Integers wrap around, which only unsigned ones may.
template <typename T>
T Negated(T x) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(std::make_unsigned_t<T>{0} -
                          static_cast<std::make_unsigned_t<T>>(x));
  } else {
    return -x;
  }
}

template <typename T>
T Squared(T x) {
  if constexpr (std::is_integral_v<T>) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(x);
    return static_cast<T>(bits * bits);
  } else {
    return x * x;
  }
}

template <typename T>
T Softplus(T x) {
  // Beyond it 1 + e^x is e^x, or e^x itself, to the last bit.
  const T limit = -std::log(std::numeric_limits<T>::epsilon()) - T(2);
  if (x > limit) return x;
  if (x < -limit) return std::exp(x);
  return std::log1p(std::exp(x));
}

struct Abs {
  template <typename T>
  static T Of(T x) {
    return x < T(0) ? Negated(x) : x == T(0) ? T(0) : x;
  }
};
struct Neg {
  template <typename T>
  static T Of(T x) {
    return Negated(x);
  }
};
struct Reciprocal {
  template <typename T>
  static T Of(T x) {
    if constexpr (std::is_integral_v<T>) {
      return x == 1 || x == -1 ? x : T(0);
    } else {
      return T(1) / x;
    }
  }
};
struct Relu {
  template <typename T>
  static T Of(T x) {
    return x < T(0) ? T(0) : x;  // lets NaN through
  }
};
struct Relu6 {
  template <typename T>
  static T Of(T x) {
    return x < T(0) ? T(0) : x > T(6) ? T(6) : x;
  }
};
struct Sign {
  template <typename T>
  static T Of(T x) {
    return x > T(0) ? T(1) : x < T(0) ? T(-1) : x;
  }
};
struct Square {
  template <typename T>
  static T Of(T x) {
    return Squared(x);
  }
};

template <typename Function, typename T>
void Run(size_t count, const void* x, void* y) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(y);
  for (size_t i = 0; i < count; ++i) to[i] = Function::Of(from[i]);
}

// The C library's functions, one element after the other.
template <typename T, T (*kFunction)(T)>
void Each(size_t count, const void* x, void* y) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(y);
  for (size_t i = 0; i < count; ++i) to[i] = kFunction(from[i]);
}

template <typename T>
T Ceil(T x) {
  return std::ceil(x);
}
template <typename T>
T Floor(T x) {
  return std::floor(x);
}
template <typename T>
T Round(T x) {
  return std::nearbyint(x);
}
template <typename T>
T Cos(T x) {
  return static_cast<T>(std::cos(static_cast<double>(x)));
}
template <typename T>
T Sin(T x) {
  return static_cast<T>(std::sin(static_cast<double>(x)));
}
template <typename T>
T Expm1(T x) {
  return static_cast<T>(std::expm1(static_cast<double>(x)));
}
template <typename T>
T Log1p(T x) {
  return static_cast<T>(std::log1p(static_cast<double>(x)));
}
template <typename T>
T Elu(T x) {
  return x < T(0) ? Expm1(x) : x;
}

// The vectorised ones of unary.h.
template <typename T, void (*kFunction)(size_t, const T*, T*)>
void Vector(size_t count, const void* x, void* y) {
  kFunction(count, static_cast<const T*>(x), static_cast<T*>(y));
}

template <typename T, bool kFinite>
void Classify(size_t count, const void* x, void* y) {
  const T* from = static_cast<const T*>(x);
  uint8_t* to = static_cast<uint8_t*>(y);
  for (size_t i = 0; i < count; ++i) {
    to[i] = kFinite ? std::isfinite(from[i]) : std::isnan(from[i]);
  }
}

void LogicalNot(size_t count, const void* x, void* y) {
  const uint8_t* from = static_cast<const uint8_t*>(x);
  uint8_t* to = static_cast<uint8_t*>(y);
  for (size_t i = 0; i < count; ++i) to[i] = from[i] == 0;
}

template <typename T>
UnaryLoop FindNumber(UnaryOp op) {
  switch (op) {
    case UnaryOp::kAbs:
      return Run<Abs, T>;
    case UnaryOp::kNeg:
      return Run<Neg, T>;
    case UnaryOp::kReciprocal:
      return Run<Reciprocal, T>;
    case UnaryOp::kRelu:
      return Run<Relu, T>;
    case UnaryOp::kRelu6:
      return Run<Relu6, T>;
    case UnaryOp::kSign:
      return Run<Sign, T>;
    case UnaryOp::kSquare:
      return Run<Square, T>;
    default:
      return nullptr;
  }
}

template <typename T>
UnaryLoop FindReal(UnaryOp op) {
  switch (op) {
    case UnaryOp::kCeil:
      return Each<T, Ceil<T>>;
    case UnaryOp::kCos:
      return Each<T, Cos<T>>;
    case UnaryOp::kElu:
      return Each<T, Elu<T>>;
    case UnaryOp::kExp:
      return Vector<T, Exp>;
    case UnaryOp::kExpm1:
      return Each<T, Expm1<T>>;
    case UnaryOp::kFloor:
      return Each<T, Floor<T>>;
    case UnaryOp::kIsFinite:
      return Classify<T, true>;
    case UnaryOp::kIsNan:
      return Classify<T, false>;
    case UnaryOp::kLog:
      return Vector<T, Log>;
    case UnaryOp::kLog1p:
      return Each<T, Log1p<T>>;
    case UnaryOp::kRound:
      return Each<T, Round<T>>;
    case UnaryOp::kRsqrt:
      return Vector<T, Rsqrt>;
    case UnaryOp::kSigmoid:
      return Vector<T, Sigmoid>;
    case UnaryOp::kSin:
      return Each<T, Sin<T>>;
    case UnaryOp::kSoftplus:
      return Each<T, Softplus<T>>;
    case UnaryOp::kSqrt:
      return Vector<T, Sqrt>;
    case UnaryOp::kTanh:
      return Vector<T, Tanh>;
    default:
      return FindNumber<T>(op);
  }
}

}  // namespace

UnaryLoop FindUnary(UnaryOp op, DType dtype) {
  switch (dtype) {
    case DType::kFloat:
      return FindReal<float>(op);
    case DType::kDouble:
      return FindReal<double>(op);
    case DType::kInt32:
      return FindNumber<int32_t>(op);
    case DType::kInt64:
      return FindNumber<int64_t>(op);
    case DType::kBool:
      return op == UnaryOp::kLogicalNot ? LogicalNot : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace tensorbundle::kernels
