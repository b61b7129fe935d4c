// Structured: the input is a recipe of tensors. What the writers make of them,
// both formats, reads back as it was; with one byte changed it is an error or
// the same.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/bundle/bundle_writer.h"
#include "engine/bundle/v1_record.h"
#include "engine/bundle/v1_writer.h"
#include "engine/io/byte_sink.h"
#include "engine/io/memory_source.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

constexpr int kMaxTensors = 12;

struct Tensor {
  DType dtype = DType::kInvalid;
  Shape shape;
  std::string bytes;
  std::vector<std::string> strings;

  std::string Joined() const {
    std::string joined = bytes;
    for (const std::string& s : strings) joined += s;
    return joined;
  }
};
using Tensors = std::map<std::string, Tensor>;

Tensors Cook(FuzzedDataProvider* recipe) {
  Tensors tensors;
  for (int i = 0; i < kMaxTensors && recipe->remaining_bytes() > 0; ++i) {
    Tensor tensor;
    tensor.dtype =
        static_cast<DType>(recipe->ConsumeIntegralInRange(1, kNumDTypes - 1));
    std::vector<int64_t> dims(recipe->ConsumeIntegralInRange<size_t>(0, 4));
    for (int64_t& dim : dims) dim = recipe->ConsumeIntegralInRange(0, 5);
    tensor.shape = Shape::Create(dims).value();
    const size_t count = static_cast<size_t>(tensor.shape.num_elements());
    const size_t element = DTypeSize(tensor.dtype);
    if (tensor.dtype == DType::kString) {
      for (size_t j = 0; j < count; ++j) {
        tensor.strings.push_back(recipe->ConsumeRandomLengthString(40));
      }
    } else if (element == 0) {
      continue;  // the writers take no resources and variants
    } else {
      tensor.bytes = recipe->ConsumeBytesAsString(count * element);
      tensor.bytes.resize(count * element);
    }
    const std::string key = recipe->ConsumeRandomLengthString(60);
    if (!key.empty()) tensors.emplace(key, std::move(tensor));
  }
  return tensors;
}

struct Files {
  std::string index;
  std::string data;
};

Files WriteBundle(const Tensors& tensors, uint64_t alignment) {
  Files files;
  bundle::BundleWriter writer({.data_alignment = alignment});
  for (const auto& [key, tensor] : tensors) {
    std::string data = tensor.bytes;
    if (tensor.dtype == DType::kString) {
      Require(writer.AddStrings(key, tensor.shape, tensor.strings, &data).ok());
    } else {
      Require(writer.Add(key, tensor.dtype, tensor.shape).ok());
      Require(writer.Append(AsBytes(data)).ok());
    }
    files.data += data;
    files.data.append(static_cast<size_t>(writer.EndTensor().value()), '\0');
  }
  io::MemorySink sink;
  Require(writer.Finish(&sink).ok());
  files.index = sink.TakeContents();
  return files;
}

std::string WriteV1(const Tensors& tensors) {
  bundle::V1Writer writer;
  for (const auto& [key, tensor] : tensors) {
    if (!bundle::IsV1DType(tensor.dtype)) continue;
    const Slice whole = Slice::Full(tensor.shape.rank());
    Require((tensor.dtype == DType::kString
                 ? writer.AddStrings(key, tensor.shape, whole, tensor.strings)
                 : writer.Add(key, tensor.shape, whole, tensor.dtype,
                              AsBytes(tensor.bytes)))
                .ok());
  }
  io::MemorySink sink;
  Require(writer.Finish(&sink).ok());
  return sink.TakeContents();
}

// Every value that was read without an error is the one that was written.
void RequireSame(const Tensors& written, const Values& read) {
  for (const auto& [key, value] : read) {
    if (!value.status.ok()) continue;
    const auto found = written.find(key);
    Require(found != written.end());
    Require(value.entry.dtype == found->second.dtype &&
            value.entry.shape == found->second.shape);
    // bool is stored as it is in a bundle, as 0 or 1 in V1.
    if (value.entry.dtype != DType::kBool) {
      Require(value.bytes == found->second.Joined());
    }
  }
}

void Flip(FuzzedDataProvider* recipe, std::string* file) {
  if (file->empty()) return;
  const size_t at = recipe->ConsumeIntegralInRange<size_t>(0, file->size() - 1);
  const int bit = recipe->ConsumeIntegralInRange(0, 7);
  (*file)[at] = static_cast<char>((*file)[at] ^ 1 << bit);
}

void Bundles(const Tensors& tensors, FuzzedDataProvider* recipe) {
  Files files = WriteBundle(tensors, 1 + recipe->ConsumeIntegral<uint8_t>());
  Values values;
  io::MemorySource source("p.index", AsBytes(files.index));
  Require(ReadBundle(&source, files.data, &values).ok());
  Require(values.size() == tensors.size());
  for (const auto& [key, value] : values) Require(value.status.ok());
  RequireSame(tensors, values);

  Flip(recipe, recipe->ConsumeBool() ? &files.index : &files.data);
  io::MemorySource damaged("p.index", AsBytes(files.index));
  static_cast<void>(ReadBundle(&damaged, files.data, &values));
  RequireSame(tensors, values);
}

void V1(const Tensors& tensors, FuzzedDataProvider* recipe) {
  std::string file = WriteV1(tensors);
  Values values;
  io::MemorySource source("p", AsBytes(file));
  Require(ReadV1(&source, &values).ok());
  for (const auto& [key, value] : values) Require(value.status.ok());
  RequireSame(tensors, values);

  Flip(recipe, &file);
  io::MemorySource damaged("p", AsBytes(file));
  static_cast<void>(ReadV1(&damaged, &values));
  RequireSame(tensors, values);
}

}  // namespace
}  // namespace tensorbundle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  FuzzedDataProvider recipe(data, size);
  const fuzz::Tensors tensors = fuzz::Cook(&recipe);
  fuzz::Bundles(tensors, &recipe);
  fuzz::V1(tensors, &recipe);
  return 0;
}
