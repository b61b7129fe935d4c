// Writes the nodes of a graph, and the ops that they are instances of.
#ifndef TB_METAGRAPH_GRAPH_DEF_WRITER_H_
#define TB_METAGRAPH_GRAPH_DEF_WRITER_H_

#include <map>
#include <string>
#include <string_view>

#include "engine/graph/graph.h"
#include "engine/metagraph/export_scope.h"

namespace tensorbundle::metagraph {

class GraphDefWriter {
 public:
  // Both outlive the writer.
  GraphDefWriter(const graph::Graph* graph, ExportScope* scope)
      : graph_(graph), scope_(scope) {}

  void set_clear_devices(bool clear) { clear_devices_ = clear; }
  void set_strip_default_attrs(bool strip) { strip_default_attrs_ = strip; }

  // A GraphDef, with the shapes of all outputs. Call it once.
  std::string Graph();

  // An OpList of all ops that Graph() met, also in functions, by name.
  std::string Ops() const;

 private:
  std::string Node(const graph::Node& node);
  std::string Library();
  std::string Versions() const;
  // The OpDef of `op`; empty when neither the registry nor a file had it.
  const std::string& UseOp(std::string_view op);
  bool IsDefault(const graph::Node& node, std::string_view attr,
                 const graph::AttrValue& value);

  const graph::Graph* graph_;
  ExportScope* scope_;
  bool clear_devices_ = false;
  bool strip_default_attrs_ = false;
  std::map<std::string, std::string, std::less<>> ops_;  // OpDefs
  std::map<std::string, graph::OpDef, std::less<>> foreign_ops_;
};

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_GRAPH_DEF_WRITER_H_
