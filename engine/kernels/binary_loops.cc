// Common pairs of steps have loops of their own for float, which the compiler
// vectorises; everything else goes through one general loop, to stay small.
#include "engine/kernels/binary_loops.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace tensorbundle::kernels {
namespace {

template <typename T>
using Unsigned = std::make_unsigned_t<T>;

struct Div {
  template <typename T>
  static T Of(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      // The caller has seen to it that b is not 0. The smallest number
      // divided by -1 wraps around.
      if (b == 0) return 0;
      if (b == -1) return static_cast<T>(Unsigned<T>{0} - Unsigned<T>(a));
      return a / b;
    } else {
      return a / b;
    }
  }
};
struct FloorDiv {
  template <typename T>
  static T Of(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      const T quotient = Div::Of(a, b);
      const bool exact = b == 0 || b == -1 || a % b == 0;
      return !exact && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    } else {
      return std::floor(a / b);
    }
  }
};
struct FloorMod {
  template <typename T>
  static T Of(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      if (b == 0 || b == -1) return 0;
      const T rest = a % b;
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    } else {
      const T rest = std::fmod(a, b);
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
  }
};
// As Eigen's: NaN only when it is the first of the two.
struct Maximum {
  template <typename T>
  static T Of(T a, T b) {
    return a < b ? b : a;
  }
};
struct Minimum {
  template <typename T>
  static T Of(T a, T b) {
    return b < a ? b : a;
  }
};
struct Pow {
  template <typename T>
  static T Of(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      // The caller has seen to it that b is not negative.
      Unsigned<T> power = 1;
      Unsigned<T> base = Unsigned<T>(a);
      for (T left = b; left > 0; left >>= 1) {
        if (left & 1) power *= base;
        base *= base;
      }
      return static_cast<T>(power);
    } else {
      return std::pow(a, b);
    }
  }
};
struct SquaredDifference {
  template <typename T>
  static T Of(T a, T b) {
    if constexpr (std::is_integral_v<T>) {
      const Unsigned<T> d = Unsigned<T>(a) - Unsigned<T>(b);
      return static_cast<T>(d * d);
    } else {
      return (a - b) * (a - b);
    }
  }
};

