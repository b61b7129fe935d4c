// The small notations: slice specifications, slice keys, file names, dtypes,
// decimal numbers, paths. What is accepted prints and reads back as itself.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/bundle/names.h"
#include "engine/bundle/slice_key.h"
#include "engine/checkpoint/posix_path.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/decimal.h"
#include "engine/util/utf8.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

void Slices(std::string_view text) {
  const Result<Slice> slice = ParseSlice(text);
  if (slice.ok()) {
    const Result<Slice> again = ParseSlice(slice->ToString());
    Require(again.ok() && *again == *slice);
  }
  const Result<ShapeAndSlice> both = ParseShapeAndSlice(text);
  if (both.ok()) {
    Require(both->slice_shape.rank() == both->shape.rank());
    Require(both->slice_shape.num_elements() <= both->shape.num_elements());
  }
}

void SliceKeys(std::string_view text) {
  const Result<bundle::SliceKey> key = bundle::DecodeSliceKey(text);
  if (!key.ok()) return;
  const std::string written = bundle::EncodeSliceKey(key->name, key->slice);
  const Result<bundle::SliceKey> again = bundle::DecodeSliceKey(written);
  Require(again.ok() && again->name == key->name && again->slice == key->slice);
}

void FileNames(std::string_view text) {
  const auto name = bundle::ParseFileName(text);
  if (!name) return;
  Require((name->shard < 0 ? bundle::IndexFileName(name->prefix)
                           : bundle::DataFileName(name->prefix, name->shard,
                                                  name->num_shards)) == text);
}

void Numbers(std::string_view text) {
  const auto number = ParseDecimal(text);
  if (!number) return;
  const auto again = ParseDecimal(ShortestDecimal(*number));
  const bool infinite = *number - *number != 0;
  Require(infinite || (again && *again == *number));
}

void Paths(std::string_view text) {
  const std::string normal = checkpoint::NormalizePath(text);
  Require(checkpoint::NormalizePath(normal) == normal);
  const size_t half = text.size() / 2;
  if (half == text.size()) return;
  checkpoint::RelativePath(text.substr(half), text.substr(0, half), "/w");
}

}  // namespace
}  // namespace tensorbundle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::Slices(text);
  fuzz::SliceKeys(text);
  fuzz::FileNames(text);
  fuzz::Numbers(text);
  fuzz::Paths(text);
  const auto dtype = ParseDType(text);
  if (dtype) fuzz::Require(IsKnown(*dtype) || *dtype == DType::kInvalid);
  fuzz::Require(IsValidUtf8(EscapeForDisplay(text)));
  return 0;
}
