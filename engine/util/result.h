// Result<T>: a value, or the Status that says why there is none.
#ifndef TB_UTIL_RESULT_H_
#define TB_UTIL_RESULT_H_

#include <cassert>
#include <optional>
#include <utility>

#include "engine/util/status.h"

namespace tensorbundle {

template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return NotFoundError(...);`.
  Result(T value) : value_(std::move(value)) {}         // NOLINT
  Result(Status status) : status_(std::move(status)) {  // NOLINT
    assert(!status_.ok());
  }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  // REQUIRES: ok().
  T& value() & {
    assert(ok());
    return *value_;
  }
  const T& value() const& {
    assert(ok());
    return *value_;
  }
  T&& value() && {
    assert(ok());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace tensorbundle

// Returns from the enclosing function when `expr` is a Status that is not ok.
#define TB_RETURN_IF_ERROR(expr)                \
  do {                                          \
    ::tensorbundle::Status tb_status_ = (expr); \
    if (!tb_status_.ok()) return tb_status_;    \
  } while (false)

#define TB_CONCAT_INNER_(a, b) a##b
#define TB_CONCAT_(a, b) TB_CONCAT_INNER_(a, b)
#define TB_ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                              \
  if (!result.ok()) return result.status();          \
  lhs = std::move(result).value()

// TB_ASSIGN_OR_RETURN(auto block, ReadBlock(handle)): binds the value, or
// returns the status. Expands to several statements: brace it after an `if`.
#define TB_ASSIGN_OR_RETURN(lhs, expr) \
  TB_ASSIGN_OR_RETURN_IMPL_(TB_CONCAT_(tb_result_, __LINE__), lhs, expr)

#endif  // TB_UTIL_RESULT_H_
