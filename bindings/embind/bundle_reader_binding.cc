// BundleReader and TensorDecoder for JavaScript.

#include <emscripten/bind.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/reader_handle.h"

namespace tensorbundle::embind {
namespace {

// The check that the bytes of one tensor pass, chunk by chunk.
class DecoderHandle {
 public:
  int Begin(ReaderHandle& reader, const std::string& key) {
    Result<bundle::TensorDecoder> decoder = reader.NewDecoder(key);
    if (!decoder.ok()) return Report(decoder.status());
    decoder_ = std::move(decoder).value();
    return Report(OkStatus());
  }

  double size() const { return static_cast<double>(decoder_->size()); }
  bool swaps() const { return decoder_->swaps(); }

  // Bytes of a big-endian file are turned around where they lie.
  int Update(uintptr_t address, uint32_t size) {
    return Report(decoder_->Update(
        MutableBytes(reinterpret_cast<uint8_t*>(address), size)));
  }

  int Finish() { return Report(decoder_->Finish()); }

 private:
  std::optional<bundle::TensorDecoder> decoder_;
};

ReaderPointer NewReader(std::shared_ptr<io::HostFiles> files,
                        const std::string& prefix) {
  return std::make_shared<ReaderHandle>(std::move(files), prefix);
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_bundle_reader) {
  using emscripten::class_;
  class_<ReaderHandle>("BundleReader")
      .smart_ptr_constructor("BundleReader", &NewReader)
      .function("open", &ReaderHandle::Open)
      .function("openV1", &ReaderHandle::OpenV1)
      .function("numShards", &ReaderHandle::num_shards)
      .function("bigEndian", &ReaderHandle::big_endian)
      .function("producer", &ReaderHandle::producer)
      .function("minConsumer", &ReaderHandle::min_consumer)
      .function("dataFile", &ReaderHandle::DataFile)
      .function("list", &ReaderHandle::List)
      .function("find", &ReaderHandle::Find)
      .function("count", &ReaderHandle::count)
      .function("recordsAddress", &ReaderHandle::records_address)
      .function("recordsSize", &ReaderHandle::records_size);
  class_<DecoderHandle>("TensorDecoder")
      .constructor()
      .function("begin", &DecoderHandle::Begin)
      .function("size", &DecoderHandle::size)
      .function("swaps", &DecoderHandle::swaps)
      .function("update", &DecoderHandle::Update)
      .function("finish", &DecoderHandle::Finish);
}

}  // namespace tensorbundle::embind
