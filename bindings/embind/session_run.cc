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

int SessionRun::result_dtype(int i) const {
  return static_cast<int>(results_[static_cast<size_t>(i)].dtype());
}

std::string SessionRun::result_dims(int i) const {
  return DimsOf(results_[static_cast<size_t>(i)].shape());
}

uintptr_t SessionRun::result_address(int i) const {
  return reinterpret_cast<uintptr_t>(ResultBytes(i).data());
}

double SessionRun::result_size(int i) const {
  return static_cast<double>(ResultBytes(i).size());
}

Bytes SessionRun::ResultBytes(int i) const {
  const size_t at = static_cast<size_t>(i);
  const Tensor& tensor = results_[at];
  return tensor.dtype() == DType::kString ? Bytes(packed_strings_[at])
                                          : tensor.bytes();
}

void SessionRun::Clear() {
  feeds_.clear();
  fetches_.clear();
  targets_.clear();
  results_.clear();
  packed_strings_.clear();
}

}  // namespace tensorbundle::embind
