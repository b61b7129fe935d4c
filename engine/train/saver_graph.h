// The nodes of a tf.train.Saver, as TensorFlow 1.15's BulkSaverBuilder makes
// them: save/filename ... save/SaveV2 ... save/Assign ... save/restore_all.
#ifndef TB_TRAIN_SAVER_GRAPH_H_
#define TB_TRAIN_SAVER_GRAPH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/train/saveables.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

// saver.proto.
enum class CheckpointVersion : int { kLegacy = 0, kV1 = 1, kV2 = 2 };

struct SaverDef {
  std::string filename_tensor_name;  // "save/Const:0"
  std::string save_tensor_name;      // "save/control_dependency:0"
  std::string restore_op_name;       // "save/restore_all"
  int32_t max_to_keep = 5;
  bool sharded = false;
  float keep_checkpoint_every_n_hours = 10000.0f;
  CheckpointVersion version = CheckpointVersion::kV2;
};

// One tensor of a checkpoint and the nodes it comes from and goes to.
struct SaveSlot {
  std::string key;         // in the checkpoint
  std::string slice_spec;  // "", or "4 2 2,2:0,2"
  int shard = 0;           // the data file it is saved to
  const graph::Node* variable = nullptr;
  const graph::Node* save = nullptr;     // "save/SaveV2"; null: never saved
  const graph::Node* restore = nullptr;  // "save/RestoreV2"
  const graph::Node* reshape = nullptr;  // null: the value is taken as it is
  const graph::Node* assign = nullptr;   // "save/Assign"; null: never restored
  DType dtype = DType::kInvalid;
  graph::PartialShape shape;
};

struct SaverGraph {
  SaverDef def;
  int num_shards = 1;
  std::vector<SaveSlot> slots;  // in the order of the SaveV2s and their inputs
};

struct SaverGraphOptions {
  std::string name;                // of the scope; "": "save"
  std::string filename = "model";  // what the file is called by default
  int32_t max_to_keep = 5;
  float keep_checkpoint_every_n_hours = 10000.0f;
  // Values take the variables' shapes if they have as many elements.
  bool reshape = false;
  // One shard for each device that has variables.
  bool sharded = false;
  CheckpointVersion version = CheckpointVersion::kV2;
  // 32 hexadecimal digits: what TensorFlow, should it run these nodes, calls
  // the folder in which it joins shards.
  std::string shard_token = std::string(32, '0');
};

// Adds the nodes. REQUIRES: `saveables` came from one of the functions of
// saveables.h.
Result<SaverGraph> BuildSaverGraph(graph::Graph* graph,
                                   const std::vector<Saveable>& saveables,
                                   const SaverGraphOptions& options);

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVER_GRAPH_H_
