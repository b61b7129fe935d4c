// MetaGraphDef    1 meta_info_def   2 graph_def   3 saver_def
//                 4 collection_def { 1 key   2 value }
// MetaInfoDef     2 stripped_op_list   5 tensorflow_version
//                 6 tensorflow_git_version   7 stripped_default_attrs
// CollectionDef   one of   1 node_list   2 bytes_list   3 int64_list
//                          4 float_list   5 any_list, each { 1 value }
#include "engine/metagraph/meta_graph_writer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/export_scope.h"
#include "engine/metagraph/graph_def_writer.h"
#include "engine/metagraph/records.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::CollectionItem;
using graph::Variable;

namespace {

// The fields of CollectionDef.
constexpr uint32_t kNodeList = 1;
constexpr uint32_t kBytesList = 2;
constexpr uint32_t kInt64List = 3;
constexpr uint32_t kFloatList = 4;

uint32_t ListFor(const CollectionItem& item, bool as_variable_defs) {
  if (std::holds_alternative<const Variable*>(item)) {
    return as_variable_defs ? kBytesList : kNodeList;
  }
  if (std::holds_alternative<std::string>(item)) return kBytesList;
  if (std::holds_alternative<int64_t>(item)) return kInt64List;
  if (std::holds_alternative<float>(item)) return kFloatList;
  return kNodeList;
}

// Appends the item to the list's field `value`: to `out` for strings, to
// `packed` for numbers.
void AppendItem(const CollectionItem& item, uint32_t list,
                const ExportScope& scope, std::string* out,
                std::string* packed) {
  if (const auto* integer = std::get_if<int64_t>(&item)) {
    AppendVarint64(packed, static_cast<uint64_t>(*integer));
  } else if (const auto* real = std::get_if<float>(&item)) {
    AppendFixed32(packed, BitCast<uint32_t>(*real));
  } else if (const auto* text = std::get_if<std::string>(&item)) {
    AppendWireBytes(out, 1, *text);
  } else {
    const std::string name = graph::ItemName(item);
    if (name.substr(0, scope.prefix().size()) != scope.prefix()) return;
    const auto* variable = std::get_if<const Variable*>(&item);
    AppendWireBytes(out, 1,
                    list == kBytesList
                        ? EncodeVariableDef(**variable, scope.prefix())
                        : std::string(scope.Name(name)));
  }
}

// The CollectionDef, or nothing when the items are of several kinds.
std::optional<std::string> Collection(const std::string& key,
                                      std::span<const CollectionItem> items,
                                      const ExportScope& scope) {
  const bool as_variable_defs = HoldsVariableDefs(key);
  const uint32_t list = ListFor(items[0], as_variable_defs);
  std::string values;
  std::string packed;
  for (const CollectionItem& item : items) {
    if (ListFor(item, as_variable_defs) != list) return std::nullopt;
    AppendItem(item, list, scope, &values, &packed);
  }
  if (!packed.empty()) AppendWireBytes(&values, 1, packed);
  std::string out;
  AppendWireBytes(&out, list, values);
  return out;
}

class MetaGraphWriter {
 public:
  MetaGraphWriter(const graph::Graph& graph, const ExportOptions& options)
      : graph_(graph), options_(options), scope_(options.export_scope) {}

  SerializedMetaGraph Write() {
    const train::SaverDef* saver_def =
        options_.saver_def ? &*options_.saver_def : nullptr;
    if (options_.clear_extraneous_savers) {
      scope_.LeaveOutSavers(graph_, saver_def);
    }
    GraphDefWriter nodes(&graph_, &scope_);
    nodes.set_clear_devices(options_.clear_devices);
    nodes.set_strip_default_attrs(options_.strip_default_attrs);
    const std::string graph_def = nodes.Graph();

    std::string info;
    AppendWireBytes(&info, 2, nodes.Ops());
    AppendWireBytes(&info, 5, "1.15.0");
    AppendWireBytes(&info, 6, "unknown");
    if (options_.strip_default_attrs) AppendWireVarint(&info, 7, 1);
    AppendWireBytes(&result_.bytes, 1, info);
    AppendWireBytes(&result_.bytes, 2, graph_def);
    if (saver_def != nullptr) AddSaver(*saver_def);
    AddCollections();
    return std::move(result_);
  }

 private:
  // A saver whose nodes are not all in the scope is not the scope's.
  void AddSaver(train::SaverDef def) {
    for (std::string* name : {&def.filename_tensor_name, &def.save_tensor_name,
                              &def.restore_op_name}) {
      if (name->compare(0, scope_.prefix().size(), scope_.prefix()) != 0) {
        return;
      }
      *name = scope_.Name(*name);
    }
    AppendWireBytes(&result_.bytes, 3, EncodeSaverDef(def));
  }

  void AddCollections() {
    std::map<std::string, std::string> collections;
    for (const std::string& key : graph_.collections().Keys()) {
      if (!IsWanted(key)) continue;
      std::optional<std::string> collection =
          Collection(key, graph_.collections().Get(key), scope_);
      if (collection) {
        collections[key] = std::move(*collection);
      } else {
        result_.skipped.push_back(key);
      }
    }
    for (const auto& [key, message] : graph_.foreign().collections) {
      if (IsWanted(key)) collections.emplace(key, message);
    }
    if (!scope_.unbound_inputs().empty()) {
      std::string names;
      for (const std::string& name : scope_.unbound_inputs()) {
        AppendWireBytes(&names, 1, name);
      }
      std::string message;
      AppendWireBytes(&message, kBytesList, names);
      collections["unbound_inputs"] = std::move(message);
    }
    for (const auto& [key, message] : collections) {
      std::string entry;
      AppendWireBytes(&entry, 1, key);
      AppendWireBytes(&entry, 2, message);
      AppendWireBytes(&result_.bytes, 4, entry);
    }
  }

  bool IsWanted(const std::string& key) const {
    if (!options_.collections) return true;
    const std::vector<std::string>& keys = *options_.collections;
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  }

  const graph::Graph& graph_;
  const ExportOptions& options_;
  ExportScope scope_;
  SerializedMetaGraph result_;
};

}  // namespace

SerializedMetaGraph SerializeMetaGraph(const graph::Graph& graph,
                                       const ExportOptions& options) {
  return MetaGraphWriter(graph, options).Write();
}

}  // namespace tensorbundle::metagraph
