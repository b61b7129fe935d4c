// BundleMerger for JavaScript, which moves the data files.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/reader_handle.h"
#include "engine/bundle/merge.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code.
class MergerHandle {
 public:
  // 100: answer the need of the reader's files and call again.
  int Add(ReaderHandle& reader) { return Report(merger_.Add(reader.reader())); }

  // The index file is index_size() bytes at index_address(), the data files in
  // their order are files_size() bytes of packed names at files_address().
  int Finish() {
    const Status status = merger_.Finish(&index_);
    files_ = PackStrings(merger_.files());
    return Report(status);
  }

  uintptr_t index_address() const {
    return reinterpret_cast<uintptr_t>(index_.contents().data());
  }
  double index_size() const { return static_cast<double>(index_.offset()); }
  uintptr_t files_address() const {
    return reinterpret_cast<uintptr_t>(files_.data());
  }
  double files_size() const { return static_cast<double>(files_.size()); }

 private:
  bundle::BundleMerger merger_;
  io::MemorySink index_;
  std::vector<uint8_t> files_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_merge) {
  emscripten::class_<MergerHandle>("BundleMerger")
      .constructor()
      .function("add", &MergerHandle::Add)
      .function("finish", &MergerHandle::Finish)
      .function("indexAddress", &MergerHandle::index_address)
      .function("indexSize", &MergerHandle::index_size)
      .function("filesAddress", &MergerHandle::files_address)
      .function("filesSize", &MergerHandle::files_size);
}

}  // namespace tensorbundle::embind
