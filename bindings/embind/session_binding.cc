// Session and SessionRun for JavaScript.

#include <emscripten/bind.h>
#include <emscripten/emscripten.h>

#include <cstdint>
#include <memory>

#include "bindings/embind/graph_call.h"
#include "bindings/embind/session_run.h"

// Fresh random bits for ops without seeds; the engine has no source of its own.
EM_JS(uint32_t, tensorbundle_random_bits, (),
      { return globalThis.crypto.getRandomValues(new Uint32Array(1))[0]; });

namespace tensorbundle::embind {
namespace {

uint64_t Random64() {
  const uint64_t high = tensorbundle_random_bits();
  return (high << 32) | tensorbundle_random_bits();
}

SessionPointer NewSession(GraphPointer graph) {
  return std::make_shared<session::Session>(std::move(graph), &Random64);
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_session) {
  using emscripten::class_;
  class_<session::Session>("Session")
      .smart_ptr_constructor("Session", &NewSession)
      .function("close", &session::Session::Close)
      .function("closed", &session::Session::closed);
  class_<SessionRun>("SessionRun")
      .constructor<SessionPointer>()
      .function("addFeed", &SessionRun::AddFeed)
      .function("addString", &SessionRun::AddString)
      .function("dataAddress", &SessionRun::data_address)
      .function("addFetch", &SessionRun::AddFetch)
      .function("addTarget", &SessionRun::AddTarget)
      .function("run", &SessionRun::Run)
      .function("result", &SessionRun::result)
      .function("clear", &SessionRun::Clear);
}

}  // namespace tensorbundle::embind
