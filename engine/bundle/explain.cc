// A file in spans of depth 0, from its first byte to its last:
//
//   data block ... | metaindex block | index block | footer
//
// and a block in spans of depth 1:
//
//   entry ... | restart ... | number of restarts | trailer
#include "engine/bundle/explain.h"

#include <algorithm>

#include "engine/bundle/explain_message.h"
#include "engine/table/compression.h"
#include "engine/table/format.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"
#include "engine/util/limits.h"
#include "engine/util/utf8.h"

namespace tensorbundle::bundle {

namespace {

using table::BlockHandle;

enum class BlockKind { kData, kMetaindex, kIndex };

struct BlockPlace {
  BlockKind kind;
  BlockHandle handle;
};

std::string_view LabelOf(BlockKind kind) {
  switch (kind) {
    case BlockKind::kData:
      return "data block";
    case BlockKind::kMetaindex:
      return "metaindex block";
    default:
      return "index block";
  }
}

std::string HandleText(const BlockHandle& handle) {
  return std::to_string(handle.offset) + ", " + std::to_string(handle.size);
}

// Where the entries of a block end; nothing when its tail cannot be right.
std::optional<size_t> EntriesEnd(Bytes contents) {
  if (contents.size() < 4) return std::nullopt;
  const size_t room = contents.size() - 4;
  const uint32_t restarts = DecodeFixed32(contents.data() + room);
  if (restarts > room / 4) return std::nullopt;
  return room - size_t{4} * restarts;
}

// One entry as it stands in a block; its key's front stands in earlier ones.
struct RawEntry {
  uint32_t shared = 0;
  size_t header_sizes[3] = {};  // of the three varints
  Bytes key_tail;
  Bytes value;

  size_t size() const {
    return header_sizes[0] + header_sizes[1] + header_sizes[2] +
           key_tail.size() + value.size();
  }
};

bool ReadRawEntry(Bytes bytes, size_t previous_key_size, RawEntry* entry) {
  Cursor cursor(bytes);
  uint32_t numbers[3];
  size_t begin = 0;
  for (int i = 0; i < 3; ++i) {
    if (!cursor.ReadVarint32(&numbers[i])) return false;
    entry->header_sizes[i] = cursor.position() - begin;
    begin = cursor.position();
  }
  entry->shared = numbers[0];
  return entry->shared <= previous_key_size &&
         cursor.ReadBytes(numbers[1], &entry->key_tail) &&
         cursor.ReadBytes(numbers[2], &entry->value);
}

class Explainer {
 public:
  Explainer(Bytes file, size_t enough) : file_(file), spans_(enough) {}

  std::vector<Span> Run();

 private:
  void ExplainFooter(uint64_t offset);
  void ExplainBlock(const BlockPlace& block);
  void ExplainEntries(BlockKind kind, Bytes entries, uint64_t offset);
  void ExplainEntry(BlockKind kind, const RawEntry& entry, uint64_t offset,
                    const std::string& key);
  void ExplainHandle(Bytes value, uint64_t offset, int depth,
                     std::string_view offset_label,
                     std::string_view size_label);
  void ExplainTrailer(const BlockHandle& handle);

  // The blocks that the footer and the index name, by offset; of blocks that
  // overlap the first.
  std::vector<BlockPlace> FindBlocks(const table::Footer& footer) const;
  bool IsInside(const BlockHandle& handle) const;
  Bytes Contents(const BlockHandle& handle) const {
    return file_.subspan(static_cast<size_t>(handle.offset),
                         static_cast<size_t>(handle.size));
  }
  uint8_t TypeOf(const BlockHandle& handle) const {
    return file_[static_cast<size_t>(handle.offset + handle.size)];
  }

