// A block from p to e (its type byte included) is followed by the checksum of
// these bytes. With A(n) the checksum's state over the first n bytes of the
// file, begun with 0, the state over p..e, begun with ~0, is
//
//   S(p, e) = A(e) + x^(8(e-p)) * (A(p) + ~0)
//
// so that, for the state s that the stored checksum stands for,
//
//   S(p, e) = s   iff   (A(e) + s) * x^(-8e)  =  (A(p) + ~0) * x^(-8p)
//                        mark of an end          mark of a beginning
//
// The marks of all places where a block may begin are sorted; the mark of every
// place where one may end is looked up among them. One pass, whatever lies
// between the blocks.
#include "engine/salvage/block_search.h"

#include <algorithm>
#include <utility>

#include "engine/salvage/polynomial.h"
#include "engine/table/block.h"
#include "engine/table/compression.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::salvage {

namespace {

constexpr size_t kRestartSize = 4;
// Restarts and their count of a block without entries.
constexpr size_t kMinContents = 2 * kRestartSize;

// Bytes that may be read again to make sure of a block; files made to waste
// time end there.
constexpr uint64_t kMaxReading = 64 << 20;

struct Mark {
  uint32_t value;
  uint32_t offset;

  friend bool operator<(const Mark& a, const Mark& b) {
    return std::pair(a.value, a.offset) < std::pair(b.value, b.offset);
  }
};

// A walk along the file with the two factors of a mark.
class Marker {
 public:
  void Advance(uint8_t byte) {
    state_ = TimesX8(state_ ^ byte);
    shift_ = OverX8(shift_);
  }
  uint32_t Beginning() const { return Times(state_ ^ ~0u, shift_); }
  // Of a block whose contents and type have the checksum `crc`.
  uint32_t End(uint32_t crc) const { return Times(state_ ^ ~crc, shift_); }

 private:
  uint32_t state_ = 0;
  uint32_t shift_ = kOne;
};

// An uncompressed block begins with an entry that shares nothing with one
// before it; in a checkpoint it also has a value.
bool MayBegin(Bytes file, size_t offset) {
  if (file[offset] != 0) return false;
  Cursor cursor(file.subspan(offset + 1));
  uint32_t key_size = 0;
  uint32_t value_size = 0;
  return cursor.ReadVarint32(&key_size) && cursor.ReadVarint32(&value_size) &&
         value_size > 0 && cursor.Skip(key_size) && cursor.Skip(value_size);
}

// Before the type byte of an uncompressed block stand restarts, the first of
// them 0, and their number.
bool MayEnd(Bytes file, size_t begin, size_t type_at) {
  const size_t size = type_at - begin;
  if (size < kMinContents) return false;
  const uint8_t* count_at = file.data() + type_at - kRestartSize;
  const uint64_t restarts = DecodeFixed32(count_at);
  if (restarts == 0 || restarts > size / kRestartSize - 1) return false;
  return DecodeFixed32(count_at - kRestartSize * restarts) == 0;
}

}  // namespace

bool IsBlock(Bytes contents) {
  if (contents.size() < kMinContents) return false;
  const uint64_t restarts =
      DecodeFixed32(contents.data() + contents.size() - kRestartSize);
  if (restarts == 0 || restarts > contents.size() / kRestartSize - 1) {
    return false;
  }
  const Bytes entries = contents.first(
      contents.size() - kRestartSize * (static_cast<size_t>(restarts) + 1));
  return WalkEntries(entries, [](std::string_view, Bytes) {}) == entries.size();
}

std::vector<table::BlockHandle> FindBlocks(Bytes file) {
  std::vector<table::BlockHandle> blocks;
  if (file.size() > UINT32_MAX) return blocks;
  std::vector<Mark> beginnings;
  {
    Marker marker;
    for (size_t i = 0; i < file.size(); ++i) {
      if (MayBegin(file, i)) {
        beginnings.push_back({marker.Beginning(), static_cast<uint32_t>(i)});
      }
      marker.Advance(file[i]);
    }
    std::sort(beginnings.begin(), beginnings.end());
  }

  uint64_t reading = 0;
  std::string storage;
  const auto is_block = [&](size_t begin, size_t type_at) {
    reading += type_at - begin;
    const Result<Bytes> contents = table::Uncompress(
        {file.subspan(begin, type_at - begin), file[type_at]}, &storage);
    return contents.ok() && IsBlock(*contents);
  };

  Marker marker;
  size_t behind = 0;  // the end of the last block
  uint32_t chain = marker.Beginning();
  for (size_t i = 0; i < file.size(); ++i) {
    const uint8_t type = file[i];
    if (i == behind) chain = marker.Beginning();
    marker.Advance(type);
    if (i < behind || file.size() - i < table::kBlockTrailerSize ||
        reading > kMaxReading + 8 * uint64_t{file.size()}) {
      continue;
    }
    const bool is_plain = type == table::kUncompressed;
    if (is_plain ? !MayEnd(file, behind, i) : type != table::kSnappy) continue;
    const uint32_t end =
        marker.End(crc32c::Unmask(DecodeFixed32(file.data() + i + 1)));
    size_t begin = file.size();
    if (end == chain && i > behind && is_block(behind, i)) {
      begin = behind;
    } else if (is_plain) {
      for (auto at = std::lower_bound(beginnings.begin(), beginnings.end(),
                                      Mark{end, static_cast<uint32_t>(behind)});
           at != beginnings.end() && at->value == end && at->offset < i; ++at) {
        if (!is_block(at->offset, i)) continue;
        begin = at->offset;
        break;
      }
    }
    if (begin == file.size()) continue;
    blocks.push_back({begin, i - begin});
    behind = i + table::kBlockTrailerSize;
  }
  return blocks;
}

}  // namespace tensorbundle::salvage
