// Any bytes, explained: the spans cover them without gaps and overlaps, at
// every depth.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/bundle/explain.h"
#include "engine/util/utf8.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::bundle {
namespace {

using fuzz::Require;

// The span at *next and those below it; *next is behind them then.
uint64_t Cover(const std::vector<Span>& spans, size_t* next, uint64_t begin) {
  const Span& span = spans[(*next)++];
  Require(span.offset == begin && IsValidUtf8(span.value));
  uint64_t at = begin;
  while (*next < spans.size() && spans[*next].depth > span.depth) {
    Require(spans[*next].depth == span.depth + 1);
    at = Cover(spans, next, at);
  }
  const uint64_t end = begin + span.length;
  Require(at == begin || at == end);
  return end;
}

}  // namespace
}  // namespace tensorbundle::bundle

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  for (const size_t enough : {size_t{20000}, size_t{7}}) {
    const std::vector<bundle::Span> spans =
        bundle::ExplainIndex(Bytes(data, size), enough);
    uint64_t at = 0;
    for (size_t next = 0; next < spans.size();) {
      at = bundle::Cover(spans, &next, at);
    }
    fuzz::Require(at == size);
  }
  return 0;
}
