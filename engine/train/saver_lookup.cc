// Nodes are followed against the direction of their edges. From the save
// tensor:
//
//   control_dependency -> SaveV2 -> its inputs: names, specs, variables
//   Identity -> MergeV2Checkpoints -> Pack -> ShardedFilename ... SaveV2 ...
//
// and from the restore op:
//
//   restore_all -> Assign -> variable
//                         -> [Reshape] -> RestoreV2 -> names, specs
//
// A variable may be a resource: behind a ReadVariableOp, or in front of an
// AssignVariableOp.
#include "engine/train/saver_lookup.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/graph/lookup.h"

namespace tensorbundle::train {

using graph::Graph;
using graph::Node;
using graph::Output;

namespace {

// An op that reads or writes checkpoints: where its inputs are. `specs` is -1
// for ops without slices.
struct IoOp {
  std::string_view op;
  int names;
  int specs;
  int tensors;  // the first of those that are saved
};

constexpr IoOp kSaveOps[] = {
    {"SaveV2", 1, 2, 3}, {"SaveSlices", 1, 2, 3}, {"Save", 1, -1, 2}};
constexpr IoOp kRestoreOps[] = {
    {"RestoreV2", 1, 2, 0}, {"RestoreSlice", 1, 2, 0}, {"Restore", 1, -1, 0}};

const IoOp* FindIoOp(std::span<const IoOp> ops, const Node& node) {
  for (const IoOp& op : ops) {
    if (op.op == node.op()) return &op;
  }
  return nullptr;
}

// The nodes behind `start`, itself included, in the order of their making; what
// lies behind those for which `stop` holds is not looked at.
template <typename Stop>
std::vector<const Node*> Behind(const Node* start, Stop stop) {
  std::set<int> seen = {start->id()};
  std::vector<const Node*> found = {start};
  for (size_t i = 0; i < found.size(); ++i) {
    const Node* node = found[i];
    if (stop(*node)) continue;
    const auto visit = [&](const Node* next) {
      if (seen.insert(next->id()).second) found.push_back(next);
    };
    for (const Output& input : node->inputs()) visit(input.node);
    for (const Node* control : node->control_inputs()) visit(control);
  }
  std::sort(found.begin(), found.end(),
            [](const Node* a, const Node* b) { return a->id() < b->id(); });
  return found;
}

Status Unsupported(const Node& node) {
  return UnimplementedError("A saver with the op '" + node.op() + "' (node '" +
                            node.name() + "') cannot be used here");
}

// The i-th string of a constant input.
Result<std::string> ConstString(const Node& node, int input, size_t i) {
  if (input < 0) return std::string();
  const Node& constant = *node.input(input).node;
  const graph::AttrValue* value = constant.attr("value");
  if (constant.op() != "Const" || value == nullptr ||
      value->tensor() == nullptr ||
      value->tensor()->dtype() != DType::kString ||
      value->tensor()->strings().empty()) {
    return Unsupported(constant);
  }
  const std::span<const std::string> strings = value->tensor()->strings();
  return strings[std::min(i, strings.size() - 1)];
}

// The variable whose value `output` is.
Result<const Node*> VariableOf(Output output) {
  const auto is_any = [&](std::initializer_list<std::string_view> ops) {
    return std::find(ops.begin(), ops.end(), output.node->op()) != ops.end();
  };
  while (is_any({"Identity", "ReadVariableOp"})) output = output.node->input(0);
  if (!is_any({"VariableV2", "Variable", "VarHandleOp"})) {
    return Unsupported(*output.node);
  }
  return output.node;
}

class SaverFinder {
 public:
  SaverFinder(const Graph& graph, const SaverDef& def) : graph_(graph) {
    saver_.def = def;
    saver_.num_shards = 0;
  }

