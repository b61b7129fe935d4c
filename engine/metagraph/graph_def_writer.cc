// GraphDef     1 node   2 library { 1 function   2 gradient }
//              4 versions { 1 producer   2 min_consumer   3 bad_consumers }
// NodeDef      1 name   2 op   3 input   4 device   5 attr { 1 key   2 value }
//              others: as they were in the file that the node came from
// OpList       1 op
//
// Attributes stand in byte order of their names; _output_shapes, a list of one
// shape for each output, among them.
#include "engine/metagraph/graph_def_writer.h"

#include <utility>
#include <vector>

#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/meta_graph_def.h"
#include "engine/metagraph/op_def_codec.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::AttrValue;
using graph::OpDef;

namespace {

constexpr std::string_view kColocation = "loc:@";

AttrValue OutputShapes(const graph::Node& node) {
  graph::AttrList shapes;
  for (int i = 0; i < node.num_outputs(); ++i) {
    shapes.shape.push_back(node.output(i).shape());
  }
  return AttrValue::List(std::move(shapes));
}

// The values of _class as they are called in what is written.
AttrValue Renamed(const AttrValue& classes, const ExportScope& scope) {
  std::vector<std::string> groups = classes.list()->s;
  for (std::string& group : groups) {
    if (group.compare(0, kColocation.size(), kColocation) != 0) continue;
    const std::string name = group.substr(kColocation.size());
    group = std::string(kColocation) + std::string(scope.Name(name));
  }
  return AttrValue::Strings(std::move(groups));
}

void AppendAttr(std::string* out, std::string_view name,
                const AttrValue& value) {
  std::string entry;
  AppendWireBytes(&entry, 1, name);
  AppendWireBytes(&entry, 2, EncodeAttrValue(value));
  AppendWireBytes(out, 5, entry);
}

}  // namespace

std::string GraphDefWriter::Graph() {
  std::string out;
  for (int id = 1; id <= graph_->num_nodes(); ++id) {
    const graph::Node& node = graph_->node(id);
    if (scope_->Includes(node.name())) AppendWireBytes(&out, 1, Node(node));
  }
  const std::string library = Library();
  if (!library.empty()) AppendWireBytes(&out, 2, library);
  AppendWireBytes(&out, 4, Versions());
  return out;
}

std::string GraphDefWriter::Node(const graph::Node& node) {
  UseOp(node.op());
  std::string out;
  AppendWireBytes(&out, 1, scope_->Name(node.name()));
  AppendWireBytes(&out, 2, node.op());
  for (const std::string& input : node.InputNames()) {
    AppendWireBytes(&out, 3, scope_->Input(input));
  }
  if (!clear_devices_ && !node.device().empty()) {
    AppendWireBytes(&out, 4, node.device());
  }
  constexpr std::string_view kOutputShapes = "_output_shapes";
  bool shapes_due = node.num_outputs() > 0;
  for (const auto& [name, value] : node.attrs()) {
    if (shapes_due && name > kOutputShapes) {
      AppendAttr(&out, kOutputShapes, OutputShapes(node));
      shapes_due = false;
    }
    if (strip_default_attrs_ && IsDefault(node, name, value)) continue;
    const bool is_class = name == "_class" && value.list() != nullptr &&
                          !scope_->prefix().empty();
    AppendAttr(&out, name, is_class ? Renamed(value, *scope_) : value);
  }
  if (shapes_due) AppendAttr(&out, kOutputShapes, OutputShapes(node));
  const auto others = graph_->foreign().node_fields.find(node.id());
  if (others != graph_->foreign().node_fields.end()) out += others->second;
  return out;
}

bool GraphDefWriter::IsDefault(const graph::Node& node, std::string_view name,
                               const AttrValue& value) {
  if (name.substr(0, 1) == "_") return false;
  const OpDef* op = node.def();
  if (op == nullptr) {
    auto it = foreign_ops_.find(node.op());
    if (it == foreign_ops_.end()) {
      const Result<OpDef> parsed = DecodeOpDef(AsBytes(UseOp(node.op())));
      it = foreign_ops_.emplace(node.op(), parsed.ok() ? *parsed : OpDef())
               .first;
    }
    op = &it->second;
  }
  const graph::AttrDef* attr = op->FindAttr(name);
  return attr != nullptr && attr->default_value &&
         EncodeAttrValue(*attr->default_value) == EncodeAttrValue(value);
}

const std::string& GraphDefWriter::UseOp(std::string_view op) {
  const auto known = ops_.find(op);
  if (known != ops_.end()) return known->second;
  std::string& def = ops_[std::string(op)];
  const graph::Foreign::Messages& foreign = graph_->foreign().ops;
  const auto it = foreign.find(op);
  if (const OpDef* registered = graph_->ops().Find(op)) {
    def = EncodeOpDef(*registered);
  } else if (it != foreign.end()) {
    def = it->second;
  }
  return def;
}

std::string GraphDefWriter::Library() {
  std::string out;
  for (const auto& [name, function] : graph_->foreign().functions) {
    AppendWireBytes(&out, 1, function);
    Cursor cursor(AsBytes(function));
    WireField field;
    while (!cursor.empty() && ReadWireField(&cursor, &field)) {
      if (field.number == 3) UseOp(FirstBytes(field.bytes, 2));
    }
  }
  for (const auto& [name, gradient] : graph_->foreign().gradients) {
    AppendWireBytes(&out, 2, gradient);
  }
  return out;
}

std::string GraphDefWriter::Versions() const {
  const graph::Foreign& foreign = graph_->foreign();
  std::string out;
  AppendWireVarint(&out, 1, static_cast<uint64_t>(foreign.producer));
  if (foreign.min_consumer != 0) {
    AppendWireVarint(&out, 2, static_cast<uint64_t>(foreign.min_consumer));
  }
  std::string packed;
  for (const int32_t version : foreign.bad_consumers) {
    AppendVarint64(&packed, static_cast<uint64_t>(version));
  }
  if (!packed.empty()) AppendWireBytes(&out, 3, packed);
  return out;
}

std::string GraphDefWriter::Ops() const {
  std::string out;
  for (const auto& [name, def] : ops_) {
    // A function is called like an op and has no OpDef.
    if (!def.empty()) AppendWireBytes(&out, 1, def);
  }
  return out;
}

}  // namespace tensorbundle::metagraph
