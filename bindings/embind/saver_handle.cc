#include "bindings/embind/saver_handle.h"

#include <utility>

#include "bindings/embind/convert.h"
#include "bindings/embind/json.h"
#include "engine/train/restore_operation.h"

namespace tensorbundle::embind {

void SaverHandle::AddKey(const std::string& key) {
  entries_.push_back({key, {}, false});
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
                       int max_to_keep, float keep_checkpoint_every_n_hours) {
  const Result<std::vector<train::Saveable>> saveables = Saveables();
  if (!saveables.ok()) return Report(saveables.status());
  train::SaverGraphOptions options;
  options.name = name;
  if (!filename.empty()) options.filename = filename;
  options.max_to_keep = max_to_keep;
  options.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours;
  Result<train::SaverGraph> saver =
      train::BuildSaverGraph(graph_.get(), *saveables, options);
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
  json.Key("keys").Array();
  for (const train::SaveSlot& slot : saver_.slots) json.String(slot.key);
  json.End();
  json.End();
  return json.Take();
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

int SaveHandle::Finish() {
  Result<std::string> index = operation_->Finish();
  if (!index.ok()) return Report(index.status());
  index_ = std::move(index).value();
  out_ = AsBytes(index_);
  return Report(OkStatus());
}

}  // namespace tensorbundle::embind
