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
  // key for a map.
  void AddKey(const std::string& key);
  // `node` is the variable's ref.
  void AddVariable(int node);

  // Adds the saver's nodes to the graph; returns a code.
  int Build(const std::string& name, const std::string& filename,
            int max_to_keep, float keep_checkpoint_every_n_hours);

  // Words the failure of opening a checkpoint for a restore; returns its code.
  int ExplainFailure(int code, const std::string& message) const;

  // {"filenameTensorName":...,"saveTensorName":...,"restoreOpName":...,
  //  "keys":[...]}
  std::string Def() const;
  const train::SaverGraph& saver() const { return saver_; }

 private:
  Result<std::vector<train::Saveable>> Saveables() const;

  GraphPointer graph_;
  std::vector<train::SaveablesMapEntry> entries_;
  std::vector<const graph::Variable*> variables_;
  train::SaverGraph saver_;
};

using SaverPointer = std::shared_ptr<SaverHandle>;

// One save: Begin, Next until the chunk is empty, Finish. All return codes.
class SaveHandle {
 public:
  SaveHandle(SessionPointer session, SaverPointer saver)
      : session_(std::move(session)), saver_(std::move(saver)) {}

  int Begin();
  int Next();
  int Finish();

  // What Next() or Finish() made; valid until the next call.
  uintptr_t address() const { return reinterpret_cast<uintptr_t>(out_.data()); }
  double size() const { return static_cast<double>(out_.size()); }
  double total_size() const {
    return static_cast<double>(operation_->total_size());
  }

 private:
  SessionPointer session_;
  SaverPointer saver_;
  std::optional<train::SaveOperation> operation_;
  Bytes out_;
  std::string index_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_SAVER_HANDLE_H_
