// The functions that belong to no class: version, errors, checksums.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>

#include "bindings/embind/convert.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::embind {
namespace {

std::string Version() { return TB_VERSION; }

uint32_t Crc32c(uint32_t crc, uintptr_t data, uint32_t size) {
  return crc32c::Extend(crc,
                        Bytes(reinterpret_cast<const uint8_t*>(data), size));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle) {
  emscripten::value_object<ErrorOut>("Error")
      .field("code", &ErrorOut::code)
      .field("message", &ErrorOut::message)
      .field("node", &ErrorOut::node)
      .field("file", &ErrorOut::file)
      .field("tensor", &ErrorOut::tensor)
      .field("offset", &ErrorOut::offset)
      .field("length", &ErrorOut::length);
  emscripten::function("version", &Version);
  emscripten::function("lastError", &LastError);
  emscripten::function("crc32c", &Crc32c);
}

}  // namespace tensorbundle::embind
