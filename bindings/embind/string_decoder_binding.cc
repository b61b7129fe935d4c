// StringDecoder for JavaScript: a tensor of strings, or of variants, decoded as
// a whole.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/reader_handle.h"
#include "engine/bundle/string_tensor.h"
#include "engine/bundle/variant_tensor.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code.
class StringDecoderHandle {
 public:
  // Finds the entry of `key`; its bytes are size() of them.
  int Begin(ReaderHandle& reader, const std::string& key) {
    Result<bundle::Entry> entry = reader.reader()->Find(key);
    if (!entry.ok()) return Report(entry.status());
    const Result<io::Extent> range = bundle::DataRange(key, *entry);
    if (!range.ok()) return Report(range.status());
    key_ = key;
    entry_ = std::move(entry).value();
    big_endian_ = reader.big_endian();
    file_ = reader.DataFile(entry_.shard_id);
    size_ = static_cast<double>(range->length);
    return Report(OkStatus());
  }

  double size() const { return size_; }

  // Checks and decodes all bytes of the tensor; the elements are then
  // packed_size() bytes at packed_address() (convert.h: PackStrings). That of
  // a variant is its VariantTensorDataProto.
  int Decode(uintptr_t address, uint32_t size) {
    return Report(
        DecodeAll(Bytes(reinterpret_cast<const uint8_t*>(address), size)));
  }

  uintptr_t packed_address() const {
    return reinterpret_cast<uintptr_t>(packed_.data());
  }
  double packed_size() const { return static_cast<double>(packed_.size()); }

 private:
  Status DecodeAll(Bytes data) {
    if (entry_.dtype != DType::kVariant) {
      TB_ASSIGN_OR_RETURN(
          const std::vector<std::string> strings,
          bundle::DecodeStrings(key_, entry_, data, big_endian_, file_));
      packed_ = PackStrings(strings);
      return OkStatus();
    }
    TB_ASSIGN_OR_RETURN(
        const std::vector<bundle::VariantElement> variants,
        bundle::DecodeVariants(key_, entry_, data, big_endian_, file_));
    std::vector<std::string> messages;
    for (const bundle::VariantElement& variant : variants) {
      messages.emplace_back(AsString(variant.message));
    }
    packed_ = PackStrings(messages);
    return OkStatus();
  }

  std::string key_;
  bundle::Entry entry_;
  bool big_endian_ = false;
  std::string file_;
  double size_ = 0;
  std::vector<uint8_t> packed_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_string_decoder) {
  emscripten::class_<StringDecoderHandle>("StringDecoder")
      .constructor()
      .function("begin", &StringDecoderHandle::Begin)
      .function("size", &StringDecoderHandle::size)
      .function("decode", &StringDecoderHandle::Decode)
      .function("packedAddress", &StringDecoderHandle::packed_address)
      .function("packedSize", &StringDecoderHandle::packed_size);
}

}  // namespace tensorbundle::embind
