#include "engine/train/saver_graph.h"

#include <map>
#include <utility>

#include "engine/graph/device.h"
#include "engine/graph/scopes.h"
#include "engine/ops/apply_op.h"
#include "engine/ops/array.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/variable.h"

namespace tensorbundle::train {

using graph::AttrValue;
using graph::ControlScope;
using graph::DeviceScope;
using graph::Graph;
using graph::NameScope;
using graph::Node;
using graph::Output;
using graph::Variable;

namespace {

// The slots of one device.
struct Shard {
  std::string device;
  std::vector<SaveSlot> slots;
};

class SaverGraphBuilder {
 public:
  SaverGraphBuilder(Graph* graph, const SaverGraphOptions& options)
      : graph_(graph), options_(options) {}

  Result<SaverGraph> Build(const std::vector<Saveable>& saveables) {
    TB_RETURN_IF_ERROR(graph_->CheckNotFinalized());
    TB_ASSIGN_OR_RETURN(
        const NameScope scope,
        NameScope::Enter(graph_, options_.name.empty()
                                     ? std::string_view("save")
                                     : std::string_view(options_.name)));
    MakeShards(saveables);
    TB_RETURN_IF_ERROR(AddFilename());
    TB_RETURN_IF_ERROR(options_.sharded ? AddShardedSave() : AddPlainSave());
    TB_RETURN_IF_ERROR(AddRestore());
    return Take();
  }

 private:
  // BaseSaverBuilder._GroupByDevices: sorted by device, and by key within.
  void MakeShards(const std::vector<Saveable>& saveables) {
    std::map<std::string, std::vector<SaveSlot>> by_device;
    for (const Saveable& saveable : saveables) {
      for (const Variable* variable : saveable.variables) {
        SaveSlot slot;
        slot.key = saveable.key;
        if (saveable.is_sliced) slot.slice_spec = variable->slice->Spec();
        slot.variable = variable->variable.node;
        slot.dtype = variable->variable.dtype();
        slot.shape = variable->variable.shape();
        const std::string device =
            options_.sharded ? slot.variable->device() : "";
        by_device[device].push_back(std::move(slot));
      }
    }
    for (auto& [device, slots] : by_device) {
      for (SaveSlot& slot : slots) {
        slot.shard = static_cast<int>(shards_.size());
      }
      shards_.push_back(Shard{device, std::move(slots)});
    }
  }

  // The name of the file is fed to "Const"; what it defaults to is "filename".
  Status AddFilename() {
    const graph::PartialShape scalar = graph::PartialShape::Of({});
    TB_ASSIGN_OR_RETURN(
        const Output filename,
        ops::PlaceholderWithDefault(
            graph_,
            std::string_view(options_.filename.empty() ? "model"
                                                       : options_.filename),
            scalar, "filename"));
    TB_ASSIGN_OR_RETURN(filename_, ops::PlaceholderWithDefault(
                                       graph_, filename, scalar, "Const"));
    return OkStatus();
  }

  static ops::Operand Strings(const Shard& shard,
                              std::string SaveSlot::*field) {
    std::vector<std::string> values;
    for (const SaveSlot& slot : shard.slots) values.push_back(slot.*field);
    const Shape shape = Shape::Of({static_cast<int64_t>(values.size())});
    return Tensor::FromStrings(shape, std::move(values));
  }

  // Saves the shard to `filename`; returns that, once it is done.
  Result<Output> AddSave(Shard* shard, const Output& filename) {
    const bool is_v1 = options_.version == CheckpointVersion::kV1;
    std::vector<ops::Operand> refs;
    for (const SaveSlot& slot : shard->slots) {
      refs.emplace_back(slot.variable->output(0));
    }
    TB_ASSIGN_OR_RETURN(
        const Node* save,
        ops::ApplyOp(graph_, is_v1 ? "SaveSlices" : "SaveV2",
                     {filename, Strings(*shard, &SaveSlot::key),
                      Strings(*shard, &SaveSlot::slice_spec), std::move(refs)},
                     {}, is_v1 ? "save" : ""));
    for (SaveSlot& slot : shard->slots) slot.save = save;
    return ops::WithDependencies(graph_, {save}, filename);
  }

