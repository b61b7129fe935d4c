// The nodes of a tf.train.Saver, as TensorFlow 1.15's BulkSaverBuilder makes
// them: save/filename ... save/SaveV2 ... save/Assign ... save/restore_all.
#ifndef TB_TRAIN_SAVER_GRAPH_H_
#define TB_TRAIN_SAVER_GRAPH_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

// What is saved under one key: a variable, or all the parts that a partitioned
// variable was given with.
struct Saveable {
  std::string key;
  std::vector<const graph::Variable*> variables;
  bool is_sliced = false;  // the variables are slices of `key`
};

// From a list: the keys are the variables' names (parts of one variable come
// together under its full name). Sorted by key. Returns ValueError "No
// variables to save" for an empty list, "At least two variables have the same
// name: v", "Mixing slices and non-slices with the same name: v".
Result<std::vector<Saveable>> SaveablesFromList(
    std::span<const graph::Variable* const> variables);

// From a map: the keys are the caller's, a list of variables stands for slices
// of one. Sorted by key. Returns ValueError "No variables to save", "Slices
// must all be slices: v", "Slices must all be from the same tensor: a != b",
// "The same saveable will be restored with two names: v".
struct SaveablesMapEntry {
  std::string key;
  std::vector<const graph::Variable*> variables;
  bool is_list = false;
};
Result<std::vector<Saveable>> SaveablesFromMap(
    std::span<const SaveablesMapEntry> entries);

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
  const graph::Node* variable = nullptr;
  const graph::Node* assign = nullptr;  // "save/Assign"; tells validate_shape
  DType dtype = DType::kInvalid;
  graph::PartialShape shape;
};

struct SaverGraph {
  SaverDef def;
  const graph::Node* save = nullptr;         // "save/SaveV2"
  const graph::Node* restore = nullptr;      // "save/RestoreV2"
  const graph::Node* restore_all = nullptr;  // "save/restore_all"
  std::vector<SaveSlot> slots;               // in the order of SaveV2's inputs
};

struct SaverGraphOptions {
  std::string name;                // of the scope; "": "save"
  std::string filename = "model";  // what the file is called by default
  int32_t max_to_keep = 5;
  float keep_checkpoint_every_n_hours = 10000.0f;
};

// Adds the nodes. REQUIRES: `saveables` came from one of the functions above.
Result<SaverGraph> BuildSaverGraph(graph::Graph* graph,
                                   const std::vector<Saveable>& saveables,
                                   const SaverGraphOptions& options);

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVER_GRAPH_H_
