#include "engine/bundle/tensor_decoder.h"

#include <cassert>
#include <cstring>
#include <utility>

#include "engine/bundle/checksum.h"
#include "engine/util/checked.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::bundle {

namespace {

inline uint16_t Swap(uint16_t v) { return __builtin_bswap16(v); }
inline uint32_t Swap(uint32_t v) { return __builtin_bswap32(v); }
inline uint64_t Swap(uint64_t v) { return __builtin_bswap64(v); }

// Bytes that do not fill a word are left alone.
template <typename Word>
void SwapWords(MutableBytes bytes) {
  for (size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word word;
    std::memcpy(&word, bytes.data() + i, sizeof(word));
    word = Swap(word);
    std::memcpy(bytes.data() + i, &word, sizeof(word));
  }
}

}  // namespace

Result<TensorDecoder> TensorDecoder::Create(std::string_view key,
                                            const Entry& entry, bool big_endian,
                                            std::string file) {
  TensorDecoder decoder;
  decoder.key_ = std::string(key);
  decoder.file_ = std::move(file);
  const Result<io::Extent> range = DataRange(key, entry);
  if (!range.ok()) {
    return Status(range.status())
        .At({.file = decoder.file_,
             .tensor = decoder.key_,
             .offset = 0,
             .length = 0});
  }
  if (!entry.slices.empty()) {
    return UnimplementedError("Tensor " + decoder.key_ +
                              " is stored in slices, which cannot be joined "
                              "here yet");
  }
  if (DTypeSize(entry.dtype) == 0) {
    return UnimplementedError("The bytes of tensor " + decoder.key_ +
                              " of dtype " + DTypeString(entry.dtype) +
                              " have no fixed layout");
  }
  decoder.range_ = *range;
  decoder.swap_width_ = big_endian ? DTypeComponentSize(entry.dtype) : 1;
  decoder.stored_crc_ = crc32c::Unmask(entry.crc32c);
  return decoder;
}

Status TensorDecoder::Check(Bytes chunk) {
  if (!RangeWithin(position_, chunk.size(), range_.length)) {
    return OutOfRangeError("Tensor " + key_ + " has no more than " +
                           std::to_string(range_.length) + " bytes");
  }
  crc_ = crc32c::Extend(crc_, chunk);
  position_ += chunk.size();
  return OkStatus();
}

Status TensorDecoder::Update(MutableBytes chunk) {
  assert(position_ % swap_width_ == 0);
  TB_RETURN_IF_ERROR(Check(chunk));
  switch (swap_width_) {
    case 2:
      SwapWords<uint16_t>(chunk);
      break;
    case 4:
      SwapWords<uint32_t>(chunk);
      break;
    case 8:
      SwapWords<uint64_t>(chunk);
      break;
    default:
      break;
  }
  return OkStatus();
}

Status TensorDecoder::Finish() const {
  const ErrorLocation location = {.file = file_,
                                  .tensor = key_,
                                  .offset = range_.offset,
                                  .length = range_.length};
  if (position_ < range_.length) {
    return OutOfRangeError("Read less bytes than requested").At(location);
  }
  return CompareChecksum(stored_crc_, crc_, location);
}

}  // namespace tensorbundle::bundle
