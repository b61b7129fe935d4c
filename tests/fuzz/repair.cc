#include "tests/fuzz/repair.h"

#include <algorithm>
#include <array>

#include "engine/table/block.h"
#include "engine/table/compression.h"
#include "engine/table/format.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::fuzz {

namespace {

using table::BlockHandle;

// Enough for any block that an input of a fuzzer's size names.
constexpr int kMaxBlocks = 64;

void PutFixed32(std::string* file, size_t at, uint32_t value) {
  std::string bytes;
  AppendFixed32(&bytes, value);
  file->replace(at, bytes.size(), bytes);
}

bool IsInside(const BlockHandle& handle, const std::string& file) {
  const auto size = CheckedAdd(handle.size, table::kBlockTrailerSize);
  return size && RangeWithin(handle.offset, *size, file.size());
}

void RepairBlock(const BlockHandle& handle, std::string* file) {
  const size_t begin = static_cast<size_t>(handle.offset);
  const size_t size = static_cast<size_t>(handle.size) + 1;
  const uint32_t crc = crc32c::Value(AsBytes(*file).subspan(begin, size));
  PutFixed32(file, begin + size, crc32c::Mask(crc));
}

uint32_t ExtendByWord(uint32_t crc, uint64_t length, size_t size,
                      bool big_endian) {
  std::array<uint8_t, 8> word;
  for (size_t i = 0; i < size; ++i) {
    word[i] = static_cast<uint8_t>(length >> 8 * i & 0xff);
  }
  if (big_endian) std::reverse(word.begin(), word.begin() + size);
  return crc32c::Extend(crc, Bytes(word.data(), size));
}

}  // namespace

void RepairTable(std::string* file) {
  if (file->size() < table::kFooterSize) return;
  std::string magic;
  AppendFixed64(&magic, table::kTableMagic);
  file->replace(file->size() - magic.size(), magic.size(), magic);
  const auto footer =
      table::Footer::Parse(AsBytes(*file).last(table::kFooterSize));
  if (!footer.ok() || !IsInside(footer->index, *file)) return;

  const std::string before = *file;
  const BlockHandle& index = footer->index;
  const table::StoredBlock stored = {
      AsBytes(before).subspan(static_cast<size_t>(index.offset),
                              static_cast<size_t>(index.size)),
      static_cast<uint8_t>(before[static_cast<size_t>(index.offset) +
                                  static_cast<size_t>(index.size)])};
  std::string storage;
  const Result<Bytes> contents = table::Uncompress(stored, &storage);
  table::BlockIterator it;
  if (contents.ok() && it.Reset(*contents).ok()) {
    int blocks = 0;
    for (it.SeekToFirst(); it.Valid() && blocks < kMaxBlocks; it.Next()) {
      BlockHandle data;
      Cursor cursor(it.value());
      if (data.ReadFrom(&cursor) && IsInside(data, *file)) {
        RepairBlock(data, file);
      }
      ++blocks;
    }
  }
  RepairBlock(index, file);
}

uint32_t RepairStrings(uint64_t count, bool big_endian, std::string* data) {
  Cursor cursor(AsBytes(*data));
  uint32_t crc = 0;
  uint64_t total = 0;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t length = 0;
    if (!cursor.ReadVarint64(&length)) return 0;
    crc = ExtendByWord(crc, length, length > UINT32_MAX ? 8 : 4, big_endian);
    total += length;
  }
  const size_t at = cursor.position();
  if (cursor.remaining() < 4) return 0;
  const uint32_t masked = crc32c::Mask(crc);
  PutFixed32(data, at, big_endian ? __builtin_bswap32(masked) : masked);
  const Bytes rest = AsBytes(*data).subspan(at);
  return crc32c::Mask(
      crc32c::Extend(crc, rest.first(static_cast<size_t>(
                              std::min<uint64_t>(rest.size(), 4 + total)))));
}

uint32_t RepairVariants(uint64_t count, std::string* data) {
  uint32_t crc = 0;
  size_t at = 0;
  for (uint64_t i = 0; i < count; ++i) {
    Cursor cursor(AsBytes(*data).subspan(at));
    uint64_t length = 0;
    Bytes message;
    if (!cursor.ReadVarint64(&length) || !cursor.ReadBytes(length, &message) ||
        cursor.remaining() < 4) {
      return 0;
    }
    crc = crc32c::Extend(ExtendByWord(crc, length, 8, false), message);
    at += cursor.position();
    PutFixed32(data, at, crc32c::Mask(crc));
    crc = crc32c::Extend(crc, AsBytes(*data).subspan(at, 4));
    at += 4;
  }
  return crc32c::Mask(crc);
}

}  // namespace tensorbundle::fuzz
