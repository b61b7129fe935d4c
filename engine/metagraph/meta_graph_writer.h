// Writes a graph as a MetaGraphDef: tf.train.export_meta_graph.
#ifndef TB_METAGRAPH_META_GRAPH_WRITER_H_
#define TB_METAGRAPH_META_GRAPH_WRITER_H_

#include <optional>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/train/saver_graph.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

struct ExportOptions {
  // The saver that belongs to the graph, by names.
  std::optional<train::SaverDef> saver_def;
  // The collections to write; all by default.
  std::optional<std::vector<std::string>> collections;
  // Leave the devices out.
  bool clear_devices = false;
  // Leave out attributes that have their op's default.
  bool strip_default_attrs = false;
  // Only what lies in this name scope, as if it were the root.
  std::string export_scope;
  // Leave out the nodes of other savers than `saver_def`.
  bool clear_extraneous_savers = false;
};

struct SerializedMetaGraph {
  std::string bytes;
  // Collections whose items are of several kinds, which no CollectionDef is.
  std::vector<std::string> skipped;
};

// The bytes of a `.meta` file, as TensorFlow 1.15.0 would write it for the same
// graph; maps are in byte order of their keys. What was imported and is foreign
// to this engine is written as it was.
SerializedMetaGraph SerializeMetaGraph(const graph::Graph& graph,
                                       const ExportOptions& options);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_META_GRAPH_WRITER_H_
