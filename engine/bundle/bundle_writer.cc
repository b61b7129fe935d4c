// A data file, tensors in the order in which they were added:
//
//   bytes of the first | zeros up to data_alignment | bytes of the second ...
//
// The index: "" -> header, then key -> entry in the order of the keys, as a
// table (engine/table/table_builder.cc). The entry of a tensor in slices lists
// them and has no bytes; each slice has an entry of its own, under a key that
// begins with 00 (slice_key.h).
#include "engine/bundle/bundle_writer.h"

#include <cassert>
#include <utility>

#include "engine/bundle/names.h"
#include "engine/bundle/slice_key.h"
#include "engine/bundle/string_tensor.h"
#include "engine/table/table_builder.h"
#include "engine/tensor/slice_cover.h"
#include "engine/util/checked.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::bundle {

namespace {

// VersionDef::producer of every bundle: kTensorBundleVersion, version.h.
constexpr int32_t kProducer = 1;

}  // namespace

Status BundleWriter::CheckIdle() const {
  if (!finished_ && !open_) return OkStatus();
  return FailedPreconditionError(finished_ ? "The bundle is finished"
                                           : "Tensor " + key_ +
                                                 " is not finished yet");
}

Status BundleWriter::Begin(std::string_view key, DType dtype,
                           const Shape& shape, uint64_t size) {
  TB_RETURN_IF_ERROR(CheckIdle());
  if (options_.data_alignment == 0) {
    return InvalidArgumentError("data_alignment must be at least 1");
  }
  if (key == kHeaderKey) {
    return InvalidArgumentError(
        "The empty key names the header of a checkpoint, not a tensor");
  }
  if (entries_.find(key) != entries_.end() ||
      sliced_.find(key) != sliced_.end()) {
    return InvalidArgumentError("Adding duplicate key: " + std::string(key));
  }
  const auto end = CheckedAdd(data_size_, size);
  const auto padded =
      end ? CheckedAdd(*end, options_.data_alignment) : std::nullopt;
  if (!padded || *padded > uint64_t{INT64_MAX}) {
    return InvalidArgumentError("The data file would be too large");
  }
  entry_ = Entry();
  entry_.dtype = dtype;
  entry_.shape = shape;
  entry_.shard_id = shard_id_;
  entry_.offset = static_cast<int64_t>(data_size_);
  entry_.size = static_cast<int64_t>(size);
  key_ = std::string(key);
  position_ = 0;
  crc_ = 0;
  open_ = true;
  return OkStatus();
}

Result<io::Extent> BundleWriter::Add(std::string_view key, DType dtype,
                                     const Shape& shape) {
  const size_t element_size = DTypeSize(dtype);
  if (element_size == 0) {
    return UnimplementedError("Tensor " + std::string(key) + " of dtype " +
                              DTypeString(dtype) +
                              " has no bytes that can be saved");
  }
  const auto size =
      CheckedMul(static_cast<uint64_t>(shape.num_elements()), element_size);
  if (!size) return InvalidArgumentError("The data file would be too large");
  TB_RETURN_IF_ERROR(Begin(key, dtype, shape, *size));
  return io::Extent{data_size_, *size};
}

Result<io::Extent> BundleWriter::AddStrings(
    std::string_view key, const Shape& shape,
    std::span<const std::string> strings, std::string* data) {
  assert(static_cast<int64_t>(strings.size()) == shape.num_elements());
  data->clear();
  const uint32_t crc = EncodeStrings(strings, data);
  TB_RETURN_IF_ERROR(Begin(key, DType::kString, shape, data->size()));
  crc_ = crc;
  position_ = data->size();
  return io::Extent{data_size_, data->size()};
}

Result<std::string> BundleWriter::RegisterSlice(std::string_view key,
                                                DType dtype, const Shape& shape,
                                                const Slice& slice) {
  TB_RETURN_IF_ERROR(CheckIdle());
  TB_ASSIGN_OR_RETURN(const Shape part, SliceShape(slice, shape));
  if (part == shape) return std::string(key);
  if (key == kHeaderKey) {
    return InvalidArgumentError(
        "The empty key names the header of a checkpoint, not a tensor");
  }
  std::string slice_key = EncodeSliceKey(key, slice);
  if (entries_.find(key) != entries_.end() ||
      entries_.find(slice_key) != entries_.end()) {
    return InvalidArgumentError("Adding duplicate key: " + std::string(key));
  }
  const auto [it, is_first] = sliced_.try_emplace(std::string(key));
  Entry& whole = it->second;
  if (is_first) {
    whole.dtype = dtype;
    whole.shape = shape;
    // Merging shards leaves the number of the first that has a slice here.
    whole.shard_id = shard_id_;
  } else if (whole.dtype != dtype || whole.shape != shape) {
    return InvalidArgumentError(
        "Slice " + slice.ToString() + " of tensor " + std::string(key) +
        " is of a " + DTypeString(dtype) + " " + shape.ToString() +
        ", the others of a " + DTypeString(whole.dtype) + " " +
        whole.shape.ToString());
  }
  whole.slices.push_back(slice);
  return slice_key;
}

Status BundleWriter::NextShard() {
  TB_RETURN_IF_ERROR(CheckIdle());
  ++shard_id_;
  data_size_ = 0;
  return OkStatus();
}

Status BundleWriter::Append(Bytes bytes) {
  if (!open_) return FailedPreconditionError("No tensor was added");
  if (!RangeWithin(position_, bytes.size(),
                   static_cast<uint64_t>(entry_.size))) {
    return InvalidArgumentError("Tensor " + key_ + " has no more than " +
                                std::to_string(entry_.size) + " bytes");
  }
  crc_ = crc32c::Extend(crc_, bytes);
  position_ += bytes.size();
  return OkStatus();
}

Result<uint64_t> BundleWriter::EndTensor() {
  if (!open_) return FailedPreconditionError("No tensor was added");
  if (position_ != static_cast<uint64_t>(entry_.size)) {
    return InvalidArgumentError(
        "Tensor " + key_ + " has " + std::to_string(entry_.size) +
        " bytes; there were only " + std::to_string(position_));
  }
  entry_.crc32c = crc32c::Mask(crc_);
  entries_.emplace(std::move(key_), SerializeEntry(entry_));
  key_.clear();
  open_ = false;
  data_size_ += position_;
  const uint64_t past = data_size_ % options_.data_alignment;
  const uint64_t padding = past == 0 ? 0 : options_.data_alignment - past;
  data_size_ += padding;
  return padding;
}

Status BundleWriter::Finish(io::ByteSink* sink) {
  TB_RETURN_IF_ERROR(CheckIdle());
  for (const auto& [key, whole] : sliced_) {
    TB_RETURN_IF_ERROR(CheckSlices(whole.shape, whole.slices));
    entries_.emplace(key, SerializeEntry(whole));
  }
  finished_ = true;
  Header header;
  header.num_shards = num_shards();
  header.producer = kProducer;
  table::TableBuilder table(sink);
  TB_RETURN_IF_ERROR(table.Add(kHeaderKey, AsBytes(SerializeHeader(header))));
  for (const auto& [key, value] : entries_) {
    TB_RETURN_IF_ERROR(table.Add(key, AsBytes(value)));
  }
  return table.Finish();
}

}  // namespace tensorbundle::bundle