  Bytes file_;
  uint64_t blocks_end_ = 0;  // where the footer begins
  SpanList spans_;
};

bool Explainer::IsInside(const BlockHandle& handle) const {
  const auto size = CheckedAdd(handle.size, table::kBlockTrailerSize);
  return size && RangeWithin(handle.offset, *size, blocks_end_);
}

std::vector<BlockPlace> Explainer::FindBlocks(
    const table::Footer& footer) const {
  std::vector<BlockPlace> blocks;
  if (IsInside(footer.metaindex)) {
    blocks.push_back({BlockKind::kMetaindex, footer.metaindex});
  }
  if (IsInside(footer.index)) {
    blocks.push_back({BlockKind::kIndex, footer.index});
    const Bytes index = Contents(footer.index);
    const auto end = EntriesEnd(index);
    size_t at = 0;
    size_t key_size = 0;
    RawEntry entry;
    while (end && at < *end && TypeOf(footer.index) == table::kUncompressed &&
           ReadRawEntry(index.subspan(at, *end - at), key_size, &entry)) {
      BlockHandle handle;
      Cursor cursor(entry.value);
      if (handle.ReadFrom(&cursor) && IsInside(handle)) {
        blocks.push_back({BlockKind::kData, handle});
      }
      key_size = entry.shared + entry.key_tail.size();
      at += entry.size();
    }
  }
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const BlockPlace& a, const BlockPlace& b) {
                     return a.handle.offset < b.handle.offset;
                   });
  return blocks;
}

std::vector<Span> Explainer::Run() {
  if (file_.size() < table::kFooterSize) {
    spans_.AddIfAny(0, file_.size(), 0, kUnreadable);
    return spans_.Take();
  }
  blocks_end_ = file_.size() - table::kFooterSize;
  const Result<table::Footer> footer =
      table::Footer::Parse(file_.last(table::kFooterSize));
  uint64_t at = 0;
  if (footer.ok()) {
    for (const BlockPlace& block : FindBlocks(*footer)) {
      if (block.handle.offset < at) continue;
      spans_.AddIfAny(at, block.handle.offset - at, 0, kUnreadable);
      at = block.handle.offset;
      if (spans_.full()) break;
      ExplainBlock(block);
      at += block.handle.size + table::kBlockTrailerSize;
    }
  }
  spans_.AddIfAny(at, blocks_end_ - at, 0, spans_.full() ? kMore : kUnreadable);
  ExplainFooter(blocks_end_);
  return spans_.Take();
}

void Explainer::ExplainFooter(uint64_t offset) {
  constexpr size_t kMagicSize = 8;
  constexpr size_t kHandlesSize = table::kFooterSize - kMagicSize;
  spans_.Add(offset, table::kFooterSize, 0, "footer");
  const Bytes handles = file_.last(table::kFooterSize).first(kHandlesSize);
  size_t at = 0;
  for (std::string_view label : {"metaindex handle", "index handle"}) {
    BlockHandle handle;
    Cursor cursor(handles.subspan(at));
    if (!handle.ReadFrom(&cursor)) break;
    spans_.Add(offset + at, cursor.position(), 1, label, HandleText(handle));
    ExplainHandle(handles.subspan(at, cursor.position()), offset + at, 2,
                  "offset", "size");
    at += cursor.position();
  }
  const Bytes rest = handles.subspan(at);
  const bool zeros = std::all_of(rest.begin(), rest.end(),
                                 [](uint8_t byte) { return byte == 0; });
  spans_.AddIfAny(offset + at, rest.size(), 1, zeros ? "padding" : kUnreadable);
  const bool is_table =
      DecodeFixed64(file_.last(kMagicSize).data()) == table::kTableMagic;
  spans_.Add(offset + kHandlesSize, kMagicSize, 1, "magic",
             is_table ? "correct" : "wrong");
}

// The two varints of a handle, and whatever stands behind them.
void Explainer::ExplainHandle(Bytes value, uint64_t offset, int depth,
                              std::string_view offset_label,
                              std::string_view size_label) {
  BlockHandle handle;
  Cursor cursor(value);
  if (!cursor.ReadVarint64(&handle.offset)) {
    spans_.AddIfAny(offset, value.size(), depth, kUnreadable);
    return;
  }
  const size_t offset_size = cursor.position();
  spans_.Add(offset, offset_size, depth, offset_label,
             std::to_string(handle.offset));
  if (cursor.ReadVarint64(&handle.size)) {
    spans_.Add(offset + offset_size, cursor.position() - offset_size, depth,
               size_label, std::to_string(handle.size));
  }
  spans_.AddIfAny(offset + cursor.position(), cursor.remaining(), depth,
                  kUnreadable);
}

