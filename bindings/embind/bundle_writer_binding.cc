// BundleWriter for JavaScript, which writes the data file itself.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bindings/embind/convert.h"
#include "engine/bundle/bundle_writer.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code.
class WriterHandle {
 public:
  explicit WriterHandle(double data_alignment)
      : writer_({static_cast<uint64_t>(data_alignment)}) {}

  int Add(const std::string& key, int dtype, const std::string& dims) {
    const Result<Shape> shape = ParseShape(dims);
    if (!shape.ok()) return Report(shape.status());
    return Report(writer_.Add(key, static_cast<DType>(dtype), *shape).status());
  }

  // `packed` strings at `address` (convert.h). What goes to the data file is
  // data_size() bytes at data_address(); endTensor() comes next.
  int AddStrings(const std::string& key, const std::string& dims,
                 uintptr_t address, uint32_t size) {
    const Result<Shape> shape = ParseShape(dims);
    if (!shape.ok()) return Report(shape.status());
    const std::vector<std::string> strings =
        UnpackStrings(Bytes(reinterpret_cast<const uint8_t*>(address), size));
    return Report(writer_.AddStrings(key, *shape, strings, &data_).status());
  }

  // As add() and addStrings(), for the slice `spec` ("0,2:-") of a tensor
  // whose shape as a whole is `dims`.
  int AddSlice(const std::string& key, int dtype, const std::string& dims,
               const std::string& spec, uintptr_t address, uint32_t size) {
    return Report(
        AddPart(key, static_cast<DType>(dtype), dims, spec,
                Bytes(reinterpret_cast<const uint8_t*>(address), size)));
  }

  // What follows goes to the next data file.
  int NextShard() { return Report(writer_.NextShard()); }

  int Append(uintptr_t address, uint32_t size) {
    return Report(
        writer_.Append(Bytes(reinterpret_cast<const uint8_t*>(address), size)));
  }

  // padding() zeros follow in the data file.
  int EndTensor() {
    const Result<uint64_t> padding = writer_.EndTensor();
    if (padding.ok()) padding_ = static_cast<double>(*padding);
    return Report(padding.status());
  }

  // The index file is index_size() bytes at index_address().
  int Finish() { return Report(writer_.Finish(&index_)); }

  double shards() const { return writer_.num_shards(); }
  double padding() const { return padding_; }
  double num_tensors() const {
    return static_cast<double>(writer_.num_tensors());
  }
  uintptr_t data_address() const {
    return reinterpret_cast<uintptr_t>(data_.data());
  }
  double data_size() const { return static_cast<double>(data_.size()); }
  uintptr_t index_address() const {
    return reinterpret_cast<uintptr_t>(index_.contents().data());
  }
  double index_size() const { return static_cast<double>(index_.offset()); }

 private:
  // Everything that can fail is tried before the slice is registered.
  Status AddPart(const std::string& key, DType dtype, const std::string& dims,
                 const std::string& spec, Bytes packed) {
    TB_ASSIGN_OR_RETURN(const Shape shape, ParseShape(dims));
    TB_ASSIGN_OR_RETURN(const Slice slice, ParseSlice(spec));
    TB_ASSIGN_OR_RETURN(const Shape part, SliceShape(slice, shape));
    const std::vector<std::string> strings = UnpackStrings(packed);
    const bool is_string = dtype == DType::kString;
    if (!is_string && DTypeSize(dtype) == 0) {
      return writer_.Add(key, dtype, part).status();
    }
    TB_ASSIGN_OR_RETURN(const std::string part_key,
                        writer_.RegisterSlice(key, dtype, shape, slice));
    return is_string
               ? writer_.AddStrings(part_key, part, strings, &data_).status()
               : writer_.Add(part_key, dtype, part).status();
  }

  bundle::BundleWriter writer_;
  std::string data_;
  io::MemorySink index_;
  double padding_ = 0;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_bundle_writer) {
  emscripten::class_<WriterHandle>("BundleWriter")
      .constructor<double>()
      .function("add", &WriterHandle::Add)
      .function("addStrings", &WriterHandle::AddStrings)
      .function("addSlice", &WriterHandle::AddSlice)
      .function("nextShard", &WriterHandle::NextShard)
      .function("shards", &WriterHandle::shards)
      .function("append", &WriterHandle::Append)
      .function("endTensor", &WriterHandle::EndTensor)
      .function("finish", &WriterHandle::Finish)
      .function("padding", &WriterHandle::padding)
      .function("numTensors", &WriterHandle::num_tensors)
      .function("dataAddress", &WriterHandle::data_address)
      .function("dataSize", &WriterHandle::data_size)
      .function("indexAddress", &WriterHandle::index_address)
      .function("indexSize", &WriterHandle::index_size);
}

}  // namespace tensorbundle::embind
