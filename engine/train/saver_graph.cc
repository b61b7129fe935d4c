#include "engine/train/saver_graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"
#include "engine/ops/array.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/variable.h"

namespace tensorbundle::train {

using graph::AttrValue;
using graph::Graph;
using graph::NameScope;
using graph::Node;
using graph::Output;
using graph::Variable;

namespace {

Status NothingToSave() { return PyValueError("No variables to save"); }

std::vector<Saveable> SortedByKey(std::map<std::string, Saveable> by_key) {
  std::vector<Saveable> saveables;
  for (auto& [key, saveable] : by_key) saveables.push_back(std::move(saveable));
  return saveables;
}

// A part of a partitioned variable joins the others under their full name.
Status AddPart(std::map<std::string, Saveable>* by_key, const Variable* part) {
  const std::string& name = part->slice->full_name;
  Saveable& saveable = (*by_key)[name];
  if (!saveable.variables.empty() && !saveable.is_sliced) {
    return PyValueError("Mixing slices and non-slices with the same name: " +
                        name);
  }
  saveable.key = name;
  saveable.is_sliced = true;
  saveable.variables.push_back(part);
  return OkStatus();
}

Status CheckSlices(const SaveablesMapEntry& entry) {
  const std::string* full_name = nullptr;
  for (const Variable* variable : entry.variables) {
    if (!variable->slice) {
      return PyValueError("Slices must all be slices: " +
                          variable->variable.name());
    }
    const std::string& name = variable->slice->full_name;
    if (full_name == nullptr) full_name = &name;
    if (*full_name != name) {
      return PyValueError("Slices must all be from the same tensor: " +
                          *full_name + " != " + name);
    }
  }
  return OkStatus();
}

}  // namespace

Result<std::vector<Saveable>> SaveablesFromList(
    std::span<const Variable* const> variables) {
  if (variables.empty()) return NothingToSave();
  std::vector<const Variable*> sorted(variables.begin(), variables.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Variable* a, const Variable* b) {
                     return a->variable.name() < b->variable.name();
                   });
  std::map<std::string, Saveable> by_key;
  for (const Variable* variable : sorted) {
    if (variable->slice) {
      TB_RETURN_IF_ERROR(AddPart(&by_key, variable));
      continue;
    }
    const std::string& key = variable->op_name();
    if (by_key.count(key) > 0) {
      return PyValueError("At least two variables have the same name: " + key);
    }
    by_key[key] = Saveable{key, {variable}, false};
  }
  return SortedByKey(std::move(by_key));
}

Result<std::vector<Saveable>> SaveablesFromMap(
    std::span<const SaveablesMapEntry> entries) {
  if (entries.empty()) return NothingToSave();
  std::map<std::string, Saveable> by_key;
  for (const SaveablesMapEntry& entry : entries) {
    if (entry.is_list) TB_RETURN_IF_ERROR(CheckSlices(entry));
    by_key[entry.key] = Saveable{entry.key, entry.variables, entry.is_list};
  }
  std::set<const Node*> seen;
  for (const auto& [key, saveable] : by_key) {
    for (const Variable* variable : saveable.variables) {
      if (!seen.insert(variable->variable.node).second) {
        return PyValueError(
            "The same saveable will be restored with two names: " + key);
      }
    }
  }
  return SortedByKey(std::move(by_key));
}

namespace {

class SaverGraphBuilder {
 public:
  SaverGraphBuilder(Graph* graph, const SaverGraphOptions& options)
      : graph_(graph), options_(options) {}

  Result<SaverGraph> Build(const std::vector<Saveable>& saveables) {
    TB_RETURN_IF_ERROR(graph_->CheckNotFinalized());
    TB_ASSIGN_OR_RETURN(
        const NameScope scope,
        NameScope::Enter(graph_, options_.name.empty()
                                     ? std::string_view("save")
                                     : std::string_view(options_.name)));
    AddSlots(saveables);
    TB_RETURN_IF_ERROR(AddFilename());
    TB_RETURN_IF_ERROR(AddSave());
    TB_RETURN_IF_ERROR(AddRestore());
    saver_.def.max_to_keep = options_.max_to_keep;
    saver_.def.keep_checkpoint_every_n_hours =
        options_.keep_checkpoint_every_n_hours;
    return std::move(saver_);
  }

