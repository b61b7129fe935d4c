// MetaGraphDefs for JavaScript: a graph on its way to a `.meta` file.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/embind/graph_call.h"
#include "bindings/embind/json.h"
#include "engine/metagraph/meta_graph_writer.h"

namespace tensorbundle::embind {
namespace {

using metagraph::ExportOptions;

// One export: the options, Write(), the bytes.
class MetaGraphWriter {
 public:
  explicit MetaGraphWriter(GraphPointer graph) : graph_(std::move(graph)) {}

  void SetSaver(const std::string& filename_tensor_name,
                const std::string& save_tensor_name,
                const std::string& restore_op_name) {
    options_.saver_def.emplace();
    options_.saver_def->filename_tensor_name = filename_tensor_name;
    options_.saver_def->save_tensor_name = save_tensor_name;
    options_.saver_def->restore_op_name = restore_op_name;
  }
  // REQUIRES: SetSaver() was called.
  void SetSaverOptions(int max_to_keep, bool sharded,
                       float keep_checkpoint_every_n_hours, int version) {
    options_.saver_def->max_to_keep = max_to_keep;
    options_.saver_def->sharded = sharded;
    options_.saver_def->keep_checkpoint_every_n_hours =
        keep_checkpoint_every_n_hours;
    options_.saver_def->version =
        static_cast<train::CheckpointVersion>(version);
  }
  // Once called, even with "", only what was added is written.
  void AddCollection(const std::string& key) {
    if (!options_.collections) options_.collections.emplace();
    if (!key.empty()) options_.collections->push_back(key);
  }
  void SetFlags(bool clear_devices, bool strip_default_attrs,
                bool clear_extraneous_savers) {
    options_.clear_devices = clear_devices;
    options_.strip_default_attrs = strip_default_attrs;
    options_.clear_extraneous_savers = clear_extraneous_savers;
  }
  void SetScope(const std::string& scope) { options_.export_scope = scope; }

  void Write() { result_ = SerializeMetaGraph(*graph_, options_); }

  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(result_.bytes.data());
  }
  uint32_t size() const { return static_cast<uint32_t>(result_.bytes.size()); }
  // JSON: the keys of collections that are of no one kind.
  std::string Skipped() const {
    Json json;
    json.Array();
    for (const std::string& key : result_.skipped) json.String(key);
    json.End();
    return json.Take();
  }

 private:
  GraphPointer graph_;
  ExportOptions options_;
  metagraph::SerializedMetaGraph result_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_meta_graph_writer) {
  emscripten::class_<MetaGraphWriter>("MetaGraphWriter")
      .constructor<GraphPointer>()
      .function("setSaver", &MetaGraphWriter::SetSaver)
      .function("setSaverOptions", &MetaGraphWriter::SetSaverOptions)
      .function("addCollection", &MetaGraphWriter::AddCollection)
      .function("setFlags", &MetaGraphWriter::SetFlags)
      .function("setScope", &MetaGraphWriter::SetScope)
      .function("write", &MetaGraphWriter::Write)
      .function("address", &MetaGraphWriter::address)
      .function("size", &MetaGraphWriter::size)
      .function("skipped", &MetaGraphWriter::Skipped);
}

}  // namespace tensorbundle::embind
