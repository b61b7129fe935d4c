// A tf.train.Saver whose nodes are in a graph already, because a MetaGraphDef
// brought them: what they save and restore is read off them.
#ifndef TB_TRAIN_SAVER_LOOKUP_H_
#define TB_TRAIN_SAVER_LOOKUP_H_

#include "engine/graph/graph.h"
#include "engine/train/saver_graph.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

// Finds the nodes that `def` names, of whichever builder and format they are:
// SaveV2, SaveSlices or Save, and Assigns of what RestoreV2, RestoreSlice or
// Restore reads.
// Returns TypeError "Cannot interpret feed_dict key as Tensor: The name
// 'save/Const:0' refers to ...", ValueError "Fetch argument
// 'save/control_dependency:0' cannot be interpreted as a Tensor. (...)" when
// the graph has no such nodes; Unimplemented for a variable that is saved or
// restored by ops that are none of those.
Result<SaverGraph> FindSaverGraph(const graph::Graph& graph,
                                  const SaverDef& def);

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVER_LOOKUP_H_
