#include "engine/io/memory_source.h"

#include <utility>

#include "engine/util/checked.h"

namespace tensorbundle::io {

MemorySource::MemorySource(std::string name, Bytes bytes)
    : name_(std::move(name)), bytes_(bytes) {}

Result<Bytes> MemorySource::Peek(uint64_t offset, uint64_t length) {
  if (!RangeWithin(offset, length, bytes_.size())) {
    return ReadPastEnd(name_, offset, length);
  }
  return bytes_.subspan(static_cast<size_t>(offset),
                        static_cast<size_t>(length));
}

}  // namespace tensorbundle::io
