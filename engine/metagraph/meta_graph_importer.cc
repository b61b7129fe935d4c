#include "engine/metagraph/meta_graph_importer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/graph/lookup.h"
#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/graph_def_importer.h"
#include "engine/metagraph/meta_graph_def.h"
#include "engine/metagraph/records.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

using graph::CollectionItem;
using graph::Foreign;
using graph::Graph;
using graph::Variable;

namespace {

constexpr std::string_view kUnboundInputs = "unbound_inputs";

struct Item {
  std::string key;
  CollectionItem item;
};

// Turns CollectionDefs into items. Nothing is added to the graph but variables
// before all of them are right.
class CollectionReader {
 public:
  CollectionReader(Graph* graph, std::string scope)
      : graph_(graph), scope_(std::move(scope)) {}

  // Variables that say the same are one object.
  Status Read(std::string_view key, Bytes message) {
    Cursor cursor(message);
    while (!cursor.empty()) {
      WireField field;
      if (!ReadWireField(&cursor, &field)) return ParseError();
      if (field.number >= 1 && field.number <= 4) {
        TB_RETURN_IF_ERROR(ReadList(std::string(key), field));
      } else {
        foreign_[std::string(key)] = AsString(message);
      }
    }
    return OkStatus();
  }

  void AddToGraph() {
    std::vector<const Variable*> added;
    for (Variable& variable : variables_) {
      added.push_back(graph_->AddVariable(std::move(variable)));
    }
    for (Item& item : items_) graph_->collections().Add(item.key, item.item);
    for (const auto& [key, index] : variable_items_) {
      graph_->collections().Add(key, added[index]);
    }
    for (auto& [key, message] : foreign_) {
      graph_->foreign().collections[key] = std::move(message);
    }
  }

 private:
  Status ReadList(const std::string& key, const WireField& list) {
    Cursor cursor(list.bytes);
    while (!cursor.empty()) {
      WireField value;
      if (!ReadWireField(&cursor, &value)) return ParseError();
      if (value.number != 1) continue;
      switch (list.number) {
        case 1:
          TB_RETURN_IF_ERROR(ReadName(key, AsString(value.bytes)));
          break;
        case 2:
          TB_RETURN_IF_ERROR(ReadBytes(key, value.bytes));
          break;
        case 3:
          if (!ReadInts(key, value)) return ParseError();
          break;
        default:
          if (!ReadFloats(key, value)) return ParseError();
      }
    }
    return OkStatus();
  }

  Status ReadName(const std::string& key, std::string_view name) {
    TB_ASSIGN_OR_RETURN(const graph::Element element,
                        FindElement(*graph_, scope_ + std::string(name)));
    if (element.output) {
      items_.push_back({key, graph::Output{element.node, *element.output}});
    } else {
      items_.push_back({key, element.node});
    }
    return OkStatus();
  }

  Status ReadBytes(const std::string& key, Bytes value) {
    const std::string text(AsString(value));
    if (!HoldsVariableDefs(key)) {
      items_.push_back({key, text});
      return OkStatus();
    }
    const auto [it, is_new] = index_of_.try_emplace(text, variables_.size());
    if (is_new) {
      TB_ASSIGN_OR_RETURN(Variable variable,
                          DecodeVariableDef(*graph_, scope_, value));
      variables_.push_back(std::move(variable));
    }
    variable_items_.emplace_back(key, it->second);
    return OkStatus();
  }

  bool ReadInts(const std::string& key, const WireField& field) {
    if (field.type != WireType::kBytes) {
      items_.push_back({key, static_cast<int64_t>(field.value)});
      return true;
    }
    Cursor cursor(field.bytes);
    while (!cursor.empty()) {
      uint64_t value = 0;
      if (!cursor.ReadVarint64(&value)) return false;
      items_.push_back({key, static_cast<int64_t>(value)});
    }
    return true;
  }

  bool ReadFloats(const std::string& key, const WireField& field) {
    if (field.type != WireType::kBytes) {
      items_.push_back(
          {key, BitCast<float>(static_cast<uint32_t>(field.value))});
      return true;
    }
    Cursor cursor(field.bytes);
    while (!cursor.empty()) {
      uint32_t bits = 0;
      if (!cursor.ReadFixed32(&bits)) return false;
      items_.push_back({key, BitCast<float>(bits)});
    }
    return true;
  }