  Status AddPlainSave() {
    TB_ASSIGN_OR_RETURN(saved_, AddSave(&shards_[0], filename_));
    return OkStatus();
  }

  Result<Output> ShardedFilename(const Output& basename, size_t shard,
                                 const Output& num_shards) {
    const auto number = static_cast<int32_t>(shard);
    return ops::ApplyOpOutput(
        graph_, "ShardedFilename",
        {basename, Tensor::Scalar(DType::kInt32, number), num_shards});
  }

  // V2: every shard goes to a checkpoint of its own in a temporary folder; then
  // they are joined.
  Result<Output> ShardsBasename() {
    if (options_.version == CheckpointVersion::kV1) return filename_;
    const std::string suffix = "_temp_" + options_.shard_token + "/part";
    return ops::ApplyOpOutput(
        graph_, "StringJoin",
        {std::vector<ops::Operand>{filename_, std::string_view(suffix)}});
  }

  Status AddShardedSave() {
    TB_ASSIGN_OR_RETURN(const Output basename, ShardsBasename());
    TB_ASSIGN_OR_RETURN(
        const Output num_shards,
        ops::Constant(
            graph_,
            Tensor::Scalar(DType::kInt32, static_cast<int32_t>(shards_.size())),
            "num_shards"));
    std::vector<Output> filenames;
    std::vector<const Node*> saves;
    for (size_t i = 0; i < shards_.size(); ++i) {
      const DeviceScope device(graph_, graph::OnCpu(shards_[i].device));
      TB_ASSIGN_OR_RETURN(const Output filename,
                          ShardedFilename(basename, i, num_shards));
      TB_ASSIGN_OR_RETURN(const Output saved, AddSave(&shards_[i], filename));
      filenames.push_back(filename);
      saves.push_back(saved.node);
    }
    const ControlScope after_saves(graph_, std::move(saves));
    if (options_.version == CheckpointVersion::kV1) {
      TB_ASSIGN_OR_RETURN(saved_, ops::ApplyOpOutput(graph_, "ShardedFilespec",
                                                     {filename_, num_shards}));
      return OkStatus();
    }
    const DeviceScope device(graph_, graph::OnCpu(shards_.back().device));
    TB_ASSIGN_OR_RETURN(const Node* merge, AddMerge(filenames));
    const ControlScope after_merge(graph_, {merge});
    TB_ASSIGN_OR_RETURN(saved_,
                        ops::ApplyOpOutput(graph_, "Identity", {filename_}));
    return OkStatus();
  }

  Result<const Node*> AddMerge(const std::vector<Output>& filenames) {
    TB_ASSIGN_OR_RETURN(const NameScope scope,
                        NameScope::Enter(graph_, "MergeV2Checkpoints"));
    std::vector<ops::Operand> prefixes(filenames.begin(), filenames.end());
    TB_ASSIGN_OR_RETURN(
        const Output packed,
        ops::ApplyOpOutput(graph_, "Pack", {std::move(prefixes)}, {},
                           "checkpoint_prefixes"));
    return ops::ApplyOp(graph_, "MergeV2Checkpoints", {packed, filename_}, {},
                        scope.prefix());
  }

  Status AddRestore() {
    if (!options_.sharded) {
      TB_ASSIGN_OR_RETURN(restore_all_,
                          AddRestoreOf(&shards_[0], "restore_all"));
      return OkStatus();
    }
    std::vector<const Node*> restored;
    for (Shard& shard : shards_) {
      const DeviceScope device(graph_, shard.device);
      TB_ASSIGN_OR_RETURN(const Node* group,
                          AddRestoreOf(&shard, "restore_shard"));
      restored.push_back(group);
    }
    TB_ASSIGN_OR_RETURN(restore_all_,
                        ops::Group(graph_, restored, "restore_all"));
    return OkStatus();
  }

