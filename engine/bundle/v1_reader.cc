// Every file is a table whose first record, "", lists the tensors and slices in
// the file; the records behind it are the slices (v1_writer.cc, v1_record.cc).
#include "engine/bundle/v1_reader.h"

#include <utility>

#include "engine/bundle/entry_records.h"
#include "engine/bundle/messages.h"
#include "engine/bundle/v1_record.h"
#include "engine/bundle/versions.h"
#include "engine/proto/saved_tensor_slice.pb.h"
#include "engine/table/table_iterator.h"
#include "engine/tensor/slice_cover.h"
#include "engine/util/limits.h"

namespace tensorbundle::bundle {

namespace {

constexpr std::string_view kMetadataKey = "";

// Field numbers of saved_tensor_slice.proto.
constexpr uint32_t kSlicesMeta = 1;
constexpr uint32_t kMetaTensor = 1;
constexpr uint32_t kMetaVersions = 2;
constexpr uint32_t kTensorName = 1;
constexpr uint32_t kTensorShape = 2;
constexpr uint32_t kTensorType = 3;
constexpr uint32_t kTensorSlice = 4;

// `status` in other words, at the same place.
Status InOtherWords(const Status& status, Code code, std::string message,
                    const std::string& file) {
  ErrorLocation location = status.location();
  location.file = file;
  return Status(code, std::move(message)).At(std::move(location));
}

Status CannotOpen(const std::string& file, const Status& status) {
  return InOtherWords(
      status, Code::kDataLoss,
      "Unable to open table file " + file + ": " + status.ToString() +
          ": perhaps your file is in a different file format and you need to "
          "use a different restore operator?",
      file);
}

Status NoMetadata(const std::string& file, const Status& status) {
  return InOtherWords(status, Code::kInternal,
                      "Failed to find the saved tensor slices at the beginning "
                      "of the checkpoint file: " +
                          file,
                      file);
}

// Calls take(field) with every field of the SavedTensorSliceMeta in `record`.
template <typename Take>
bool ForEachMetaField(Bytes record, Take take) {
  return ForEachField(record, [&](const WireField& field) {
    return !Is(field, kSlicesMeta, WireType::kBytes) ||
           ForEachField(field.bytes, take);
  });
}

Status AtTensor(Status status, const std::string& file, std::string_view name) {
  return std::move(status).At(
      {.file = file, .tensor = std::string(name), .offset = 0, .length = 0});
}

}  // namespace

Entry V1Reader::StoredTensor::ToEntry() const {
  Entry entry;
  entry.dtype = dtype;
  entry.shape = shape;
  if (!is_whole()) entry.slices = slices;
  return entry;
}

Result<V1Reader> V1Reader::Open(std::string pattern,
                                std::vector<io::ByteSource*> files) {
  if (files.empty()) {
    return NotFoundError(
        "Unsuccessful TensorSliceReader constructor: Failed to find any "
        "matching files for " +
        pattern);
  }
  std::vector<table::TableReader> tables;
  for (io::ByteSource* file : files) {
    Result<table::TableReader> table = table::TableReader::Open(file);
    if (!table.ok()) {
      if (table.status().code() == Code::kNeedBytes) return table.status();
      return CannotOpen(file->name(), table.status());
    }
    // Missing bytes of all files are asked for before any is parsed, as the
    // whole is called again for each.
    table::TableIterator it(&*table);
    const Result<bool> found = it.Find(kMetadataKey);
    if (!found.ok() && found.status().code() == Code::kNeedBytes) {
      return found.status();
    }
    tables.push_back(std::move(table).value());
  }
  V1Reader reader(std::move(pattern), std::move(tables));
  for (size_t i = 0; i < files.size(); ++i) {
    TB_RETURN_IF_ERROR(reader.LoadMetadata(i));
  }
  for (const auto& [name, tensor] : reader.tensors_) {
    TB_RETURN_IF_ERROR(AtTensor(CheckSlices(tensor.shape, tensor.slices),
                                files[tensor.files.back()]->name(), name));
  }
  return reader;
}

Status V1Reader::LoadMetadata(size_t file) {
  const std::string& file_name = tables_[file].source()->name();
  table::TableIterator it(&tables_[file]);
  const Result<bool> found = it.Find(kMetadataKey);
  if (!found.ok()) {
    if (found.status().code() == Code::kNeedBytes) return found.status();
    return NoMetadata(file_name, found.status());
  }
  proto::VersionDef versions;
  const auto take_versions = [&](const WireField& field) {
    return !Is(field, kMetaVersions, WireType::kBytes) ||
           versions.MergeFromString(std::string(AsString(field.bytes)));
  };
  if (!*found || !ForEachMetaField(it.value(), take_versions)) {
    return NoMetadata(file_name, OkStatus());
  }
  TB_RETURN_IF_ERROR(AtTensor(
      CheckVersions(versions.producer(), versions.min_consumer(),
                    {versions.bad_consumers().data(),
                     static_cast<size_t>(versions.bad_consumers_size())}),
      file_name, kMetadataKey));
  Status status;
  const auto take_tensor = [&](const WireField& field) {
    if (!Is(field, kMetaTensor, WireType::kBytes)) return true;
    status = LoadTensor(field.bytes, file);
    return status.ok();
  };
  static_cast<void>(ForEachMetaField(it.value(), take_tensor));
  return status;
}

// `meta` is a SavedSliceMeta.
Status V1Reader::LoadTensor(Bytes meta, size_t file) {
  const std::string& file_name = tables_[file].source()->name();
  std::string name;
  Dims dims;
  DType dtype = DType::kInvalid;
  std::vector<Slice> slices;
  size_t num_extents = 0;
  const auto take = [&](const WireField& field) {
    if (Is(field, kTensorName, WireType::kBytes)) {
      name = AsString(field.bytes);
    } else if (Is(field, kTensorShape, WireType::kBytes)) {
      return ReadDims(field.bytes, &dims);
    } else if (Is(field, kTensorType, WireType::kVarint)) {
      dtype = static_cast<DType>(static_cast<int32_t>(field.value));
    } else if (Is(field, kTensorSlice, WireType::kBytes)) {
      slices.emplace_back();
      if (!ReadSlice(field.bytes, &slices.back())) return false;
      num_extents += slices.back().extents.size();
      return HasRoomFor(slices.size(), num_extents);
    }
    return true;
  };
  const bool parsed = ForEachField(meta, take);
  if (!HasRoomFor(slices.size(), num_extents)) {
    return AtTensor(
        ResourceExhaustedError("The metadata of " + file_name +
                               " lists too many tensors and slices"),
        file_name, kMetadataKey);
  }
  if (!parsed) return NoMetadata(file_name, OkStatus());
  // TensorFlow knows a tensor by its slices alone.
  if (slices.empty()) return OkStatus();
  const Result<Shape> shape = dims.ToShape();
  if (!shape.ok()) {
    return AtTensor(DataLossError("Invalid tensor shape: " + name + ": " +
                                  shape.status().message()),
                    file_name, name);
  }
  const auto [found, is_new] =
      tensors_.try_emplace(name, StoredTensor{dtype, *shape, {}, {}});
  StoredTensor& tensor = found->second;
  if (tensor.shape != *shape) {
    return AtTensor(
        InternalError("Incompatible tensor shapes detected for tensor " + name +
                      ": existing = " + tensor.shape.ToString() +
                      ", new = " + shape->ToString()),
        file_name, name);
  }
  if (tensor.dtype != dtype) {
    return AtTensor(
        InternalError("Incompatible tensor types detected for tensor " + name +
                      ": existing = " + DTypeString(tensor.dtype) +
                      ", new = " + DTypeString(dtype)),
        file_name, name);
  }
  num_slices_ += slices.size();
  num_extents_ += num_extents;
  for (Slice& slice : slices) {
    tensor.slices.push_back(std::move(slice));
    tensor.files.push_back(file);
  }
  return OkStatus();
}

bool V1Reader::HasRoomFor(size_t slices, size_t extents) const {
  return num_slices_ + slices <= limits::kMaxV1Slices &&
         num_extents_ + extents <= limits::kMaxSliceExtents;
}

Result<V1Reader::Tensors::const_iterator> V1Reader::FindTensor(
    std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found != tensors_.end()) return found;
  return AtTensor(NotFoundError("Tensor name \"" + std::string(name) +
                                "\" not found in checkpoint files " + pattern_),
                  pattern_, name);
}

