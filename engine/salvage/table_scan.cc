// The order of trust: blocks whose checksums are right; blocks of which footer
// or index block tell the extent and one bit is wrong; what lies between, entry
// after entry.
#include "engine/salvage/table_scan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/salvage/block_search.h"
#include "engine/salvage/flipped_bit.h"
#include "engine/table/compression.h"
#include "engine/table/format.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::salvage {

namespace {

using table::BlockHandle;

// Keys share their fronts with one another: a small file may stand for any
// number of long ones. Those beyond this are left.
constexpr uint64_t kMaxKeyBytes = 16 << 20;

class Scan {
 public:
  explicit Scan(Bytes file) : file_(file) {}

  TableScan Run() {
    for (const BlockHandle& handle : FindBlocks(file_)) {
      Accept(handle, file_.subspan(handle.offset, handle.size + 1));
    }
    ReadFooter();
    FollowIndex();
    FillGaps();
    std::sort(result_.parts.begin(), result_.parts.end(),
              [](const auto& a, const auto& b) { return a.offset < b.offset; });
    NameMetaindex();
    return std::move(result_);
  }

 private:
  // True iff no part that was found overlaps the extent.
  bool IsFree(uint64_t offset, uint64_t length) const {
    const auto next = taken_.lower_bound(offset + length);
    return next == taken_.begin() || std::prev(next)->second <= offset;
  }

  // Takes over a block; `stored` is its contents and type.
  TablePart* Accept(const BlockHandle& handle, Bytes stored) {
    std::string storage;
    const Result<Bytes> contents = table::Uncompress(
        {stored.first(stored.size() - 1), stored.back()}, &storage);
    if (!contents.ok() || !IsBlock(*contents)) return nullptr;
    TablePart& part =
        AddPart(handle.offset, handle.size + table::kBlockTrailerSize,
                PartKind::kData, PartState::kIntact);
    std::vector<BlockHandle> handles;
    if (IsIndex(*contents, handle.offset, &handles)) {
      part.kind = handles.empty() ? PartKind::kMetaindex : PartKind::kIndex;
      handles_.insert(handles_.end(), handles.begin(), handles.end());
      if (!handles.empty()) index_end_ = part.offset + part.length;
    } else {
      part.entries = TakeEntries(*contents, Trust::kVerified);
    }
    return &part;
  }

  // An index block's values are handles of blocks before it, to the last byte.
  // No message of a checkpoint is: those begin with a tag.
  static bool IsIndex(Bytes contents, uint64_t offset,
                      std::vector<BlockHandle>* handles) {
    bool is_index = true;
    WalkEntries(Entries(contents), [&](std::string_view, Bytes value) {
      BlockHandle handle;
      is_index = is_index && IsHandle(value, offset, &handle);
      handles->push_back(handle);
    });
    if (!is_index) handles->clear();
    return is_index;
  }

  static bool IsHandle(Bytes value, uint64_t offset, BlockHandle* handle) {
    Cursor cursor(value);
    return handle->ReadFrom(&cursor) && cursor.empty() &&
           RangeWithin(handle->offset, handle->size, offset);
  }

  // REQUIRES: IsBlock(contents).
  static Bytes Entries(Bytes contents) {
    const size_t restarts =
        DecodeFixed32(contents.data() + contents.size() - 4);
    return contents.first(contents.size() - 4 * (restarts + 1));
  }

  // The first entry of a key counts; what is certain comes first.
  uint64_t Take(std::string_view key, Bytes value, Trust trust) {
    key_bytes_ += key.size();
    if (key_bytes_ > kMaxKeyBytes + 8 * uint64_t{file_.size()}) return 0;
    const auto [at, added] = result_.entries.try_emplace(std::string(key));
    if (added) at->second = {std::string(AsString(value)), trust};
    return added ? 1 : 0;
  }

  uint64_t TakeEntries(Bytes contents, Trust trust) {
    uint64_t count = 0;
    WalkEntries(Entries(contents), [&](std::string_view key, Bytes value) {
      count += Take(key, value, trust);
    });
    return count;
  }

  void ReadFooter() {
    if (file_.size() < table::kFooterSize) return;
    const uint64_t offset = file_.size() - table::kFooterSize;
    if (!IsFree(offset, table::kFooterSize)) return;
    const Bytes bytes = file_.last(table::kFooterSize);
    const Result<table::Footer> footer = table::Footer::Parse(bytes);
    if (footer.ok()) {
      const bool fits =
          RangeWithin(footer->index.offset, footer->index.size, offset) &&
          RangeWithin(footer->metaindex.offset, footer->metaindex.size, offset);
      AddPart(offset, table::kFooterSize, PartKind::kFooter,
              fits ? PartState::kIntact : PartState::kDamaged);
      Repair(footer->index, PartKind::kIndex);
      Repair(footer->metaindex, PartKind::kMetaindex);
    } else if (LooksLikeFooter(bytes)) {
      AddPart(offset, table::kFooterSize, PartKind::kFooter,
              PartState::kDamaged);
    }
  }

