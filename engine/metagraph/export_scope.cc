#include "engine/metagraph/export_scope.h"

namespace tensorbundle::metagraph {

namespace {

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Everything up to and with the last slash.
std::string ScopeOf(std::string_view name) {
  return std::string(name.substr(0, name.rfind('/') + 1));
}

// tensorflow/python/framework/meta_graph.py: SAVE_AND_RESTORE_OPS.
bool SavesOrRestores(std::string_view op) {
  for (const std::string_view each :
       {"SaveV2", "Save", "SaveSlice", "LegacySave", "LegacySaveSlice",
        "RestoreV2", "Restore", "RestoreSlice", "LegacyRestore",
        "LegacyRestoreSlice"}) {
    if (op == each) return true;
  }
  return false;
}

}  // namespace

ExportScope::ExportScope(std::string_view name) : prefix_(name) {
  if (!prefix_.empty() && prefix_.back() != '/') prefix_ += '/';
}

void ExportScope::LeaveOutSavers(const graph::Graph& graph,
                                 const train::SaverDef* saver_def) {
  for (int id = 1; id <= graph.num_nodes(); ++id) {
    const graph::Node& node = graph.node(id);
    if (SavesOrRestores(node.op())) left_out_.insert(ScopeOf(node.name()));
  }
  left_out_.erase("");
  if (saver_def == nullptr) return;
  left_out_.erase(ScopeOf(saver_def->save_tensor_name));
  left_out_.erase(ScopeOf(saver_def->restore_op_name));
}

bool ExportScope::Includes(std::string_view node) const {
  if (!StartsWith(node, prefix_)) return false;
  for (const std::string& scope : left_out_) {
    if (StartsWith(node, scope)) return false;
  }
  return true;
}

std::string_view ExportScope::Name(std::string_view name) const {
  return StartsWith(name, prefix_) ? name.substr(prefix_.size()) : name;
}

std::string ExportScope::Input(const std::string& input) {
  const std::string_view control = StartsWith(input, "^") ? "^" : "";
  const std::string_view name = std::string_view(input).substr(control.size());
  if (StartsWith(name, prefix_)) {
    return std::string(control) + std::string(Name(name));
  }
  std::string unbound =
      std::string(control) + "$unbound_inputs_" + std::string(name);
  unbound_.insert(unbound);
  return unbound;
}

}  // namespace tensorbundle::metagraph
