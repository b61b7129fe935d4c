// Status: the outcome of an operation, with TensorFlow's error codes.
//
// The engine throws nothing. Anything that a file, a name or a user's argument
// can cause comes back as a Status; `assert` is for programming errors alone.
#ifndef TB_UTIL_STATUS_H_
#define TB_UTIL_STATUS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tensorbundle {

// The canonical codes, numbered as in
// tensorflow/core/protobuf/error_codes.proto (TensorFlow 1.15:
// tensorflow/core/lib/core/error_codes.proto).
enum class Code : int {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
  // Python-level errors of TensorFlow's graph API. They have no TensorFlow
  // code; the binding turns them into tf.errors.ValueError, RuntimeError and
  // JavaScript's TypeError.
  kPyValueError = 64,
  kPyTypeError = 65,
  kPyRuntimeError = 66,
  kPyLookupError = 67,
  // Not an error: the operation needs bytes that the host has yet to supply
  // and is to be called again (engine/docs/decisions/0001-replayed-operations).
  kNeedBytes = 100,
};

// Where in a file, and in which tensor, a failure lies. Empty fields are
// unknown. It points the inspector at the byte; it is no part of the message.
struct ErrorLocation {
  std::string file;
  std::string tensor;
  uint64_t offset = 0;
  uint64_t length = 0;
};

class [[nodiscard]] Status {
 public:
  Status() = default;  // OK
  Status(Code code, std::string message);
  Status(const Status& other);
  Status& operator=(const Status& other);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;
  ~Status() = default;

  bool ok() const { return rep_ == nullptr; }
  Code code() const { return rep_ ? rep_->code : Code::kOk; }
  // TensorFlow's text, without the name of the code; "" when ok().
  const std::string& message() const;
  const ErrorLocation& location() const;

  // Returns this status with `location` attached. No effect when ok().
  Status At(ErrorLocation location) &&;
  // Returns this status with `text` in place of its message.
  Status WithMessage(std::string text) &&;

  // "OK" or "Data loss: block checksum mismatch": the form in which
  // TensorFlow 1.15 quotes a status inside another message.
  std::string ToString() const;

 private:
  struct Rep {
    Code code;
    std::string message;
    ErrorLocation location;
  };
  std::unique_ptr<Rep> rep_;  // null means OK
};

// "Data loss", "Not found", ...: tensorflow/core/lib/core/status.cc.
std::string_view CodeInWords(Code code);
// "DATA_LOSS", "NOT_FOUND", ...: the names of the enum in the proto file.
std::string_view CodeName(Code code);

inline Status OkStatus() { return Status(); }
inline Status CancelledError(std::string m) {
  return Status(Code::kCancelled, std::move(m));
}
inline Status InvalidArgumentError(std::string m) {
  return Status(Code::kInvalidArgument, std::move(m));
}
inline Status NotFoundError(std::string m) {
  return Status(Code::kNotFound, std::move(m));
}
inline Status AlreadyExistsError(std::string m) {
  return Status(Code::kAlreadyExists, std::move(m));
}
inline Status ResourceExhaustedError(std::string m) {
  return Status(Code::kResourceExhausted, std::move(m));
}
inline Status FailedPreconditionError(std::string m) {
  return Status(Code::kFailedPrecondition, std::move(m));
}
inline Status OutOfRangeError(std::string m) {
  return Status(Code::kOutOfRange, std::move(m));
}
inline Status UnimplementedError(std::string m) {
  return Status(Code::kUnimplemented, std::move(m));
}
inline Status InternalError(std::string m) {
  return Status(Code::kInternal, std::move(m));
}
inline Status DataLossError(std::string m) {
  return Status(Code::kDataLoss, std::move(m));
}
inline Status PyValueError(std::string m) {
  return Status(Code::kPyValueError, std::move(m));
}
inline Status PyTypeError(std::string m) {
  return Status(Code::kPyTypeError, std::move(m));
}
inline Status PyRuntimeError(std::string m) {
  return Status(Code::kPyRuntimeError, std::move(m));
}

}  // namespace tensorbundle

#endif  // TB_UTIL_STATUS_H_
