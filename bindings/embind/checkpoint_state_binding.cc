// The `checkpoint` state file for JavaScript.

#include <emscripten/bind.h>

#include <string>
#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/json.h"
#include "engine/checkpoint/state_file.h"

namespace tensorbundle::embind {
namespace {

// Methods that return an int return a code; the state they leave is read by
// describe() and print().
class StateHandle {
 public:
  int Parse(const std::string& text) {
    return Take(checkpoint::ParseCheckpointState(text));
  }

  // The paths and timestamps of the request that make() takes.
  void AddPath(const std::string& path) {
    request_.all_model_checkpoint_paths.push_back(path);
  }
  void AddTimestamp(double seconds) {
    request_.all_model_checkpoint_timestamps.push_back(seconds);
  }
  void SetLastPreserved(double seconds) {
    request_.last_preserved_timestamp = seconds;
  }

  int Make(const std::string& save_dir, const std::string& path,
           bool save_relative_paths, const std::string& working_dir) {
    request_.save_dir = save_dir;
    request_.model_checkpoint_path = path;
    request_.save_relative_paths = save_relative_paths;
    request_.working_dir = working_dir;
    return Take(checkpoint::MakeCheckpointState(request_));
  }

  // Relative paths become those below `dir`.
  int Resolve(const std::string& dir) {
    return Take(checkpoint::ResolveCheckpointState(std::move(state_), dir));
  }

  int CheckSavePath(const std::string& path, const std::string& state_file) {
    return Report(checkpoint::CheckSavePath(path, state_file));
  }

  std::string Print() const { return checkpoint::PrintCheckpointState(state_); }

  // {"modelCheckpointPath":"","allModelCheckpointPaths":[],
  //  "allModelCheckpointTimestamps":[],"lastPreservedTimestamp":0}
  std::string Describe() const {
    Json json;
    json.Object();
    json.Key("modelCheckpointPath").String(state_.model_checkpoint_path);
    json.Key("allModelCheckpointPaths").Array();
    for (const std::string& path : state_.all_model_checkpoint_paths) {
      json.String(path);
    }
    json.End();
    json.Key("allModelCheckpointTimestamps").Array();
    for (const double seconds : state_.all_model_checkpoint_timestamps) {
      json.Number(seconds);
    }
    json.End();
    json.Key("lastPreservedTimestamp").Number(state_.last_preserved_timestamp);
    json.End();
    return json.Take();
  }

 private:
  int Take(Result<checkpoint::CheckpointState> state) {
    if (!state.ok()) return Report(state.status());
    state_ = std::move(state).value();
    return Report(OkStatus());
  }

  checkpoint::CheckpointStateRequest request_;
  checkpoint::CheckpointState state_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_checkpoint_state) {
  emscripten::class_<StateHandle>("CheckpointState")
      .constructor()
      .function("parse", &StateHandle::Parse)
      .function("addPath", &StateHandle::AddPath)
      .function("addTimestamp", &StateHandle::AddTimestamp)
      .function("setLastPreserved", &StateHandle::SetLastPreserved)
      .function("make", &StateHandle::Make)
      .function("resolve", &StateHandle::Resolve)
      .function("checkSavePath", &StateHandle::CheckSavePath)
      .function("print", &StateHandle::Print)
      .function("describe", &StateHandle::Describe);
}

}  // namespace tensorbundle::embind
