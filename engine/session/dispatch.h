// From a dtype that a run knows to a type that the compiler knows.
#ifndef TB_SESSION_DISPATCH_H_
#define TB_SESSION_DISPATCH_H_

#include <cassert>
#include <cstdint>

#include "engine/tensor/dtype.h"

namespace tensorbundle::session {

// Calls function(T()) with T float or double. REQUIRES: dtype is among kReals.
template <typename Function>
auto WithReal(DType dtype, Function function) {
  assert(dtype == DType::kFloat || dtype == DType::kDouble);
  return dtype == DType::kFloat ? function(float()) : function(double());
}

// Calls function(T()) with T int32_t or int64_t.
template <typename Function>
auto WithIndex(DType dtype, Function function) {
  assert(dtype == DType::kInt32 || dtype == DType::kInt64);
  return dtype == DType::kInt32 ? function(int32_t()) : function(int64_t());
}

// With any of the four. REQUIRES: dtype is among kNumbers.
template <typename Function>
auto WithNumber(DType dtype, Function function) {
  if (dtype == DType::kInt32 || dtype == DType::kInt64) {
    return WithIndex(dtype, function);
  }
  return WithReal(dtype, function);
}

}  // namespace tensorbundle::session

#endif  // TB_SESSION_DISPATCH_H_