struct Equal {
  template <typename T>
  static uint8_t Of(const T& a, const T& b) {
    return a == b;
  }
};
struct NotEqual {
  template <typename T>
  static uint8_t Of(const T& a, const T& b) {
    return a != b;
  }
};
struct Less {
  template <typename T>
  static uint8_t Of(T a, T b) {
    return a < b;
  }
};
struct LessEqual {
  template <typename T>
  static uint8_t Of(T a, T b) {
    return a <= b;
  }
};
struct Greater {
  template <typename T>
  static uint8_t Of(T a, T b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <typename T>
  static uint8_t Of(T a, T b) {
    return a >= b;
  }
};
struct And {
  static uint8_t Of(uint8_t a, uint8_t b) { return a & b; }
};
struct Or {
  static uint8_t Of(uint8_t a, uint8_t b) { return a | b; }
};

// Gradients of a function y = f(x): its result (for some its argument) comes
// where TensorFlow's op has it.
struct ReluGrad {  // dy, y or x
  template <typename T>
  static T Of(T dy, T x) {
    return x > T(0) ? dy : T(0);
  }
};
struct Relu6Grad {
  template <typename T>
  static T Of(T dy, T x) {
    return x > T(0) && x < T(6) ? dy : T(0);
  }
};
struct EluGrad {  // dy, y
  template <typename T>
  static T Of(T dy, T y) {
    return y < T(0) ? (y + T(1)) * dy : dy;
  }
};
struct SoftplusGrad {  // dy, x
  template <typename T>
  static T Of(T dy, T x) {
    return dy / (std::exp(-x) + T(1));
  }
};
struct SigmoidGrad {  // y, dy
  template <typename T>
  static T Of(T y, T dy) {
    return dy * y * (T(1) - y);
  }
};
struct TanhGrad {
  template <typename T>
  static T Of(T y, T dy) {
    return dy * (T(1) - y * y);
  }
};
struct SqrtGrad {
  template <typename T>
  static T Of(T y, T dy) {
    return dy * T(0.5) / y;
  }
};
struct RsqrtGrad {
  template <typename T>
  static T Of(T y, T dy) {
    return T(-0.5) * (dy * y) * (y * y);
  }
};

template <typename Op, typename T>
using ResultOf = decltype(Op::Of(std::declval<T>(), std::declval<T>()));

template <typename Op, typename T>
void Run(const void* a, size_t a_step, const void* b, size_t b_step, void* out,
         size_t count) {
  const T* x = static_cast<const T*>(a);
  const T* y = static_cast<const T*>(b);
  auto* z = static_cast<ResultOf<Op, T>*>(out);
  if constexpr (std::is_same_v<ResultOf<Op, T>, float>) {
    if (a_step == 1 && b_step == 1) {
      for (size_t i = 0; i < count; ++i) z[i] = Op::Of(x[i], y[i]);
      return;
    }
    if (a_step == 1) {
      const T right = *y;
      for (size_t i = 0; i < count; ++i) z[i] = Op::Of(x[i], right);
      return;
    }
  }
  for (size_t i = 0; i < count; ++i) {
    z[i] = Op::Of(x[i * a_step], y[i * b_step]);
  }
}

template <typename T>
BinaryLoop FindNumber(BinaryOp op) {
  switch (op) {
    case BinaryOp::kDiv:
      return Run<Div, T>;
    case BinaryOp::kFloorDiv:
      return Run<FloorDiv, T>;
    case BinaryOp::kFloorMod:
      return Run<FloorMod, T>;
    case BinaryOp::kMaximum:
      return Run<Maximum, T>;
    case BinaryOp::kMinimum:
      return Run<Minimum, T>;
    case BinaryOp::kPow:
      return Run<Pow, T>;
    case BinaryOp::kSquaredDifference:
      return Run<SquaredDifference, T>;
    case BinaryOp::kEqual:
      return Run<Equal, T>;
    case BinaryOp::kNotEqual:
      return Run<NotEqual, T>;
    case BinaryOp::kLess:
      return Run<Less, T>;
    case BinaryOp::kLessEqual:
      return Run<LessEqual, T>;
    case BinaryOp::kGreater:
      return Run<Greater, T>;
    case BinaryOp::kGreaterEqual:
      return Run<GreaterEqual, T>;
    case BinaryOp::kReluGrad:
      return Run<ReluGrad, T>;
    case BinaryOp::kRelu6Grad:
      return Run<Relu6Grad, T>;
    default:
      return nullptr;
  }
}

template <typename T>
BinaryLoop FindReal(BinaryOp op) {
  switch (op) {
    case BinaryOp::kEluGrad:
      return Run<EluGrad, T>;
    case BinaryOp::kSoftplusGrad:
      return Run<SoftplusGrad, T>;
    case BinaryOp::kSigmoidGrad:
      return Run<SigmoidGrad, T>;
    case BinaryOp::kTanhGrad:
      return Run<TanhGrad, T>;
    case BinaryOp::kSqrtGrad:
      return Run<SqrtGrad, T>;
    case BinaryOp::kRsqrtGrad:
      return Run<RsqrtGrad, T>;
    default:
      return FindNumber<T>(op);
  }
}

template <typename T>
BinaryLoop FindEquality(BinaryOp op) {
  if (op == BinaryOp::kEqual) return Run<Equal, T>;
  if (op == BinaryOp::kNotEqual) return Run<NotEqual, T>;
  return nullptr;
}

}  // namespace

BinaryLoop FindOtherLoop(BinaryOp op, DType dtype) {
  switch (dtype) {
    case DType::kFloat:
      return FindReal<float>(op);
    case DType::kDouble:
      return FindReal<double>(op);
    case DType::kInt32:
      return FindNumber<int32_t>(op);
    case DType::kInt64:
      return FindNumber<int64_t>(op);
    case DType::kUint8:
    case DType::kInt8:
      return FindEquality<uint8_t>(op);
    case DType::kBool:
      if (op == BinaryOp::kLogicalAnd) return Run<And, uint8_t>;
      if (op == BinaryOp::kLogicalOr) return Run<Or, uint8_t>;
      return FindEquality<uint8_t>(op);
    case DType::kString:
      return FindEquality<std::string>(op);
    default:
      return nullptr;
  }
}

}  // namespace tensorbundle::kernels
