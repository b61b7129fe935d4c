#include "engine/util/status.h"

namespace tensorbundle {

namespace {

struct CodeText {
  Code code;
  std::string_view name;
  std::string_view words;
};

constexpr CodeText kCodeTexts[] = {
    {Code::kOk, "OK", "OK"},
    {Code::kCancelled, "CANCELLED", "Cancelled"},
    {Code::kUnknown, "UNKNOWN", "Unknown"},
    {Code::kInvalidArgument, "INVALID_ARGUMENT", "Invalid argument"},
    {Code::kDeadlineExceeded, "DEADLINE_EXCEEDED", "Deadline exceeded"},
    {Code::kNotFound, "NOT_FOUND", "Not found"},
    {Code::kAlreadyExists, "ALREADY_EXISTS", "Already exists"},
    {Code::kPermissionDenied, "PERMISSION_DENIED", "Permission denied"},
    {Code::kResourceExhausted, "RESOURCE_EXHAUSTED", "Resource exhausted"},
    {Code::kFailedPrecondition, "FAILED_PRECONDITION", "Failed precondition"},
    {Code::kAborted, "ABORTED", "Aborted"},
    {Code::kOutOfRange, "OUT_OF_RANGE", "Out of range"},
    {Code::kUnimplemented, "UNIMPLEMENTED", "Unimplemented"},
    {Code::kInternal, "INTERNAL", "Internal"},
    {Code::kUnavailable, "UNAVAILABLE", "Unavailable"},
    {Code::kDataLoss, "DATA_LOSS", "Data loss"},
    {Code::kUnauthenticated, "UNAUTHENTICATED", "Unauthenticated"},
    {Code::kPyValueError, "VALUE_ERROR", "ValueError"},
    {Code::kPyTypeError, "TYPE_ERROR", "TypeError"},
    {Code::kPyRuntimeError, "RUNTIME_ERROR", "RuntimeError"},
    {Code::kPyLookupError, "LOOKUP_ERROR", "LookupError"},
    {Code::kNeedBytes, "NEED_BYTES", "Need bytes"},
};

const CodeText& TextOf(Code code) {
  for (const CodeText& text : kCodeTexts) {
    if (text.code == code) return text;
  }
  return kCodeTexts[2];  // UNKNOWN
}

}  // namespace

Status::Status(Code code, std::string message) {
  if (code == Code::kOk) return;
  rep_ = std::make_unique<Rep>(Rep{code, std::move(message), {}});
}

Status::Status(const Status& other)
    : rep_(other.rep_ ? std::make_unique<Rep>(*other.rep_) : nullptr) {}

Status& Status::operator=(const Status& other) {
  if (this != &other) {
    rep_ = other.rep_ ? std::make_unique<Rep>(*other.rep_) : nullptr;
  }
  return *this;
}

const std::string& Status::message() const {
  static const std::string* const kEmpty = new std::string;
  return rep_ ? rep_->message : *kEmpty;
}

const ErrorLocation& Status::location() const {
  static const ErrorLocation* const kNowhere = new ErrorLocation;
  return rep_ ? rep_->location : *kNowhere;
}

Status Status::At(ErrorLocation location) && {
  if (rep_) rep_->location = std::move(location);
  return std::move(*this);
}

Status Status::WithMessage(std::string text) && {
  if (rep_) rep_->message = std::move(text);
  return std::move(*this);
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  return std::string(CodeInWords(code())) + ": " + message();
}

std::string_view CodeInWords(Code code) { return TextOf(code).words; }

std::string_view CodeName(Code code) { return TextOf(code).name; }

}  // namespace tensorbundle
