// V1Lookup for JavaScript: a tensor out of a V1 checkpoint, or a slice of one.

#include <emscripten/bind.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/reader_handle.h"
#include "engine/bundle/v1_reader.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code.
class V1LookupHandle {
 public:
  // The slice `spec` ("0,2:-") of the tensor `name`, or the whole of it. The
  // reader must outlive the lookup.
  int Begin(ReaderHandle& reader, const std::string& name,
            const std::string& spec, bool whole) {
    return Report(BeginLookup(reader.v1(), name, spec, whole));
  }

  // Reads; 100: answer the need of the reader's files and call again. The
  // result is then size() bytes at address(): elements, or packed strings.
  int Continue() {
    const Status status = lookup_->Continue();
    if (!status.ok()) return Report(status);
    result_ = lookup_->TakeResult();
    if (result_.dtype() == DType::kString) {
      packed_ = PackStrings(result_.strings());
    }
    return Report(OkStatus());
  }

  // The shape of the result: "2,3".
  std::string dims() const { return DimsOf(result_.shape()); }
  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(Contents().data());
  }
  double size() const { return static_cast<double>(Contents().size()); }

 private:
  Status BeginLookup(bundle::V1Reader* reader, const std::string& name,
                     const std::string& spec, bool whole) {
    if (whole) {
      TB_ASSIGN_OR_RETURN(lookup_, reader->Lookup(name));
      return OkStatus();
    }
    TB_ASSIGN_OR_RETURN(const Slice slice, ParseSlice(spec));
    TB_ASSIGN_OR_RETURN(lookup_, reader->LookupSlice(name, slice));
    return OkStatus();
  }

  Bytes Contents() const {
    return result_.dtype() == DType::kString ? Bytes(packed_) : result_.bytes();
  }

  std::optional<bundle::V1Lookup> lookup_;
  Tensor result_;
  std::vector<uint8_t> packed_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_v1_lookup) {
  emscripten::class_<V1LookupHandle>("V1Lookup")
      .constructor()
      .function("begin", &V1LookupHandle::Begin)
      .function("resume", &V1LookupHandle::Continue)
      .function("dims", &V1LookupHandle::dims)
      .function("address", &V1LookupHandle::address)
      .function("size", &V1LookupHandle::size);
}

}  // namespace tensorbundle::embind
