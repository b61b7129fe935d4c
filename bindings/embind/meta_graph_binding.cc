// MetaGraphDefs for JavaScript: `.meta` files on their way into a graph, and as
// text.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/graph_call.h"
#include "bindings/embind/json.h"
#include "engine/metagraph/meta_graph_importer.h"
#include "engine/metagraph/text_format.h"

namespace tensorbundle::embind {
namespace {

Bytes BytesAt(uintptr_t address, uint32_t size) {
  return Bytes(reinterpret_cast<const uint8_t*>(address), size);
}

// One import: the options, Run(), what became of the saver.
class MetaGraphImport {
 public:
  explicit MetaGraphImport(GraphPointer graph) : graph_(std::move(graph)) {}

  void MapInput(const std::string& name, int node, int output) {
    options_.input_map[name] = graph_->node(node).output(output);
  }

  // Returns a code.
  int Run(uintptr_t address, uint32_t size, const std::string& import_scope,
          bool clear_devices) {
    options_.import_scope = import_scope;
    options_.clear_devices = clear_devices;
    Result<metagraph::ImportedMetaGraph> imported =
        ImportMetaGraph(graph_.get(), BytesAt(address, size), options_);
    if (!imported.ok()) return Report(imported.status());
    imported_ = std::move(imported).value();
    return Report(OkStatus());
  }

  // The fields of a SaverDef; "" when the file has none.
  std::string SaverDef() const {
    if (!imported_.saver_def) return "";
    const train::SaverDef& def = *imported_.saver_def;
    Json json;
    json.Object();
    json.Key("filenameTensorName").String(def.filename_tensor_name);
    json.Key("saveTensorName").String(def.save_tensor_name);
    json.Key("restoreOpName").String(def.restore_op_name);
    json.Key("maxToKeep").Number(def.max_to_keep);
    json.Key("sharded").Bool(def.sharded);
    json.Key("keepCheckpointEveryNHours")
        .Number(def.keep_checkpoint_every_n_hours);
    json.Key("version").Number(static_cast<int>(def.version));
    json.End();
    return json.Take();
  }
  std::string scope() const { return imported_.scope; }

 private:
  GraphPointer graph_;
  metagraph::ImportOptions options_;
  metagraph::ImportedMetaGraph imported_;
};

// A MetaGraphDef as text, or text as a MetaGraphDef. Print() and Parse() return
// codes.
class MetaGraphText {
 public:
  int Print(uintptr_t address, uint32_t size) {
    return Hold(metagraph::PrintMetaGraph(BytesAt(address, size)));
  }
  int Parse(uintptr_t address, uint32_t size) {
    return Hold(
        metagraph::ParseMetaGraphText(AsString(BytesAt(address, size))));
  }
  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(result_.data());
  }
  uint32_t size() const { return static_cast<uint32_t>(result_.size()); }

 private:
  int Hold(Result<std::string> result) {
    if (!result.ok()) return Report(result.status());
    result_ = std::move(result).value();
    return Report(OkStatus());
  }

  std::string result_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_meta_graph) {
  emscripten::class_<MetaGraphImport>("MetaGraphImport")
      .constructor<GraphPointer>()
      .function("mapInput", &MetaGraphImport::MapInput)
      .function("run", &MetaGraphImport::Run)
      .function("saverDef", &MetaGraphImport::SaverDef)
      .function("scope", &MetaGraphImport::scope);
  emscripten::class_<MetaGraphText>("MetaGraphText")
      .constructor<>()
      .function("print", &MetaGraphText::Print)
      .function("parse", &MetaGraphText::Parse)
      .function("address", &MetaGraphText::address)
      .function("size", &MetaGraphText::size);
}

}  // namespace tensorbundle::embind
