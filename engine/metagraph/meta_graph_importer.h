// Adds what a MetaGraphDef describes to a graph: tf.train.import_meta_graph.
#ifndef TB_METAGRAPH_META_GRAPH_IMPORTER_H_
#define TB_METAGRAPH_META_GRAPH_IMPORTER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/graph/graph.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

struct ImportOptions {
  // The name scope to import into; made unique. "": the root.
  std::string import_scope;
  // Forget the devices.
  bool clear_devices = false;
  // What takes the place of inputs, by their names in the file: "x:0",
  // "$unbound_inputs_x".
  std::map<std::string, graph::Output, std::less<>> input_map;
};

struct ImportedMetaGraph {
  // As in the file: without the scope.
  std::optional<train::SaverDef> saver_def;
  // The scope that everything is in now, "a"; "" for the root.
  std::string scope;
};

// Adds the nodes of `message` in their order, or in the nearest one in which a
// node comes after its inputs, its collections and variables, and what else an
// export is to write again.
//
// A node whose op this engine lacks, or knows in a form that the node does not
// have, becomes an opaque one. An attribute that is foreign to the op and has
// the producer's default is dropped. Names that the graph has already get
// "_1", "_2", ...
//
// On failure the graph is as it was, but for names. Returns
//  - RuntimeError for a finalized graph;
//  - InvalidArgument "Error parsing message" for bytes that protobuf would not
//    parse;
//  - ValueError for nodes that do not fit together, such as "Node 'a': Unknown
//    input node 'b:1'";
//  - LookupError for collections that name what is not there.
Result<ImportedMetaGraph> ImportMetaGraph(graph::Graph* graph, Bytes message,
                                          const ImportOptions& options);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_META_GRAPH_IMPORTER_H_
