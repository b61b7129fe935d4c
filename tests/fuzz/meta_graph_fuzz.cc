// A MetaGraphDef of any bytes: imported into a graph, exported, and imported
// again.
//
//   u8 flags | message, or with flag 1 its text
//
// As text most of what a fuzzer changes remains a message.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/metagraph/meta_graph_importer.h"
#include "engine/metagraph/meta_graph_writer.h"
#include "engine/metagraph/text_format.h"
#include "engine/ops/standard_ops.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::metagraph {
namespace {

using fuzz::Require;

constexpr uint8_t kText = 1;
constexpr uint8_t kScope = 2;

// Imports `message` into *graph. Returns its export, or "" when it is refused.
std::string ImportAndExport(const std::string& message,
                            const ImportOptions& options, graph::Graph* graph) {
  const int before = graph->num_nodes();
  const auto imported = ImportMetaGraph(graph, AsBytes(message), options);
  if (!imported.ok()) {
    Require(graph->num_nodes() == before);
    return "";
  }
  ExportOptions export_options;
  export_options.saver_def = imported->saver_def;
  return SerializeMetaGraph(*graph, export_options).bytes;
}

void Import(const std::string& message, bool in_scope) {
  ImportOptions options;
  options.clear_devices = in_scope;
  if (in_scope) options.import_scope = "scope";
  const auto graph = ops::NewGraph();
  const std::string exported = ImportAndExport(message, options, graph.get());
  if (exported.empty()) return;
  // A second time: its names are taken.
  static_cast<void>(ImportAndExport(message, options, graph.get()));

  // The file may not have said what its ops are; an export does. Then a node
  // may turn out to be none of those, or more of the types are known. After
  // that nothing changes.
  const std::string second =
      ImportAndExport(exported, {}, ops::NewGraph().get());
  if (second.empty()) return;
  Require(ImportAndExport(second, {}, ops::NewGraph().get()) == second);
}

}  // namespace
}  // namespace tensorbundle::metagraph

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  if (size == 0) return 0;
  std::string message(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((data[0] & metagraph::kText) != 0) {
    auto parsed = metagraph::ParseMetaGraphText(message);
    if (!parsed.ok()) return 0;
    message = *std::move(parsed);
  }
  metagraph::Import(message, (data[0] & metagraph::kScope) != 0);
  return 0;
}