  // A footer in which something is wrong: most of the magic number is right,
  // or all of the zeros.
  static bool LooksLikeFooter(Bytes bytes) {
    std::string magic;
    AppendFixed64(&magic, table::kTableMagic);
    size_t right = 0;
    for (size_t i = 0; i < magic.size(); ++i) {
      const uint8_t byte = bytes[bytes.size() - magic.size() + i];
      if (byte == static_cast<uint8_t>(magic[i])) ++right;
    }
    return right >= magic.size() / 2;
  }

  void FollowIndex() {
    // Repairing the index block may add handles.
    for (size_t i = 0; i < handles_.size(); ++i)
      Repair(handles_[i], PartKind::kData);
  }

  // Looks for the one wrong bit of a block whose extent is known.
  void Repair(const BlockHandle& handle, PartKind kind) {
    const auto length = CheckedAdd(handle.size, table::kBlockTrailerSize);
    if (!length || !RangeWithin(handle.offset, *length, file_.size()) ||
        !IsFree(handle.offset, *length)) {
      return;
    }
    std::string stored(AsString(file_.subspan(handle.offset, handle.size + 1)));
    const uint32_t masked =
        DecodeFixed32(file_.data() + handle.offset + handle.size + 1);
    const uint32_t computed = crc32c::Value(AsBytes(stored));
    // An empty block is found by its neighbour alone, which may be damaged.
    if (masked == crc32c::Mask(computed) &&
        Accept(handle, AsBytes(stored)) != nullptr) {
      return;
    }
    std::optional<uint64_t> bit =
        FindFlippedBit(crc32c::Unmask(masked), computed, stored.size());
    if (bit) {
      stored[*bit / 8] = static_cast<char>(stored[*bit / 8] ^ 1 << *bit % 8);
    } else {
      // The checksum itself may have it.
      const uint32_t wrong = masked ^ crc32c::Mask(computed);
      if (wrong != 0 && (wrong & (wrong - 1)) == 0) {
        bit = stored.size() * 8;
        while (wrong >> (*bit - stored.size() * 8) != 1) ++*bit;
      }
    }
    TablePart* part = bit ? Accept(handle, AsBytes(stored)) : nullptr;
    if (part != nullptr) {
      part->state = PartState::kRepaired;
      part->flipped_bit = handle.offset * 8 + *bit;
    } else {
      TakeFragment(handle.offset, *length, kind, Trust::kUnverified);
    }
  }

  void FillGaps() {
    const std::map<uint64_t, uint64_t> found = taken_;
    uint64_t at = 0;
    for (const auto& [begin, end] : found) {
      if (begin > at) {
        TakeFragment(at, begin - at, PartKind::kUnknown, Trust::kUnverified);
      }
      at = end;
    }
    if (HasFooter()) return;
    if (file_.size() - at == table::kFooterSize && at == index_end_ && at > 0) {
      AddPart(at, table::kFooterSize, PartKind::kFooter, PartState::kDamaged);
    } else {
      TakeFragment(at, file_.size() - at, PartKind::kUnknown, Trust::kCut);
    }
  }

  bool HasFooter() const {
    return std::any_of(
        result_.parts.begin(), result_.parts.end(),
        [](const auto& part) { return part.kind == PartKind::kFooter; });
  }

  void TakeFragment(uint64_t offset, uint64_t length, PartKind kind,
                    Trust trust) {
    uint64_t count = 0;
    WalkEntries(file_.subspan(offset, length),
                [&](std::string_view key, Bytes value) {
                  BlockHandle handle;
                  if (value.empty() || IsHandle(value, offset, &handle)) return;
                  count += Take(key, value, trust);
                });
    TablePart& part =
        AddPart(offset, length, count > 0 ? PartKind::kData : kind,
                trust == Trust::kCut ? PartState::kCut : PartState::kDamaged);
    part.entries = count;
  }

  TablePart& AddPart(uint64_t offset, uint64_t length, PartKind kind,
                     PartState state) {
    TablePart part;
    part.offset = offset;
    part.length = length;
    part.kind = kind;
    part.state = state;
    result_.parts.push_back(part);
    taken_.emplace(offset, offset + length);
    return result_.parts.back();
  }

  // Nothing tells a damaged metaindex block but its place and size.
  void NameMetaindex() {
    for (size_t i = 0; i + 1 < result_.parts.size(); ++i) {
      TablePart& part = result_.parts[i];
      if (part.kind == PartKind::kUnknown && part.length == 13 &&
          result_.parts[i + 1].kind == PartKind::kIndex) {
        part.kind = PartKind::kMetaindex;
      }
    }
  }

  Bytes file_;
  std::map<uint64_t, uint64_t> taken_;  // begin -> end of parts
  std::vector<BlockHandle> handles_;
  uint64_t index_end_ = 0;
  uint64_t key_bytes_ = 0;
  TableScan result_;
};

}  // namespace

bool TableScan::intact() const {
  return !parts.empty() && parts.back().kind == PartKind::kFooter &&
         std::all_of(parts.begin(), parts.end(), [](const TablePart& part) {
           return part.state == PartState::kIntact;
         });
}

bool TableScan::cut() const {
  return !parts.empty() && parts.back().state == PartState::kCut;
}

TableScan ScanTable(Bytes file) { return Scan(file).Run(); }

}  // namespace tensorbundle::salvage
