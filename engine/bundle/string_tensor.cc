// n strings:
//
//   varint length[0] ... varint length[n-1]
//   masked crc32c of the lengths (4 bytes, in the file's byte order)
//   bytes[0] ... bytes[n-1]
//
// The checksums take a length not as the varint that stands here but as a word
// in the file's byte order, of 4 bytes, or 8 when it exceeds 2^32 - 1. The
// entry's covers those words, then the 4 bytes above, then the strings.
//
//   ["hello", "", "foo"]   05 00 03 | c1 66 ac 13 | 68 65 6c 6c 6f 66 6f 6f
#include "engine/bundle/string_tensor.h"

#include <algorithm>
#include <array>

#include "engine/bundle/checksum.h"
#include "engine/util/allocation.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::bundle {

namespace {

constexpr size_t kLengthChecksumSize = 4;

uint32_t ExtendByLength(uint32_t crc, uint64_t length, bool big_endian) {
  std::array<uint8_t, 8> word;
  const size_t size = length > UINT32_MAX ? 8 : 4;
  for (size_t i = 0; i < size; ++i) {
    word[i] = static_cast<uint8_t>(length >> 8 * i & 0xff);
  }
  if (big_endian) std::reverse(word.begin(), word.begin() + size);
  return crc32c::Extend(crc, Bytes(word.data(), size));
}

}  // namespace

uint32_t EncodeStrings(std::span<const std::string> strings,
                       std::string* data) {
  uint32_t crc = 0;
  for (const std::string& s : strings) {
    AppendVarint64(data, s.size());
    crc = ExtendByLength(crc, s.size(), /*big_endian=*/false);
  }
  const size_t checksum_at = data->size();
  AppendFixed32(data, crc32c::Mask(crc));
  for (const std::string& s : strings) data->append(s);
  return crc32c::Extend(crc, AsBytes(*data).subspan(checksum_at));
}

Result<std::vector<std::string>> DecodeStrings(std::string_view key,
                                               const Entry& entry, Bytes data,
                                               bool big_endian,
                                               const std::string& file) {
  const ErrorLocation location = {.file = file,
                                  .tensor = std::string(key),
                                  .offset = static_cast<uint64_t>(entry.offset),
                                  .length = static_cast<uint64_t>(entry.size)};
  const uint64_t count = static_cast<uint64_t>(entry.shape.num_elements());
  // Every string takes a byte for its length: the check before the allocation.
  if (count > data.size()) {
    return DataLossError("Invalid size in bundle entry: key " +
                         std::string(key) + "; stored size " +
                         std::to_string(entry.size) +
                         "; expected size is at least " + std::to_string(count))
        .At(location);
  }
  const auto too_long = [&] {
    return DataLossError("String lengths longer than expected offset " +
                         std::to_string(location.offset + location.length))
        .At(location);
  };

  uint32_t crc = 0;
  uint64_t total = 0;
  Cursor cursor(data);
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t length = 0;
    if (!cursor.ReadVarint64(&length)) return too_long();
    crc = ExtendByLength(crc, length, big_endian);
    const auto sum = CheckedAdd(total, length);
    // A sum beyond 2^64 is beyond `data` as well; the checksum is told first.
    total = sum ? *sum : UINT64_MAX;
  }
  Bytes stored;
  if (!cursor.ReadBytes(kLengthChecksumSize, &stored)) return too_long();
  uint32_t masked = DecodeFixed32(stored.data());
  if (big_endian) masked = __builtin_bswap32(masked);
  const uint32_t expected = crc32c::Unmask(masked);
  if (expected != crc) {
    return DataLossError("The length checksum does not match: expected " +
                         EightDigits(expected) + " but actual is " +
                         EightDigits(crc))
        .At(location);
  }
  if (total > cursor.remaining()) return too_long();

  crc = crc32c::Extend(crc, stored);
  crc = crc32c::Extend(
      crc, data.subspan(cursor.position(), static_cast<size_t>(total)));
  TB_RETURN_IF_ERROR(
      CompareChecksum(crc32c::Unmask(entry.crc32c), crc, location));

  const size_t n = static_cast<size_t>(count);
  const auto memory = CheckedMul(count, sizeof(std::string));
  if (!memory || !CanAllocate(*memory + total)) {
    return ResourceExhaustedError("OOM when allocating " +
                                  std::to_string(count) + " strings")
        .At(location);
  }
  std::vector<std::string> strings;
  strings.reserve(n);
  Cursor lengths(data);
  for (size_t i = 0; i < n; ++i) {
    uint64_t length = 0;
    Bytes bytes;
    // Cannot fail: this is the second time, and their sum was compared.
    static_cast<void>(lengths.ReadVarint64(&length));
    static_cast<void>(cursor.ReadBytes(length, &bytes));
    strings.emplace_back(AsString(bytes));
  }
  return strings;
}

}  // namespace tensorbundle::bundle
