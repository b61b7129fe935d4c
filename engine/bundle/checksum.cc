#include "engine/bundle/checksum.h"

namespace tensorbundle::bundle {

std::string EightDigits(uint32_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 8) digits.insert(0, 8 - digits.size(), '0');
  return digits;
}

Status CompareChecksum(uint32_t stored, uint32_t calculated,
                       const ErrorLocation& location) {
  if (stored == calculated) return OkStatus();
  // tensor_bundle.cc pads the first number alone.
  return DataLossError("Checksum does not match: stored " +
                       EightDigits(stored) +
                       " vs. calculated on the restored bytes " +
                       std::to_string(calculated))
      .At(location);
}

}  // namespace tensorbundle::bundle
