// Each element in turn:
//
//   varint length | VariantTensorDataProto | masked crc32c (fixed32)
//
// One checksum runs through the tensor. It takes an element's length as a word
// of 8 bytes, then its message; what stands behind the message is the checksum
// so far, masked, and those 4 bytes are taken in as well. The entry's checksum
// is what it comes to in the end.
#include "engine/bundle/variant_tensor.h"

#include "engine/bundle/checksum.h"
#include "engine/bundle/messages.h"
#include "engine/bundle/names.h"
#include "engine/util/checked.h"
#include "engine/util/coding.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::bundle {

namespace {

constexpr size_t kChecksumSize = 4;
// VariantTensorDataProto, tensorflow/core/framework/tensor.proto.
constexpr uint32_t kTypeNameField = 1;
// A length of one byte, an empty message and its checksum.
constexpr uint64_t kMinElementSize = 1 + kChecksumSize;

uint32_t ExtendByLength(uint32_t crc, uint64_t length) {
  std::string word;
  AppendFixed64(&word, length);
  return crc32c::Extend(crc, AsBytes(word));
}

}  // namespace

Result<std::vector<VariantElement>> DecodeVariants(std::string_view key,
                                                   const Entry& entry,
                                                   Bytes data, bool big_endian,
                                                   const std::string& file) {
  const ErrorLocation location = {.file = file,
                                  .tensor = std::string(key),
                                  .offset = static_cast<uint64_t>(entry.offset),
                                  .length = static_cast<uint64_t>(entry.size)};
  if (big_endian) {
    const auto name = ParseFileName(file);
    // The blank that is missing before "is" is missing in TensorFlow as well.
    return UnimplementedError(
               "TensorBundle at " + std::string(name ? name->prefix : file) +
               "is of a different endianness than this machine's hardware, and "
               "the bundle contains a variant (arbitrary C++ type) tensor. "
               "Byte-swapping of variant tensors is not currently implemented.")
        .At(location);
  }
  const uint64_t count = static_cast<uint64_t>(entry.shape.num_elements());
  if (count > data.size() / kMinElementSize) {
    return DataLossError(
               "Invalid size in bundle entry: key " + std::string(key) +
               "; stored size " + std::to_string(entry.size) +
               "; expected size is at least " + std::to_string(count) +
               " times " + std::to_string(kMinElementSize))
        .At(location);
  }
  const auto unparseable = [&](uint64_t length) {
    return DataLossError(
               "Unable to parse VariantTensorDataProto from buffer of size " +
               std::to_string(length) +
               ". Bundle entry offset: " + std::to_string(entry.offset) +
               " size: " + std::to_string(entry.size))
        .At(location);
  };

  std::vector<VariantElement> elements;
  uint32_t crc = 0;
  Cursor cursor(data);
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t length = 0;
    VariantElement element;
    if (!cursor.ReadVarint64(&length)) return unparseable(cursor.remaining());
    if (!cursor.ReadBytes(length, &element.message)) return unparseable(length);
    const auto take_name = [&](const WireField& field) {
      if (Is(field, kTypeNameField, WireType::kBytes)) {
        element.type_name = AsString(field.bytes);
      }
      return true;
    };
    if (!ForEachField(element.message, take_name)) return unparseable(length);
    Bytes stored;
    if (!cursor.ReadBytes(kChecksumSize, &stored)) return unparseable(length);
    crc = ExtendByLength(crc, length);
    crc = crc32c::Extend(crc, element.message);
    const uint32_t expected = crc32c::Unmask(DecodeFixed32(stored.data()));
    if (expected != crc) {
      return DataLossError(
                 "The checksum after Variant " + std::to_string(i) +
                 " does not match. Expected: " + EightDigits(expected) +
                 " Actual: " + EightDigits(crc))
          .At(location);
    }
    crc = crc32c::Extend(crc, stored);
    elements.push_back(std::move(element));
  }
  TB_RETURN_IF_ERROR(
      CompareChecksum(crc32c::Unmask(entry.crc32c), crc, location));
  return elements;
}

}  // namespace tensorbundle::bundle
