// The `checkpoint` file: which checkpoints a directory has, the latest first
// among them.
#ifndef TB_CHECKPOINT_STATE_FILE_H_
#define TB_CHECKPOINT_STATE_FILE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/util/result.h"

namespace tensorbundle::checkpoint {

// tensorflow/python/training/checkpoint_state.proto, which TensorFlow keeps in
// protobuf's text format and never in the binary one.
struct CheckpointState {
  std::string model_checkpoint_path;
  std::vector<std::string> all_model_checkpoint_paths;
  std::vector<double> all_model_checkpoint_timestamps;
  double last_preserved_timestamp = 0;

  friend bool operator==(const CheckpointState&,
                         const CheckpointState&) = default;
};

// Reads protobuf's text format in full: comments, both kinds of quotes,
// adjacent strings, lists, any order, `,` and `;` between fields, CRLF, a byte
// order mark. The last value of a singular field wins.
// Returns InvalidArgument "LINE:COLUMN : MESSAGE", as protobuf words a parse
// error, for anything else, an unknown field included.
Result<CheckpointState> ParseCheckpointState(std::string_view text);

// One field a line, in the order of their numbers, as TensorFlow writes it.
std::string PrintCheckpointState(const CheckpointState& state);

// What TensorFlow's generate_checkpoint_state_proto takes.
struct CheckpointStateRequest {
  std::string save_dir;
  std::string model_checkpoint_path;
  std::vector<std::string> all_model_checkpoint_paths;
  std::vector<double> all_model_checkpoint_timestamps;
  double last_preserved_timestamp = 0;
  // Saver(save_relative_paths=True): absolute paths become relative too.
  bool save_relative_paths = false;
  // The current directory, absolute: what relative paths are relative to.
  std::string working_dir = "/";
};

// Appends model_checkpoint_path to the list unless it ends with it already and
// rewrites paths relative to save_dir by TensorFlow's rules.
// Returns ValueError when there are timestamps and not one for each path.
Result<CheckpointState> MakeCheckpointState(
    const CheckpointStateRequest& request);

// The state as get_checkpoint_state() hands it out: relative paths joined with
// `dir`. Returns ValueError "Invalid checkpoint state loaded from DIR" when
// there is no model_checkpoint_path.
Result<CheckpointState> ResolveCheckpointState(CheckpointState state,
                                               std::string_view dir);

// The Saver's check of a new state file: RuntimeError "Save path 'P' conflicts
// with path used for checkpoint state.  Please use a different save path."
Status CheckSavePath(std::string_view save_path, std::string_view state_file);

}  // namespace tensorbundle::checkpoint

#endif  // TB_CHECKPOINT_STATE_FILE_H_