  Result<SaverGraph> Find() {
    const SaverDef& def = saver_.def;
    const auto filename = graph::FindElement(graph_, def.filename_tensor_name,
                                             graph::ElementKinds::kTensor);
    if (!filename.ok()) {
      return PyTypeError("Cannot interpret feed_dict key as Tensor: " +
                         filename.status().message());
    }
    TB_ASSIGN_OR_RETURN(const Node* save, Fetch(def.save_tensor_name));
    TB_ASSIGN_OR_RETURN(const Node* restore, Fetch(def.restore_op_name));
    TB_RETURN_IF_ERROR(AddSaves(save));
    TB_RETURN_IF_ERROR(AddRestores(restore));
    return std::move(saver_);
  }

 private:
  Result<const Node*> Fetch(const std::string& name) const {
    const auto element = graph::FindElement(graph_, name);
    if (element.ok()) return element->node;
    return PyValueError("Fetch argument '" + name +
                        "' cannot be interpreted as a Tensor. (\"" +
                        element.status().message() + "\")");
  }

  Status AddSaves(const Node* save) {
    const auto is_save = [](const Node& node) {
      return FindIoOp(kSaveOps, node) != nullptr;
    };
    for (const Node* node : Behind(save, is_save)) {
      const IoOp* op = FindIoOp(kSaveOps, *node);
      if (op == nullptr) continue;
      const auto first = static_cast<size_t>(op->tensors);
      for (size_t i = first; i < node->inputs().size(); ++i) {
        SaveSlot slot;
        slot.shard = saver_.num_shards;
        slot.save = node;
        TB_ASSIGN_OR_RETURN(slot.key, ConstString(*node, op->names, i - first));
        TB_ASSIGN_OR_RETURN(slot.slice_spec,
                            ConstString(*node, op->specs, i - first));
        TB_ASSIGN_OR_RETURN(slot.variable, VariableOf(node->inputs()[i]));
        Add(std::move(slot));
      }
      ++saver_.num_shards;
    }
    if (saver_.num_shards == 0) return Unsupported(*save);
    return OkStatus();
  }

  Status AddRestores(const Node* restore) {
    const auto is_assign = [](const Node& node) {
      return node.op() != "NoOp" && node.op() != "Identity";
    };
    for (const Node* node : Behind(restore, is_assign)) {
      if (!is_assign(*node)) continue;
      if (node->op() != "Assign" && node->op() != "AssignVariableOp") {
        return Unsupported(*node);
      }
      TB_RETURN_IF_ERROR(AddRestore(node));
    }
    return OkStatus();
  }

  Status AddRestore(const Node* assign) {
    SaveSlot slot;
    slot.assign = assign;
    TB_ASSIGN_OR_RETURN(slot.variable, VariableOf(assign->input(0)));
    Output value = assign->input(1);
    while (value.node->op() == "Identity" || value.node->op() == "Reshape") {
      if (value.node->op() == "Reshape") slot.reshape = value.node;
      value = value.node->input(0);
    }
    const IoOp* op = FindIoOp(kRestoreOps, *value.node);
    if (op == nullptr) return Unsupported(*value.node);
    slot.restore = value.node;
    const auto i = static_cast<size_t>(value.index);
    TB_ASSIGN_OR_RETURN(slot.key, ConstString(*value.node, op->names, i));
    TB_ASSIGN_OR_RETURN(slot.slice_spec,
                        ConstString(*value.node, op->specs, i));
    for (SaveSlot& saved : saver_.slots) {
      if (saved.key != slot.key || saved.slice_spec != slot.slice_spec ||
          saved.variable != slot.variable || saved.assign != nullptr) {
        continue;
      }
      saved.assign = slot.assign;
      saved.restore = slot.restore;
      saved.reshape = slot.reshape;
      return OkStatus();
    }
    Add(std::move(slot));
    return OkStatus();
  }

  void Add(SaveSlot slot) {
    const bool is_resource = slot.variable->op() == "VarHandleOp";
    slot.dtype = slot.variable->type_attr("dtype");
    slot.shape = is_resource ? *slot.variable->attr("shape")->shape()
                             : slot.variable->output(0).shape();
    saver_.slots.push_back(std::move(slot));
  }

  const Graph& graph_;
  SaverGraph saver_;
};

}  // namespace

Result<SaverGraph> FindSaverGraph(const Graph& graph, const SaverDef& def) {
  return SaverFinder(graph, def).Find();
}

}  // namespace tensorbundle::train