  Result<const Node*> AddRestoreOf(Shard* shard, std::string_view name) {
    TB_ASSIGN_OR_RETURN(const Node* restore, AddRestoreOp(*shard));
    std::vector<const Node*> assigns;
    for (size_t i = 0; i < shard->slots.size(); ++i) {
      SaveSlot& slot = shard->slots[i];
      slot.restore = restore;
      Output value = restore->output(static_cast<int>(i));
      ops::AssignOptions options;
      options.use_locking = true;
      options.validate_shape = slot.shape.IsFullyDefined();
      if (options_.reshape) {
        TB_ASSIGN_OR_RETURN(value, AddReshape(slot, value));
        slot.reshape = value.node;
        options.validate_shape = false;
      }
      TB_ASSIGN_OR_RETURN(
          const Output assigned,
          ops::Assign(graph_, slot.variable->output(0), value, options));
      slot.assign = assigned.node;
      assigns.push_back(assigned.node);
    }
    return ops::Group(graph_, assigns, name);
  }

  // To the variable's shape, or to the one it has when it is restored.
  Result<Output> AddReshape(const SaveSlot& slot, const Output& value) {
    if (!slot.shape.IsFullyDefined()) {
      TB_ASSIGN_OR_RETURN(
          const Output shape,
          ops::ApplyOpOutput(graph_, "Shape", {slot.variable->output(0)}));
      return ops::ApplyOpOutput(graph_, "Reshape", {value, shape});
    }
    std::vector<int32_t> dims;
    for (int64_t dim : slot.shape.dims()) {
      dims.push_back(static_cast<int32_t>(dim));
    }
    TB_ASSIGN_OR_RETURN(
        Tensor shape,
        Tensor::FromBytes(DType::kInt32,
                          Shape::Of({static_cast<int64_t>(dims.size())}),
                          Bytes(reinterpret_cast<const uint8_t*>(dims.data()),
                                dims.size() * sizeof(int32_t))));
    return ops::ApplyOpOutput(graph_, "Reshape", {value, std::move(shape)});
  }

  Result<const Node*> AddRestoreOp(const Shard& shard) {
    std::vector<DType> dtypes;
    for (const SaveSlot& slot : shard.slots) dtypes.push_back(slot.dtype);
    const DeviceScope device(graph_, "/device:CPU:0");
    return ops::ApplyOp(graph_, "RestoreV2",
                        {filename_, Strings(shard, &SaveSlot::key),
                         Strings(shard, &SaveSlot::slice_spec)},
                        {{"dtypes", AttrValue::Types(std::move(dtypes))}});
  }

  SaverGraph Take() {
    SaverGraph saver;
    saver.def.filename_tensor_name = filename_.name();
    saver.def.save_tensor_name = saved_.name();
    saver.def.restore_op_name = restore_all_->name();
    saver.def.max_to_keep = options_.max_to_keep;
    saver.def.sharded = options_.sharded;
    saver.def.keep_checkpoint_every_n_hours =
        options_.keep_checkpoint_every_n_hours;
    saver.def.version = options_.version;
    saver.num_shards = static_cast<int>(shards_.size());
    for (Shard& shard : shards_) {
      for (SaveSlot& slot : shard.slots) saver.slots.push_back(std::move(slot));
    }
    return saver;
  }

  Graph* graph_;
  const SaverGraphOptions& options_;
  std::vector<Shard> shards_;
  Output filename_;
  Output saved_;
  const Node* restore_all_ = nullptr;
};

}  // namespace

Result<SaverGraph> BuildSaverGraph(Graph* graph,
                                   const std::vector<Saveable>& saveables,
                                   const SaverGraphOptions& options) {
  return SaverGraphBuilder(graph, options).Build(saveables);
}

}  // namespace tensorbundle::train
