#include "engine/metagraph/graph_def_importer.h"

#include <algorithm>
#include <utility>

#include "engine/graph/signature.h"
#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/op_def_codec.h"

namespace tensorbundle::metagraph {

using graph::AttrMap;
using graph::AttrValue;
using graph::Node;
using graph::NodeSpec;
using graph::OpDef;
using graph::Output;
using graph::OutputInfo;

namespace {

constexpr std::string_view kColocation = "loc:@";
constexpr std::string_view kOutputShapes = "_output_shapes";
// More outputs than any op has; what an index in a file may ask for.
constexpr int kMaxOutputs = 1 << 16;

Status At(const NodeDef& def, const std::string& message) {
  return PyValueError("Node '" + std::string(def.name) + "': " + message);
}

// How many inputs go to each argument of the op, as the attributes say.
// Nothing when that is not how many there are.
std::optional<std::vector<int>> CountInputs(const OpDef& op,
                                            const AttrMap& attrs,
                                            size_t num_inputs) {
  std::vector<int> counts;
  size_t left = num_inputs;
  for (const graph::ArgDef& arg : op.inputs) {
    uint64_t count = 1;
    const std::string& name =
        arg.number_attr.empty() ? arg.type_list_attr : arg.number_attr;
    if (!name.empty()) {
      const auto it = attrs.find(name);
      const AttrValue* value = nullptr;
      if (it != attrs.end()) {
        value = &it->second;
      } else if (const graph::AttrDef* def = op.FindAttr(name)) {
        if (def->default_value) value = &*def->default_value;
      }
      if (value == nullptr) return std::nullopt;
      if (value->integer() != nullptr && *value->integer() >= 0) {
        count = static_cast<uint64_t>(*value->integer());
      } else if (value->list() != nullptr) {
        count = value->list()->type.size();
      } else {
        return std::nullopt;
      }
    }
    if (count > left) return std::nullopt;
    counts.push_back(static_cast<int>(count));
    left -= static_cast<size_t>(count);
  }
  if (left > 0) return std::nullopt;
  return counts;
}

// The op with no more attributes than its arguments' types depend on: what a
// node that will never run has to have.
OpDef TypesOf(const OpDef& op) {
  OpDef types = op;
  std::erase_if(types.attrs, [&op](const graph::AttrDef& attr) {
    const auto depends = [&attr](const graph::ArgDef& arg) {
      return attr.name == arg.type_attr || attr.name == arg.number_attr ||
             attr.name == arg.type_list_attr;
    };
    return std::none_of(op.inputs.begin(), op.inputs.end(), depends) &&
           std::none_of(op.outputs.begin(), op.outputs.end(), depends);
  });
  return types;
}

// Whether an attribute that the op needs to have a size for its outputs has
// one that can be: lists of types are as long as their bytes are, but an int
// may be anything.
bool SizesArePlausible(const OpDef& op, const AttrMap& attrs) {
  for (const graph::ArgDef& arg : op.outputs) {
    if (arg.number_attr.empty()) continue;
    const auto it = attrs.find(arg.number_attr);
    if (it == attrs.end()) continue;
    const int64_t* number = it->second.integer();
    if (number == nullptr || *number < 0 || *number > kMaxOutputs) return false;
  }
  return true;
}

// Resolves the types of the node as one of `op`; the attributes that `op`
// lacks are no obstacle.
Result<graph::Signature> Resolve(const OpDef& op, NodeSpec spec) {
  const auto counts = CountInputs(op, spec.attrs, spec.inputs.size());
  if (!counts || !SizesArePlausible(op, spec.attrs)) {
    return InvalidArgumentError("inputs do not match the attributes of op " +
                                op.name);
  }
  spec.input_counts = *counts;
  return graph::ResolveSignature(op, spec);
}

}  // namespace

Status GraphDefImporter::Import() {
  TB_ASSIGN_OR_RETURN(index_, IndexNodes(meta_.nodes));
  TB_ASSIGN_OR_RETURN(const std::vector<size_t> order,
                      OrderNodes(meta_.nodes, index_));
  NameNodes();
  added_.assign(meta_.nodes.size(), nullptr);
  num_used_outputs_.assign(meta_.nodes.size(), 0);
  for (const NodeDef& node : meta_.nodes) {
    for (const std::string_view input : node.inputs) {
      const auto ref = ParseInput(input);
      const auto from = ref ? index_.find(ref->node) : index_.end();
      if (from == index_.end() || ref->is_control) continue;
      int& used = num_used_outputs_[from->second];
      used = std::max(used, ref->output + 1);
    }
  }
  for (const size_t i : order) {
    TB_ASSIGN_OR_RETURN(added_[i], Add(meta_.nodes[i]));
    TB_RETURN_IF_ERROR(CountOutputs(meta_.nodes[i], added_[i]->num_outputs()));
  }
  return CloseLoops();
}

void GraphDefImporter::KeepOtherFields() const {
  for (size_t i = 0; i < added_.size(); ++i) {
    const std::string& fields = meta_.nodes[i].other_fields;
    if (!fields.empty()) {
      graph_->foreign().node_fields[added_[i]->id()] = fields;
    }
  }
}

Status GraphDefImporter::CountOutputs(const NodeDef& def, int num_outputs) {
  num_outputs_ += static_cast<size_t>(num_outputs);
  if (num_outputs_ <= limits::kNodeOutputsOnTop +
                          limits::kOutputsPerNode * meta_.nodes.size()) {
    return OkStatus();
  }
  return At(def,
            "the nodes up to this one have more outputs than any graph's: " +
                std::to_string(num_outputs_));
}

// Imported names come first: a name that had to change does not take one that
// the file has.
void GraphDefImporter::NameNodes() {
  std::set<std::string> taken;
  for (const NodeDef& def : meta_.nodes) {
    taken.insert(scope_ + std::string(def.name));
  }
  for (const NodeDef& def : meta_.nodes) {
    std::string name = scope_ + std::string(def.name);
    if (graph_->FindNode(name) != nullptr) {
      const std::string base = name + "_";
      for (int i = 1;; ++i) {
        name = base + std::to_string(i);
        if (graph_->FindNode(name) == nullptr && taken.insert(name).second) {
          break;
        }
      }
    }
    names_.push_back(std::move(name));
  }
}

Result<const Node*> GraphDefImporter::Add(const NodeDef& def) {
  NodeSpec spec;
  spec.imported = true;
  spec.op = def.op;
  spec.name = names_[index_.at(def.name)];
  if (!options_.clear_devices) spec.device = def.device;
  std::vector<Loop> loops;
  TB_RETURN_IF_ERROR(ReadInputs(def, &spec, &loops));
  TB_RETURN_IF_ERROR(ReadAttrs(def, &spec.attrs));
  std::vector<graph::PartialShape> shapes;
  if (const auto it = spec.attrs.find(kOutputShapes); it != spec.attrs.end()) {
    if (it->second.list() != nullptr) shapes = it->second.list()->shape;
    spec.attrs.erase(it);
  }
  const bool types_are_known =
      std::all_of(spec.inputs.begin(), spec.inputs.end(), [](const Output& o) {
        return o.node == nullptr || o.dtype() != DType::kInvalid;
      });
  TB_ASSIGN_OR_RETURN(const OpDef* producer, ProducerOp(def.op));
  Status unfit;
  if (loops.empty() && types_are_known) {
    TB_ASSIGN_OR_RETURN(const Node* node, AddKnown(spec, producer, &unfit));
    for (int i = 0; node != nullptr && i < node->num_outputs(); ++i) {
      if (static_cast<size_t>(i) == shapes.size()) break;
      // Shape inference knows better than a file that contradicts it.
      (void)graph_->MergeShape(node->output(i), shapes[static_cast<size_t>(i)]);
    }
    if (node != nullptr) return node;
  }

  // It has to be right as an op of the producer's, and has the types that op
  // gives it.
  std::vector<OutputInfo> outputs;
  if (producer != nullptr && types_are_known) {
    NodeSpec stand_in = spec;
    for (Output& input : stand_in.inputs) {
      if (input.node == nullptr) input = stand_in.inputs.front();
    }
    const auto signature = Resolve(TypesOf(*producer), std::move(stand_in));
    if (!signature.ok()) return At(def, signature.status().message());
    for (const graph::Signature::Type& type : signature->outputs) {
      outputs.push_back({type.dtype, type.is_ref, {}});
    }
  } else if (!unfit.ok()) {
    return At(def, unfit.message());
  } else {
    const int used = num_used_outputs_[index_.at(def.name)];
    if (used > kMaxOutputs) {
      return At(def, "has more outputs than any op: " + std::to_string(used));
    }
    outputs.resize(std::max(static_cast<size_t>(used), shapes.size()));
  }
  for (size_t i = 0; i < std::min(outputs.size(), shapes.size()); ++i) {
    outputs[i].shape = std::move(shapes[i]);
  }
  TB_ASSIGN_OR_RETURN(
      const Node* node,
      graph_->AddOpaqueNode(std::move(spec), std::move(outputs)));
  for (Loop& loop : loops) {
    loop.node = node;
    loops_.push_back(loop);
  }
  return node;
}

// A node with attributes that the op lacks, or of types that it does not take,
// is of another version's op. Attributes that the op lacks are dropped if they
// are the producer's default.
Result<const Node*> GraphDefImporter::AddKnown(const NodeSpec& spec,
                                               const OpDef* producer,
                                               Status* why_not) {
  const Node* none = nullptr;
  const OpDef* op = graph_->ops().Find(spec.op);
  if (op == nullptr) return none;
  NodeSpec candidate = spec;
  for (const auto& [name, value] : spec.attrs) {
    if (name.front() == '_' || op->FindAttr(name) != nullptr) continue;
    const graph::AttrDef* attr =
        producer == nullptr ? nullptr : producer->FindAttr(name);
    if (attr == nullptr || !attr->default_value ||
        !(*attr->default_value == value)) {
      return none;
    }
    candidate.attrs.erase(name);
  }
  const auto signature = Resolve(*op, candidate);
  if (!signature.ok()) {
    *why_not = signature.status();
    return none;
  }
  candidate.input_counts =
      *CountInputs(*op, candidate.attrs, candidate.inputs.size());
  return graph_->AddNode(std::move(candidate));
}

Status GraphDefImporter::ReadInputs(const NodeDef& def, NodeSpec* spec,
                                    std::vector<Loop>* loops) const {
  for (const std::string_view input : def.inputs) {
    const auto mapped = options_.input_map.find(input);
    const std::optional<InputRef> ref = ParseInput(input);
    const bool is_control = input.substr(0, 1) == "^";
    if (!is_control && !spec->control_inputs.empty()) {
      return At(def,
                "Control dependencies must come after regular dependencies");
    }
    if (mapped != options_.input_map.end()) {
      if (is_control) {
        spec->control_inputs.push_back(mapped->second.node);
      } else {
        spec->inputs.push_back(mapped->second);
      }
      continue;
    }
    const auto from = ref ? index_.find(ref->node) : index_.end();
    if (from == index_.end()) {
      return At(def, "Unknown input node '" + std::string(input) + "'");
    }
    if (is_control) {
      spec->control_inputs.push_back(added_[from->second]);
    } else if (added_[from->second] == nullptr) {
      // Only what ClosesLoop() says is not there yet.
      if (spec->inputs.empty()) return At(def, "the loop has no way in");
      loops->push_back({nullptr, static_cast<int>(spec->inputs.size()), *ref});
      spec->inputs.push_back({});
    } else {
      TB_ASSIGN_OR_RETURN(const Output output, FindInput(def, input, *ref));
      spec->inputs.push_back(output);
    }
  }
  return OkStatus();
}

Result<Output> GraphDefImporter::FindInput(const NodeDef& def,
                                           std::string_view input,
                                           const InputRef& ref) const {
  const Node* node = added_[index_.at(ref.node)];
  if (ref.output < node->num_outputs()) return node->output(ref.output);
  return At(def, "Connecting to invalid output " + std::to_string(ref.output) +
                     " of source node " + std::string(ref.node) +
                     " which has " + std::to_string(node->num_outputs()) +
                     " outputs: " + std::string(input));
}

Status GraphDefImporter::ReadAttrs(const NodeDef& def, AttrMap* attrs) {
  for (const auto& [name, message] : def.attrs) {
    if (name.empty()) return At(def, "An attribute has no name");
    TB_ASSIGN_OR_RETURN((*attrs)[std::string(name)],
                        DecodeAttrValue(message, &expansion_));
  }
  RenameColocations(attrs);
  return OkStatus();
}

// A colocation with a node of the file follows the node's name.
void GraphDefImporter::RenameColocations(AttrMap* attrs) const {
  const auto it = attrs->find("_class");
  if (it == attrs->end() || it->second.list() == nullptr) return;
  std::vector<std::string> groups = it->second.list()->s;
  for (std::string& group : groups) {
    if (group.compare(0, kColocation.size(), kColocation) != 0) continue;
    const auto node =
        index_.find(std::string_view(group).substr(kColocation.size()));
    if (node == index_.end()) continue;
    group = std::string(kColocation) + names_[node->second];
  }
  if (groups != it->second.list()->s) {
    it->second = AttrValue::Strings(std::move(groups));
  }
}

Result<const OpDef*> GraphDefImporter::ProducerOp(std::string_view op) {
  const auto known = producer_ops_.find(op);
  if (known != producer_ops_.end()) return &known->second;
  const auto it = meta_.ops.find(op);
  if (it == meta_.ops.end()) return nullptr;
  TB_ASSIGN_OR_RETURN(OpDef def, DecodeOpDef(it->second));
  return &producer_ops_.emplace(it->first, std::move(def)).first->second;
}

Status GraphDefImporter::CloseLoops() {
  for (const Loop& loop : loops_) {
    const NodeDef& def = meta_.nodes[index_.at(loop.from.node)];
    TB_ASSIGN_OR_RETURN(const Output output,
                        FindInput(def, loop.from.node, loop.from));
    graph_->CloseLoop(*loop.node, loop.input, output);
  }
  return OkStatus();
}

}  // namespace tensorbundle::metagraph
