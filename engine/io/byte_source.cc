#include "engine/io/byte_source.h"

namespace tensorbundle::io {

Status ReadPastEnd(const std::string& file, uint64_t offset, uint64_t length) {
  return OutOfRangeError("Read less bytes than requested")
      .At({.file = file, .tensor = {}, .offset = offset, .length = length});
}

}  // namespace tensorbundle::io
