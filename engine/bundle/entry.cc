// A header and an entry, by field number (fields that are 0 are not written):
//
//   08 num_shards | 10 endianness | 1a version { 08 producer | 10 min_consumer
//                                              | 1a bad_consumers }
//
//   08 dtype | 12 shape { 12 dim { 08 size } ... } | 18 shard_id | 20 offset
//   | 28 size | 35 crc32c (fixed32) | 3a slice { 0a extent { 08 start
//                                              | 10 length } ... } ...
//
// A float of shape [3,2], the first of its file:
//   08 01 | 12 08 12 02 08 03 12 02 08 02 | 28 18 | 35 7a eb f5 ab
#include "engine/bundle/entry.h"

#include <utility>

#include "engine/bundle/messages.h"
#include "engine/proto/tensor_bundle.pb.h"
#include "engine/util/checked.h"
#include "engine/util/limits.h"
#include "engine/util/wire.h"

namespace tensorbundle::bundle {

namespace {

constexpr int32_t kBigEndian = 1;

Status Invalid(std::string_view what, std::string_view key,
               std::string_view field, int64_t stored) {
  return DataLossError("Invalid " + std::string(what) +
                       " in bundle entry: key " + std::string(key) +
                       "; stored " + std::string(field) + " " +
                       std::to_string(stored));
}

// What is in `value` but not kept in Entry.
struct EntryRest {
  Dims dims;
  size_t num_extents = 0;
  bool too_many_slices = false;
};

// False as well for more slices than limits.h allows.
bool ReadEntry(Bytes message, Entry* entry, EntryRest* rest) {
  return ForEachField(message, [&](const WireField& field) {
    switch (field.type) {
      case WireType::kVarint:
        if (field.number == 1) {
          entry->dtype = static_cast<DType>(static_cast<int32_t>(field.value));
        } else if (field.number == 3) {
          entry->shard_id = static_cast<int32_t>(field.value);
        } else if (field.number == 4) {
          entry->offset = static_cast<int64_t>(field.value);
        } else if (field.number == 5) {
          entry->size = static_cast<int64_t>(field.value);
        }
        return true;
      case WireType::kFixed32:
        if (field.number == 6) {
          entry->crc32c = static_cast<uint32_t>(field.value);
        }
        return true;
      case WireType::kBytes:
        if (field.number == 2) return ReadDims(field.bytes, &rest->dims);
        if (field.number == 7) {
          entry->slices.emplace_back();
          if (!ReadSlice(field.bytes, &entry->slices.back())) return false;
          rest->num_extents += entry->slices.back().extents.size();
          rest->too_many_slices = entry->slices.size() > limits::kMaxSlices ||
                                  rest->num_extents > limits::kMaxSliceExtents;
          return !rest->too_many_slices;
        }
        return true;
      default:
        return true;
    }
  });
}

// protobuf's ShortDebugString of one dimension.
bool AppendDimText(Bytes dim, std::string* text) {
  int64_t size = 0;
  Bytes name;
  const bool parsed = ForEachField(dim, [&](const WireField& field) {
    if (Is(field, 1, WireType::kVarint)) {
      size = static_cast<int64_t>(field.value);
    } else if (Is(field, 2, WireType::kBytes)) {
      name = field.bytes;
    }
    return true;
  });
  if (!text->empty()) *text += ' ';
  *text += "dim {";
  if (size != 0) *text += " size: " + std::to_string(size);
  if (!name.empty()) *text += " name: \"" + std::string(AsString(name)) + "\"";
  *text += " }";
  return parsed;
}

// protobuf's ShortDebugString of the shape of an entry, up to the first
// dimension that no shape has room for.
std::string ShapeText(Bytes entry) {
  std::string text;
  bool unknown_rank = false;
  int rank = 0;
  ForEachField(entry, [&](const WireField& shape) {
    if (!Is(shape, 2, WireType::kBytes)) return true;
    return ForEachField(shape.bytes, [&](const WireField& field) {
      if (Is(field, 3, WireType::kVarint)) unknown_rank = field.value != 0;
      if (!Is(field, 2, WireType::kBytes)) return true;
      if (++rank > Shape::kMaxRank + 1) return true;
      return AppendDimText(field.bytes, &text);
    });
  });
  if (unknown_rank) {
    text += text.empty() ? "unknown_rank: true" : " unknown_rank: true";
  }
  return text;
}

}  // namespace

Result<Header> ParseHeader(Bytes value) {
  proto::BundleHeaderProto proto;
  if (!ParseMessage(value, &proto)) {
    return DataLossError("Entry for key  not parseable.");
  }
  Header header;
  header.num_shards = proto.num_shards();
  header.big_endian = proto.endianness() == kBigEndian;
  header.producer = proto.version().producer();
  header.min_consumer = proto.version().min_consumer();
  header.bad_consumers.assign(proto.version().bad_consumers().begin(),
                              proto.version().bad_consumers().end());
  return header;
}

std::string SerializeHeader(const Header& header) {
  proto::BundleHeaderProto proto;
  proto.set_num_shards(header.num_shards);
  proto.set_endianness(header.big_endian ? kBigEndian : 0);
  proto.mutable_version()->set_producer(header.producer);
  proto.mutable_version()->set_min_consumer(header.min_consumer);
  proto.mutable_version()->mutable_bad_consumers()->Add(
      header.bad_consumers.begin(), header.bad_consumers.end());
  return proto.SerializeAsString();
}

Status ParseEntry(std::string_view key, Bytes value, Entry* entry) {
  *entry = Entry();
  EntryRest rest;
  if (!ReadEntry(value, entry, &rest)) {
    if (rest.too_many_slices) {
      entry->slices.clear();
      return ResourceExhaustedError("Tensor " + std::string(key) +
                                    " is stored in too many slices");
    }
    return DataLossError("Entry for key " + std::string(key) +
                         " not parseable.");
  }
  Result<Shape> shape = rest.dims.ToShape();
  if (!shape.ok()) {
    return DataLossError("Invalid tensor shape: " + std::string(key) + " " +
                         ShapeText(value));
  }
  entry->shape = std::move(shape).value();
  return OkStatus();
}

std::string SerializeEntry(const Entry& entry) {
  proto::BundleEntryProto proto;
  proto.set_dtype(static_cast<int32_t>(entry.dtype));
  // Present even for a scalar, as TensorFlow writes it.
  SetShape(entry.shape, proto.mutable_shape());
  proto.set_shard_id(entry.shard_id);
  proto.set_offset(entry.offset);
  proto.set_size(entry.size);
  proto.set_crc32c(entry.crc32c);
  for (const Slice& slice : entry.slices) {
    SetSlice(slice, proto.add_slices());
  }
  return proto.SerializeAsString();
}

Result<io::Extent> DataRange(std::string_view key, const Entry& entry) {
  if (!entry.slices.empty()) return io::Extent{};
  if (!IsKnown(entry.dtype)) {
    return InvalidArgumentError("Tensor " + std::string(key) + " has the " +
                                DTypeString(entry.dtype));
  }
  if (entry.shard_id < 0) {
    return Invalid("shard", key, "shard id", entry.shard_id);
  }
  const size_t element_size = DTypeSize(entry.dtype);
  if (element_size != 0) {
    const auto expected = CheckedMul(
        static_cast<uint64_t>(entry.shape.num_elements()), element_size);
    if (!expected || entry.size < 0 ||
        static_cast<uint64_t>(entry.size) != *expected) {
      std::string message =
          Invalid("size", key, "size", entry.size).message() +
          "; expected size " +
          (expected ? std::to_string(*expected) : std::string("over 2^64"));
      return DataLossError(std::move(message));
    }
  }
  if (entry.size < 0) return Invalid("size", key, "size", entry.size);
  int64_t end = 0;
  if (entry.offset < 0 ||
      __builtin_add_overflow(entry.offset, entry.size, &end)) {
    return Invalid("offset", key, "offset", entry.offset);
  }
  return io::Extent{static_cast<uint64_t>(entry.offset),
                    static_cast<uint64_t>(entry.size)};
}

}  // namespace tensorbundle::bundle
