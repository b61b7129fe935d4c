// The explanation of an index file's bytes for JavaScript.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>

#include "bindings/embind/json.h"
#include "engine/bundle/explain.h"

namespace tensorbundle::embind {
namespace {

// [[offset, length, depth, label, value], ...]
std::string ExplainIndex(uintptr_t address, uint32_t size, uint32_t max_spans) {
  Json json;
  json.Array();
  for (const bundle::Span& span : bundle::ExplainIndex(
           Bytes(reinterpret_cast<const uint8_t*>(address), size), max_spans)) {
    json.Array();
    json.Number(static_cast<double>(span.offset));
    json.Number(static_cast<double>(span.length));
    json.Number(span.depth);
    json.String(span.label);
    json.String(span.value);
    json.End();
  }
  json.End();
  return json.Take();
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_explain) {
  emscripten::function("explainIndex", &ExplainIndex);
}

}  // namespace tensorbundle::embind