 private:
  void AddSlots(const std::vector<Saveable>& saveables) {
    for (const Saveable& saveable : saveables) {
      for (const Variable* variable : saveable.variables) {
        SaveSlot slot;
        slot.key = saveable.key;
        if (saveable.is_sliced) slot.slice_spec = variable->slice->Spec();
        slot.variable = variable->variable.node;
        slot.dtype = variable->variable.dtype();
        slot.shape = variable->variable.shape();
        saver_.slots.push_back(std::move(slot));
      }
    }
  }

  // The name of the file is fed to "Const"; what it defaults to is "filename".
  Status AddFilename() {
    const graph::PartialShape scalar = graph::PartialShape::Of({});
    TB_ASSIGN_OR_RETURN(
        const Output filename,
        ops::PlaceholderWithDefault(
            graph_,
            std::string_view(options_.filename.empty() ? "model"
                                                       : options_.filename),
            scalar, "filename"));
    TB_ASSIGN_OR_RETURN(filename_, ops::PlaceholderWithDefault(
                                       graph_, filename, scalar, "Const"));
    saver_.def.filename_tensor_name = filename_.name();
    return OkStatus();
  }

  ops::Operand Strings(std::string SaveSlot::*field) const {
    std::vector<std::string> values;
    for (const SaveSlot& slot : saver_.slots) values.push_back(slot.*field);
    const Shape shape = Shape::Of({static_cast<int64_t>(values.size())});
    return Tensor::FromStrings(shape, std::move(values));
  }

  Status AddSave() {
    std::vector<ops::Operand> refs;
    for (const SaveSlot& slot : saver_.slots) {
      refs.emplace_back(slot.variable->output(0));
    }
    TB_ASSIGN_OR_RETURN(
        saver_.save,
        ops::ApplyOp(graph_, "SaveV2",
                     {filename_, Strings(&SaveSlot::key),
                      Strings(&SaveSlot::slice_spec), std::move(refs)}));
    TB_ASSIGN_OR_RETURN(
        const Output saved,
        ops::WithDependencies(graph_, {saver_.save}, filename_));
    saver_.def.save_tensor_name = saved.name();
    return OkStatus();
  }

  Status AddRestore() {
    TB_RETURN_IF_ERROR(AddRestoreOp());
    std::vector<const Node*> assigns;
    for (size_t i = 0; i < saver_.slots.size(); ++i) {
      SaveSlot& slot = saver_.slots[i];
      ops::AssignOptions options;
      options.use_locking = true;
      options.validate_shape = slot.shape.IsFullyDefined();
      TB_ASSIGN_OR_RETURN(
          const Output assigned,
          ops::Assign(graph_, slot.variable->output(0),
                      saver_.restore->output(static_cast<int>(i)), options));
      slot.assign = assigned.node;
      assigns.push_back(assigned.node);
    }
    TB_ASSIGN_OR_RETURN(saver_.restore_all,
                        ops::Group(graph_, assigns, "restore_all"));
    saver_.def.restore_op_name = saver_.restore_all->name();
    return OkStatus();
  }

  Status AddRestoreOp() {
    std::vector<DType> dtypes;
    for (const SaveSlot& slot : saver_.slots) dtypes.push_back(slot.dtype);
    const graph::DeviceScope device(graph_, "/device:CPU:0");
    TB_ASSIGN_OR_RETURN(
        saver_.restore,
        ops::ApplyOp(graph_, "RestoreV2",
                     {filename_, Strings(&SaveSlot::key),
                      Strings(&SaveSlot::slice_spec)},
                     {{"dtypes", AttrValue::Types(std::move(dtypes))}}));
    return OkStatus();
  }

  Graph* graph_;
  const SaverGraphOptions& options_;
  Output filename_;
  SaverGraph saver_;
};

}  // namespace

Result<SaverGraph> BuildSaverGraph(Graph* graph,
                                   const std::vector<Saveable>& saveables,
                                   const SaverGraphOptions& options) {
  return SaverGraphBuilder(graph, options).Build(saveables);
}

}  // namespace tensorbundle::train
