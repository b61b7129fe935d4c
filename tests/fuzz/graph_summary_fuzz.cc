// Any bytes as a SavedModel and as a MetaGraphDef, summed up.
#include <cstddef>
#include <cstdint>

#include "engine/metagraph/meta_graph_def.h"
#include "engine/metagraph/summary.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::metagraph {
namespace {

void Check(const MetaGraphSummary& summary, size_t size) {
  uint64_t nodes = 0;
  for (const auto& [op, count] : summary.ops) nodes += count;
  fuzz::Require(nodes == summary.nodes);
  // Whatever is counted takes a byte of the file at least.
  fuzz::Require(summary.nodes <= size && summary.functions <= size &&
                summary.assets <= size && summary.objects <= size);
  for (const auto& [key, collection] : summary.collections) {
    fuzz::Require(collection.size <= size);
  }
}

}  // namespace
}  // namespace tensorbundle::metagraph

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle::metagraph;  // NOLINT
  const tensorbundle::Bytes message(data, size);
  const auto graphs = SummarizeSavedModel(message);
  if (graphs.ok()) {
    for (const MetaGraphSummary& summary : *graphs) Check(summary, size);
  }
  const auto summary = SummarizeMetaGraph(message);
  if (summary.ok()) {
    Check(*summary, size);
    const auto parsed = ParseMetaGraphDef(message);
    // The parser looks into messages that the summary passes over.
    tensorbundle::fuzz::Require(
        !parsed.ok() || (parsed->nodes.size() == summary->nodes &&
                         parsed->functions.size() == summary->functions));
  }
  return 0;
}
