// MemorySource: a file that is in memory as a whole.
#ifndef TB_IO_MEMORY_SOURCE_H_
#define TB_IO_MEMORY_SOURCE_H_

#include <string>

#include "engine/io/byte_source.h"

namespace tensorbundle::io {

class MemorySource : public ByteSource {
 public:
  // `bytes` are borrowed and must outlive the source.
  MemorySource(std::string name, Bytes bytes);

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return bytes_.size(); }
  Result<Bytes> Peek(uint64_t offset, uint64_t length) override;

 private:
  std::string name_;
  Bytes bytes_;
};

}  // namespace tensorbundle::io

#endif  // TB_IO_MEMORY_SOURCE_H_
