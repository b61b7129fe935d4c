// entry_records.h draws the layout.
#include "engine/bundle/entry_records.h"

#include <cstring>

namespace tensorbundle::bundle {

namespace {

// Writes the fields of a record one after the other. A list has many thousand
// records: memory for one is taken once.
class RecordWriter {
 public:
  explicit RecordWriter(char* to) : to_(to) {}

  void Fixed32(uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
      *to_++ = static_cast<char>(value >> shift & 0xff);
    }
  }
  void Count(size_t count) { Fixed32(static_cast<uint32_t>(count)); }
  void Int64(int64_t value) {
    Fixed32(static_cast<uint32_t>(value));
    Fixed32(static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32));
  }
  void Text(std::string_view text) {
    if (!text.empty()) std::memcpy(to_, text.data(), text.size());
    to_ += text.size();
  }

 private:
  char* to_;
};

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
  const size_t start = records->size();
  const size_t size = RecordSize(key, entry, status);
  records->resize(start + size);  // zeros, the padding among them
  RecordWriter out(records->data() + start);
  out.Count(size);
  out.Count(key.size());
  out.Count(static_cast<size_t>(status.code()));
  out.Count(status.message().size());
  out.Fixed32(static_cast<uint32_t>(entry.dtype));
  out.Fixed32(static_cast<uint32_t>(entry.shard_id));
  out.Fixed32(entry.crc32c);
  out.Count(entry.shape.dims().size());
  out.Int64(entry.offset);
  out.Int64(entry.size);
  out.Count(entry.slices.size());
  out.Fixed32(0);
  for (int64_t dim : entry.shape.dims()) out.Int64(dim);
  for (const Slice& slice : entry.slices) {
    out.Count(slice.extents.size());
    out.Fixed32(0);
    for (const SliceExtent& extent : slice.extents) {
      out.Int64(extent.start);
      out.Int64(extent.length);
    }
  }
  out.Text(key);
  out.Text(status.message());
}

}  // namespace tensorbundle::bundle
