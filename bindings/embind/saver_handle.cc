#include "bindings/embind/saver_handle.h"

#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/json.h"
#include "engine/train/restore_operation.h"
#include "engine/train/saver_lookup.h"

namespace tensorbundle::embind {

namespace {

// Build()'s flags, as bindings/js/runtime/saver.ts sets them.
enum Flag { kReshape = 1, kSharded = 2, kWriteV1 = 4 };

}  // namespace

void SaverHandle::AddKey(const std::string& key, bool is_slices) {
  entries_.push_back({key, {}, is_slices});
}

void SaverHandle::AddVariable(int node) {
  const graph::Variable* variable = graph_->FindVariable(graph_->node(node));
  if (entries_.empty()) {
    variables_.push_back(variable);
  } else {
    entries_.back().variables.push_back(variable);
  }
}

Result<std::vector<train::Saveable>> SaverHandle::Saveables() const {
  if (!entries_.empty()) return train::SaveablesFromMap(entries_);
  return train::SaveablesFromList(variables_);
}

int SaverHandle::Build(const std::string& name, const std::string& filename,
                       int max_to_keep, float keep_checkpoint_every_n_hours,
                       int flags, const std::string& shard_token) {
  const Result<std::vector<train::Saveable>> saveables = Saveables();
  if (!saveables.ok()) return Report(saveables.status());
  train::SaverGraphOptions options;
  options.name = name;
  if (!filename.empty()) options.filename = filename;
  options.max_to_keep = max_to_keep;
  options.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours;
  options.reshape = (flags & kReshape) != 0;
  options.sharded = (flags & kSharded) != 0;
  options.shard_token = shard_token;
  if ((flags & kWriteV1) != 0) options.version = train::CheckpointVersion::kV1;
  return Take(train::BuildSaverGraph(graph_.get(), *saveables, options));
}

int SaverHandle::Find(const std::string& filename_tensor_name,
                      const std::string& save_tensor_name,
                      const std::string& restore_op_name, int version,
                      bool sharded) {
  train::SaverDef def;
  def.filename_tensor_name = filename_tensor_name;
  def.save_tensor_name = save_tensor_name;
  def.restore_op_name = restore_op_name;
  def.version = static_cast<train::CheckpointVersion>(version);
  def.sharded = sharded;
  return Take(train::FindSaverGraph(*graph_, def));
}

int SaverHandle::Take(Result<train::SaverGraph> saver) {
  if (!saver.ok()) return Report(saver.status());
  saver_ = std::move(saver).value();
  return Report(OkStatus());
}

int SaverHandle::ExplainFailure(int code, const std::string& message) const {
  return Report(train::RestoreOperation::Explain(
      saver_, Status(static_cast<Code>(code), message)));
}

std::string SaverHandle::Def() const {
  Json json;
  json.Object();
  json.Key("filenameTensorName").String(saver_.def.filename_tensor_name);
  json.Key("saveTensorName").String(saver_.def.save_tensor_name);
  json.Key("restoreOpName").String(saver_.def.restore_op_name);
  json.Key("maxToKeep").Number(saver_.def.max_to_keep);
  json.Key("sharded").Bool(saver_.def.sharded);
  json.Key("keepCheckpointEveryNHours")
      .Number(saver_.def.keep_checkpoint_every_n_hours);
  json.Key("version").Number(static_cast<int>(saver_.def.version));
  json.End();
  return json.Take();
}

std::string SaverHandle::FirstKey() const {
  for (const train::SaveSlot& slot : saver_.slots) {
    if (slot.assign != nullptr) return slot.key;
  }
  return "";
}

int SaveHandle::Begin() {
  Result<train::SaveOperation> operation =
      train::SaveOperation::Create(*session_, saver_->saver());
  if (!operation.ok()) return Report(operation.status());
  operation_ = std::move(operation).value();
  return Report(OkStatus());
}

int SaveHandle::Next() {
  const Result<Bytes> chunk = operation_->NextChunk();
  if (!chunk.ok()) return Report(chunk.status());
  out_ = *chunk;
  return Report(OkStatus());
}

}  // namespace tensorbundle::embind
