// SaverHandle, SaveHandle: the engine's side of tf.train.Saver for JavaScript.
#ifndef TB_EMBIND_SAVER_HANDLE_H_
#define TB_EMBIND_SAVER_HANDLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/embind/graph_call.h"
#include "bindings/embind/session_run.h"
#include "engine/train/save_operation.h"
#include "engine/train/saver_graph.h"

namespace tensorbundle::embind {

class SaverHandle {
 public:
  explicit SaverHandle(GraphPointer graph) : graph_(std::move(graph)) {}

  // The variables to save: AddVariable alone for a list, each preceded by its
  // key for a map; of a key that `is_slices` there may be several.
  void AddKey(const std::string& key, bool is_slices);
  // `node` is the variable's ref.
  void AddVariable(int node);

  // Adds the saver's nodes to the graph; returns a code.
  int Build(const std::string& name, const std::string& filename,
            int max_to_keep, float keep_checkpoint_every_n_hours, int flags,
            const std::string& shard_token);
  // Finds them in it instead; returns a code.
  int Find(const std::string& filename_tensor_name,
           const std::string& save_tensor_name,
           const std::string& restore_op_name, int version, bool sharded);

  // Words the failure of opening a checkpoint for a restore; returns its code.
  int ExplainFailure(int code, const std::string& message) const;

  // {"filenameTensorName":...,"saveTensorName":...,"restoreOpName":...,
  //  "maxToKeep":5,"sharded":false,"keepCheckpointEveryNHours":10000,
  //  "version":2}
  std::string Def() const;
  // The first of the keys to restore.
  std::string FirstKey() const;
  const train::SaverGraph& saver() const { return saver_; }

 private:
  Result<std::vector<train::Saveable>> Saveables() const;
  int Take(Result<train::SaverGraph> saver);

  GraphPointer graph_;
  std::vector<train::SaveablesMapEntry> entries_;
  std::vector<const graph::Variable*> variables_;
  train::SaverGraph saver_;
};

using SaverPointer = std::shared_ptr<SaverHandle>;

// One save: Begin, then Next, file after file, each until the chunk is empty.
// Both return codes.
class SaveHandle {
 public:
  SaveHandle(SessionPointer session, SaverPointer saver)
      : session_(std::move(session)), saver_(std::move(saver)) {}

  int Begin();
  int Next();

  // What Next() made; valid until the next call.
  uintptr_t address() const { return reinterpret_cast<uintptr_t>(out_.data()); }
  double size() const { return static_cast<double>(out_.size()); }

  double total_size() const {
    return static_cast<double>(operation_->total_size());
  }
  std::string prefix_suffix() const { return operation_->PrefixSuffix(); }
  int num_files() const { return static_cast<int>(operation_->num_files()); }
  std::string FileSuffix(int i) const {
    return operation_->FileSuffix(static_cast<size_t>(i));
  }

 private:
  SessionPointer session_;
  SaverPointer saver_;
  std::optional<train::SaveOperation> operation_;
  Bytes out_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_SAVER_HANDLE_H_
