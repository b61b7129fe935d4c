// Any bytes as a string tensor or a variant tensor, with checksums that hold.
//
//   u8: 1 big-endian, 2 variants, 4 checksums as they are | u16 elements | data
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/bundle/string_tensor.h"
#include "engine/bundle/variant_tensor.h"
#include "engine/util/crc32c.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::bundle {
namespace {

using fuzz::Require;

void ReadStrings(const Entry& entry, const std::string& data, bool big_endian) {
  const auto strings =
      DecodeStrings("key", entry, AsBytes(data), big_endian, "file");
  if (!strings.ok()) {
    Require(strings.status().code() == Code::kDataLoss);
    return;
  }
  Require(static_cast<int64_t>(strings->size()) == entry.shape.num_elements());
  // What is written again is read again, and no longer than it was.
  Entry again = entry;
  std::string written;
  again.crc32c = EncodeStrings(*strings, &written);
  again.crc32c = crc32c::Mask(again.crc32c);
  Require(written.size() <= data.size());
  const auto reread =
      DecodeStrings("key", again, AsBytes(written), false, "file");
  Require(reread.ok() && *reread == *strings);
}

void ReadVariants(const Entry& entry, const std::string& data,
                  bool big_endian) {
  const auto elements = DecodeVariants("key", entry, AsBytes(data), big_endian,
                                       "p.data-00000-of-00001");
  if (elements.ok()) {
    Require(static_cast<int64_t>(elements->size()) ==
            entry.shape.num_elements());
  }
}

}  // namespace
}  // namespace tensorbundle::bundle

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  if (size < 3) return 0;
  const bool big_endian = (data[0] & 1) != 0;
  const bool variants = (data[0] & 2) != 0;
  const uint64_t count = data[1] | uint64_t{data[2]} << 8;
  std::string bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
  bundle::Entry entry;
  entry.dtype = variants ? DType::kVariant : DType::kString;
  entry.shape = Shape::Of({static_cast<int64_t>(count)});
  entry.size = static_cast<int64_t>(bytes.size());
  if ((data[0] & 4) == 0) {
    entry.crc32c = variants ? fuzz::RepairVariants(count, &bytes)
                            : fuzz::RepairStrings(count, big_endian, &bytes);
  }
  if (variants) {
    bundle::ReadVariants(entry, bytes, big_endian);
  } else {
    bundle::ReadStrings(entry, bytes, big_endian);
  }
  return 0;
}