Result<Entry> V1Reader::Find(std::string_view name) const {
  TB_ASSIGN_OR_RETURN(const auto tensor, FindTensor(name));
  return tensor->second.ToEntry();
}

size_t V1Reader::EncodeEntries(std::string_view after, size_t max_entries,
                               std::string* records) const {
  records->clear();
  size_t count = 0;
  for (auto it = tensors_.upper_bound(after);
       it != tensors_.end() && count < max_entries &&
       records->size() < limits::kRecordBatchBytes;
       ++it, ++count) {
    AppendEntryRecord(it->first, it->second.ToEntry(), OkStatus(), records);
  }
  return count;
}

Result<V1Lookup> V1Reader::Lookup(std::string_view name) {
  TB_ASSIGN_OR_RETURN(const auto tensor, FindTensor(name));
  return LookupSlice(name, Slice::Full(tensor->second.shape.rank()));
}

Result<V1Lookup> V1Reader::LookupSlice(std::string_view name,
                                       const Slice& slice) {
  TB_ASSIGN_OR_RETURN(const auto found, FindTensor(name));
  const StoredTensor& tensor = found->second;
  if (!IsV1DType(tensor.dtype)) {
    return AtTensor(
        UnimplementedError("Restoring data type " + DTypeString(tensor.dtype) +
                           " not yet supported"),
        pattern_, name);
  }
  TB_ASSIGN_OR_RETURN(const Shape box, SliceShape(slice, tensor.shape));
  static_cast<void>(box);
  const auto cover = FindCover(tensor.shape, tensor.slices, slice);
  if (!cover) {
    return AtTensor(InvalidArgumentError("Error copying slice data"), pattern_,
                    name);
  }
  V1Lookup lookup(this, found, slice);
  for (const size_t i : *cover) {
    lookup.parts_.push_back({tensor.files[i], tensor.slices[i]});
  }
  return lookup;
}

}  // namespace tensorbundle::bundle