void Explainer::ExplainBlock(const BlockPlace& block) {
  const BlockHandle& handle = block.handle;
  spans_.Add(handle.offset, handle.size + table::kBlockTrailerSize, 0,
             LabelOf(block.kind));
  const Bytes contents = Contents(handle);
  const auto end = EntriesEnd(contents);
  if (TypeOf(handle) == table::kSnappy) {
    spans_.AddIfAny(handle.offset, handle.size, 1, "compressed contents");
  } else if (!end) {
    spans_.AddIfAny(handle.offset, handle.size, 1, kUnreadable);
  } else {
    ExplainEntries(block.kind, contents.first(*end), handle.offset);
    size_t at = *end;
    const size_t count_at = contents.size() - 4;
    for (; at < count_at && !spans_.full(); at += 4) {
      spans_.Add(handle.offset + at, 4, 1, "restart",
                 std::to_string(DecodeFixed32(contents.data() + at)));
    }
    spans_.AddIfAny(handle.offset + at, count_at - at, 1, kMore);
    spans_.Add(handle.offset + count_at, 4, 1, "number of restarts",
               std::to_string(DecodeFixed32(contents.data() + count_at)));
  }
  ExplainTrailer(handle);
}

void Explainer::ExplainEntries(BlockKind kind, Bytes entries, uint64_t offset) {
  std::string key;
  size_t at = 0;
  RawEntry entry;
  while (at < entries.size() && !spans_.full() &&
         ReadRawEntry(entries.subspan(at), key.size(), &entry)) {
    key.resize(entry.shared);
    key += AsString(entry.key_tail);
    ExplainEntry(kind, entry, offset + at, key);
    at += entry.size();
  }
  spans_.AddIfAny(offset + at, entries.size() - at, 1,
                  spans_.full() ? kMore : kUnreadable);
}

void Explainer::ExplainEntry(BlockKind kind, const RawEntry& entry,
                             uint64_t offset, const std::string& key) {
  const bool is_header = kind == BlockKind::kData && key.empty();
  spans_.Add(offset, entry.size(), 1, is_header ? "header entry" : "entry",
             Shown(key));
  constexpr std::string_view kLabels[] = {"shared", "non_shared",
                                          "value length"};
  const size_t numbers[] = {entry.shared, entry.key_tail.size(),
                            entry.value.size()};
  for (int i = 0; i < 3; ++i) {
    spans_.Add(offset, entry.header_sizes[i], 2, kLabels[i],
               std::to_string(numbers[i]));
    offset += entry.header_sizes[i];
  }
  if (!entry.key_tail.empty()) {
    spans_.Add(offset, entry.key_tail.size(), 2, "key",
               Shown(AsString(entry.key_tail)));
    offset += entry.key_tail.size();
  }
  if (entry.value.empty()) return;
  spans_.Add(offset, entry.value.size(), 2, "value");
  if (kind != BlockKind::kData) {
    ExplainHandle(entry.value, offset, 3, "block offset", "block size");
  } else if (is_header) {
    ExplainHeaderValue(entry.value, offset, 3, &spans_);
  } else {
    ExplainEntryValue(entry.value, offset, 3, &spans_);
  }
}

void Explainer::ExplainTrailer(const BlockHandle& handle) {
  const uint64_t offset = handle.offset + handle.size;
  spans_.Add(offset, table::kBlockTrailerSize, 1, "trailer");
  const uint8_t type = TypeOf(handle);
  spans_.Add(offset, 1, 2, "compression",
             type == table::kUncompressed ? "none"
             : type == table::kSnappy     ? "snappy"
                                          : std::to_string(type));
  const size_t size = static_cast<size_t>(handle.size);
  const Bytes block = file_.subspan(static_cast<size_t>(handle.offset));
  const bool matches = crc32c::Mask(crc32c::Value(block.first(size + 1))) ==
                       DecodeFixed32(block.data() + size + 1);
  spans_.Add(offset + 1, 4, 2, "checksum", matches ? "correct" : "wrong");
}

}  // namespace

std::string Shown(std::string_view text) {
  if (text.size() <= limits::kMaxShownBytes) return EscapeForDisplay(text);
  return EscapeForDisplay(text.substr(0, limits::kMaxShownBytes)) + "...";
}

std::vector<Span> ExplainIndex(Bytes file, size_t enough) {
  return Explainer(file, enough).Run();
}

}  // namespace tensorbundle::bundle
