// ByteSink: where the engine writes the files that it makes itself.
#ifndef TB_IO_BYTE_SINK_H_
#define TB_IO_BYTE_SINK_H_

#include <cstdint>
#include <string>

#include "engine/util/bytes.h"
#include "engine/util/status.h"

namespace tensorbundle::io {

class ByteSink {
 public:
  virtual ~ByteSink() = default;

  // `bytes` are the caller's again when the call returns.
  virtual Status Append(Bytes bytes) = 0;

  // The number of bytes appended so far.
  virtual uint64_t offset() const = 0;
};

// Keeps what is appended in a string.
class MemorySink : public ByteSink {
 public:
  Status Append(Bytes bytes) override;
  uint64_t offset() const override { return contents_.size(); }

  const std::string& contents() const { return contents_; }
  // Hands the bytes over and starts anew.
  std::string TakeContents();

 private:
  std::string contents_;
};

}  // namespace tensorbundle::io

#endif  // TB_IO_BYTE_SINK_H_
