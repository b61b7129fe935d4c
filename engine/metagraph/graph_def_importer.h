// Adds the nodes of a GraphDef to a graph.
#ifndef TB_METAGRAPH_GRAPH_DEF_IMPORTER_H_
#define TB_METAGRAPH_GRAPH_DEF_IMPORTER_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/metagraph/meta_graph_def.h"
#include "engine/metagraph/meta_graph_importer.h"
#include "engine/metagraph/node_order.h"
#include "engine/util/limits.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// One import. `graph`, `meta` and `options` outlive it.
class GraphDefImporter {
 public:
  // `scope` is "" or "a/".
  GraphDefImporter(graph::Graph* graph, const MetaGraphDef& meta,
                   const ImportOptions& options, std::string scope)
      : graph_(graph), meta_(meta), options_(options), scope_(scope) {}

  // Adds all nodes, or some and returns why not the others.
  Status Import();

  // Lets the graph keep what its nodes have no place for. REQUIRES: all nodes
  // were added.
  void KeepOtherFields() const;

 private:
  struct Loop {
    const graph::Node* node = nullptr;
    int input = 0;
    InputRef from;
  };

  void NameNodes();
  Result<const graph::Node*> Add(const NodeDef& def);
  // A few bytes of a file may ask for thousands of outputs: not every node's.
  Status CountOutputs(const NodeDef& def, int num_outputs);
  Status ReadInputs(const NodeDef& def, graph::NodeSpec* spec,
                    std::vector<Loop>* loops) const;
  Result<graph::Output> FindInput(const NodeDef& def, std::string_view input,
                                  const InputRef& ref) const;
  Status ReadAttrs(const NodeDef& def, graph::AttrMap* attrs);
  void RenameColocations(graph::AttrMap* attrs) const;
  // The node as one of the registry's; null when it cannot be.
  Result<const graph::Node*> AddKnown(const graph::NodeSpec& spec,
                                      const graph::OpDef* producer,
                                      Status* why_not);
  // The op as the file's producer had it; null when the file does not say.
  Result<const graph::OpDef*> ProducerOp(std::string_view op);
  Status CloseLoops();

  graph::Graph* graph_;
  const MetaGraphDef& meta_;
  const ImportOptions& options_;
  std::string scope_;
  NodeIndex index_;
  std::vector<std::string> names_;         // in the graph, by place in the file
  std::vector<const graph::Node*> added_;  // by place in the file
  std::vector<int> num_used_outputs_;      // likewise
  std::map<std::string_view, graph::OpDef> producer_ops_;  // as far as asked
  std::vector<Loop> loops_;
  size_t num_outputs_ = 0;  // of all nodes that were added
  // What repeated elements of constants may cost (ParseTensorProto).
  uint64_t expansion_ = limits::kExpandedBytes;
};

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_GRAPH_DEF_IMPORTER_H_
