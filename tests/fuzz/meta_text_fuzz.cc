// Any bytes as a MetaGraphDef and as the text of one. What can be printed can
// be parsed, and prints the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/metagraph/text_format.h"
#include "engine/util/bytes.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::metagraph {
namespace {

void RoundTrip(Bytes message) {
  const auto text = PrintMetaGraph(message);
  if (!text.ok()) return;
  const auto parsed = ParseMetaGraphText(*text);
  fuzz::Require(parsed.ok());
  const auto again = PrintMetaGraph(AsBytes(*parsed));
  fuzz::Require(again.ok() && *again == *text);
}

}  // namespace
}  // namespace tensorbundle::metagraph

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  const Bytes bytes(data, size);
  metagraph::RoundTrip(bytes);
  const auto parsed = metagraph::ParseMetaGraphText(AsString(bytes));
  if (parsed.ok()) {
    fuzz::Require(metagraph::PrintMetaGraph(AsBytes(*parsed)).ok());
    metagraph::RoundTrip(AsBytes(*parsed));
  }
  return 0;
}
