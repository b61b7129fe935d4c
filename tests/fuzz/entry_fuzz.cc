// Any bytes as an entry and as a header. The entry's decoder is written by
// hand: it must take and refuse what protobuf takes and refuses, and read the
// same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/bundle/entry.h"
#include "engine/bundle/entry_records.h"
#include "engine/bundle/messages.h"
#include "engine/proto/tensor_bundle.pb.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::bundle {
namespace {

using fuzz::Require;

void CompareWithProtobuf(Bytes value) {
  proto::BundleEntryProto message;
  const bool parsed = ParseMessage(value, &message);
  Entry entry;
  const Status status = ParseEntry("key", value, &entry);
  if (!parsed) {
    Require(!status.ok());
    return;
  }
  const Result<Shape> shape = ShapeFrom(message.shape());
  Require(status.ok() == shape.ok());
  if (shape.ok()) Require(entry.shape == *shape);
  Require(static_cast<int32_t>(entry.dtype) == message.dtype());
  Require(entry.shard_id == message.shard_id());
  Require(entry.offset == message.offset());
  Require(entry.size == message.size());
  Require(entry.crc32c == message.crc32c());
  Require(static_cast<int>(entry.slices.size()) == message.slices_size());
  for (int i = 0; i < message.slices_size(); ++i) {
    Require(entry.slices[static_cast<size_t>(i)] ==
            SliceFrom(message.slices(i)));
  }
  if (!status.ok()) return;

  Entry again;
  const std::string written = SerializeEntry(entry);
  Require(ParseEntry("key", AsBytes(written), &again).ok());
  Require(SerializeEntry(again) == written);

  const Result<io::Extent> range = DataRange("key", entry);
  if (range.ok()) {
    Require(range->offset <= uint64_t{INT64_MAX} &&
            range->length <= uint64_t{INT64_MAX} - range->offset);
  }
  std::string records;
  AppendEntryRecord("key", entry, status, &records);
  Require(records.size() % 8 == 0);
}

}  // namespace
}  // namespace tensorbundle::bundle

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  bundle::CompareWithProtobuf(Bytes(data, size));
  const auto header = bundle::ParseHeader(Bytes(data, size));
  if (header.ok()) {
    const auto again =
        bundle::ParseHeader(AsBytes(bundle::SerializeHeader(*header)));
    fuzz::Require(again.ok() && again->num_shards == header->num_shards &&
                  again->producer == header->producer);
  }
  return 0;
}
