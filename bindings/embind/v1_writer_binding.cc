// V1Writer for JavaScript.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>

#include "bindings/embind/convert.h"
#include "engine/bundle/v1_writer.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code.
class V1WriterHandle {
 public:
  // `size` bytes at `address`: the elements of the slice `spec` of a tensor of
  // shape `dims`, or of the whole of it; of strings, packed (convert.h).
  int Add(const std::string& name, int dtype, const std::string& dims,
          const std::string& spec, bool whole, uintptr_t address,
          uint32_t size) {
    return Report(
        AddElements(name, static_cast<DType>(dtype), dims, spec, whole,
                    Bytes(reinterpret_cast<const uint8_t*>(address), size)));
  }

  // The file is size() bytes at address().
  int Finish() { return Report(writer_.Finish(&file_)); }

  double num_tensors() const {
    return static_cast<double>(writer_.num_tensors());
  }
  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(file_.contents().data());
  }
  double size() const { return static_cast<double>(file_.offset()); }

 private:
  Status AddElements(const std::string& name, DType dtype,
                     const std::string& dims, const std::string& spec,
                     bool whole, Bytes elements) {
    TB_ASSIGN_OR_RETURN(const Shape shape, ParseShape(dims));
    Slice slice = Slice::Full(shape.rank());
    if (!whole) {
      TB_ASSIGN_OR_RETURN(slice, ParseSlice(spec));
    }
    if (dtype == DType::kString) {
      return writer_.AddStrings(name, shape, slice, UnpackStrings(elements));
    }
    return writer_.Add(name, shape, slice, dtype, elements);
  }

  bundle::V1Writer writer_;
  io::MemorySink file_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_v1_writer) {
  emscripten::class_<V1WriterHandle>("V1Writer")
      .constructor()
      .function("add", &V1WriterHandle::Add)
      .function("finish", &V1WriterHandle::Finish)
      .function("numTensors", &V1WriterHandle::num_tensors)
      .function("address", &V1WriterHandle::address)
      .function("size", &V1WriterHandle::size);
}

}  // namespace tensorbundle::embind