  Graph* graph_;
  std::string scope_;
  std::vector<Item> items_;
  std::vector<Variable> variables_;
  std::vector<std::pair<std::string, size_t>> variable_items_;
  std::map<std::string, size_t> index_of_;
  Foreign::Messages foreign_;
};

// Fed-back names that nothing was given for.
Status CheckUnboundInputs(const MetaGraphDef& meta,
                          const ImportOptions& options) {
  const auto it = meta.collections.find(kUnboundInputs);
  if (it == meta.collections.end()) return OkStatus();
  std::string names;
  const std::string_view list = FirstBytes(it->second, 2);
  Cursor cursor(AsBytes(list));
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field)) return ParseError();
    const std::string_view name = AsString(field.bytes);
    if (field.number != 1 || options.input_map.count(name) > 0) continue;
    names += (names.empty() ? "'" : ", '") + std::string(name) + "'";
  }
  if (names.empty()) return OkStatus();
  return PyValueError("Graph contains unbound inputs: [" + names +
                      "]. Must provide these inputs through input_map.");
}

void AddForeign(const MetaGraphDef& meta, Graph* graph) {
  Foreign& foreign = graph->foreign();
  for (const auto& [name, message] : meta.ops) {
    if (graph->ops().Find(name) != nullptr) continue;
    foreign.ops.insert_or_assign(std::string(name),
                                 std::string(AsString(message)));
  }
  for (const Bytes function : meta.functions) {
    // A FunctionDef's signature is an OpDef.
    const std::string_view signature = FirstBytes(function, 1);
    foreign.functions.insert_or_assign(
        std::string(FirstBytes(AsBytes(signature), 1)),
        std::string(AsString(function)));
  }
  for (const Bytes gradient : meta.gradients) {
    foreign.gradients.insert_or_assign(std::string(FirstBytes(gradient, 1)),
                                       std::string(AsString(gradient)));
  }
  foreign.min_consumer = std::max(foreign.min_consumer, meta.min_consumer);
  foreign.bad_consumers.insert(meta.bad_consumers.begin(),
                               meta.bad_consumers.end());
}

Status AddAll(Graph* graph, const MetaGraphDef& meta,
              const ImportOptions& options, const std::string& prefix) {
  GraphDefImporter nodes(graph, meta, options, prefix);
  TB_RETURN_IF_ERROR(nodes.Import());
  CollectionReader collections(graph, prefix);
  // The first of two defs of a variable is the one that counts.
  for (const bool trainable : {true, false}) {
    for (const auto& [key, message] : meta.collections) {
      if ((key == graph::kTrainableVariables) != trainable) continue;
      if (key == kUnboundInputs) continue;
      TB_RETURN_IF_ERROR(collections.Read(key, message));
    }
  }
  collections.AddToGraph();
  nodes.KeepOtherFields();
  AddForeign(meta, graph);
  return OkStatus();
}

}  // namespace

Result<ImportedMetaGraph> ImportMetaGraph(Graph* graph, Bytes message,
                                          const ImportOptions& options) {
  TB_RETURN_IF_ERROR(graph->CheckNotFinalized());
  TB_ASSIGN_OR_RETURN(const MetaGraphDef meta, ParseMetaGraphDef(message));
  TB_RETURN_IF_ERROR(CheckUnboundInputs(meta, options));
  ImportedMetaGraph imported;
  TB_ASSIGN_OR_RETURN(imported.scope,
                      graph->names().ScopeName(options.import_scope));
  if (!meta.saver_def.empty()) imported.saver_def = EmptySaverDef();
  for (const Bytes piece : meta.saver_def) {
    TB_RETURN_IF_ERROR(DecodeSaverDef(piece, &*imported.saver_def));
  }
  const std::string prefix =
      imported.scope.empty() ? std::string() : imported.scope + "/";
  const int first_id = graph->num_nodes() + 1;
  // Shapes of nodes depend on it.
  int32_t& producer = graph->foreign().producer;
  const int32_t previous = producer;
  producer = first_id == 1 ? meta.producer : std::min(previous, meta.producer);
  const Status status = AddAll(graph, meta, options, prefix);
  if (!status.ok()) {
    graph->RemoveNodesFrom(first_id);
    producer = previous;
    return status;
  }
  return imported;
}

}  // namespace tensorbundle::metagraph
