#include "bindings/embind/session_run.h"

#include <utility>

#include "bindings/embind/convert.h"

namespace tensorbundle::embind {

int SessionRun::AddFeed(int node, int output, int dtype,
                        const std::string& dims) {
  const Result<Shape> shape = ParseShape(dims);
  if (!shape.ok()) return Report(shape.status());
  Result<Tensor> value =
      Tensor::CreateUninitialized(static_cast<DType>(dtype), *shape);
  if (!value.ok()) return Report(value.status());
  next_string_ = 0;
  feeds_.push_back(
      {session_->graph().node(node).output(output), std::move(value).value()});
  return Report(OkStatus());
}

void SessionRun::AddString(const std::string& element) {
  feeds_.back().value.mutable_strings()[next_string_++] = element;
}

uintptr_t SessionRun::data_address() const {
  return reinterpret_cast<uintptr_t>(feeds_.back().value.bytes().data());
}

void SessionRun::AddFetch(int node, int output) {
  fetches_.push_back(session_->graph().node(node).output(output));
}

void SessionRun::AddTarget(int node) {
  targets_.push_back(&session_->graph().node(node));
}

int SessionRun::Run() {
  Result<std::vector<Tensor>> results =
      session_->Run(feeds_, fetches_, targets_);
  if (!results.ok()) return Report(results.status());
  results_ = std::move(results).value();
  packed_strings_.clear();
  for (const Tensor& result : results_) {
    packed_strings_.push_back(PackStrings(result.strings()));
  }
  return Report(OkStatus());
}

uintptr_t SessionRun::result(int i) {
  const size_t at = static_cast<size_t>(i);
  const Tensor& tensor = results_[at];
  const Bytes bytes = tensor.dtype() == DType::kString
                          ? Bytes(packed_strings_[at])
                          : tensor.bytes();
  const Shape& shape = tensor.shape();
  result_ = {static_cast<double>(tensor.dtype()),
             static_cast<double>(reinterpret_cast<uintptr_t>(bytes.data())),
             static_cast<double>(bytes.size()),
             static_cast<double>(shape.rank())};
  for (int d = 0; d < shape.rank(); ++d) {
    result_.push_back(static_cast<double>(shape.dim(d)));
  }
  return reinterpret_cast<uintptr_t>(result_.data());
}

void SessionRun::Clear() {
  feeds_.clear();
  fetches_.clear();
  targets_.clear();
  results_.clear();
  packed_strings_.clear();
}

}  // namespace tensorbundle::embind
