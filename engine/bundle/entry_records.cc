// entry_records.h draws the layout.
#include "engine/bundle/entry_records.h"

#include "engine/util/coding.h"

namespace tensorbundle::bundle {

namespace {

void AppendCount(std::string* out, size_t count) {
  AppendFixed32(out, static_cast<uint32_t>(count));
}

void AppendInt64(std::string* out, int64_t value) {
  AppendFixed64(out, static_cast<uint64_t>(value));
}

size_t RecordSize(std::string_view key, const Entry& entry,
                  const Status& status) {
  size_t size = kEntryRecordHeaderSize + 8 * entry.shape.dims().size();
  for (const Slice& slice : entry.slices) size += 8 + 16 * slice.extents.size();
  size += key.size() + status.message().size();
  return (size + 7) / 8 * 8;
}

}  // namespace

void AppendEntryRecord(std::string_view key, const Entry& entry,
                       const Status& status, std::string* records) {
  const size_t end = records->size() + RecordSize(key, entry, status);
  AppendCount(records, end - records->size());
  AppendCount(records, key.size());
  AppendCount(records, static_cast<size_t>(status.code()));
  AppendCount(records, status.message().size());
  AppendFixed32(records, static_cast<uint32_t>(entry.dtype));
  AppendFixed32(records, static_cast<uint32_t>(entry.shard_id));
  AppendFixed32(records, entry.crc32c);
  AppendCount(records, entry.shape.dims().size());
  AppendInt64(records, entry.offset);
  AppendInt64(records, entry.size);
  AppendCount(records, entry.slices.size());
  AppendFixed32(records, 0);
  for (int64_t dim : entry.shape.dims()) AppendInt64(records, dim);
  for (const Slice& slice : entry.slices) {
    AppendCount(records, slice.extents.size());
    AppendFixed32(records, 0);
    for (const SliceExtent& extent : slice.extents) {
      AppendInt64(records, extent.start);
      AppendInt64(records, extent.length);
    }
  }
  records->append(key);
  records->append(status.message());
  records->resize(end);
}

}  // namespace tensorbundle::bundle
