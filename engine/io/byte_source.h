// ByteSource: the one way in which the engine reads a file.
#ifndef TB_IO_BYTE_SOURCE_H_
#define TB_IO_BYTE_SOURCE_H_

#include <cstdint>
#include <string>

#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::io {

// `length` bytes of a file from `offset` on.
struct Extent {
  uint64_t offset = 0;
  uint64_t length = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

// A file of known size whose bytes are here, or can be asked for.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  virtual const std::string& name() const = 0;
  virtual uint64_t size() const = 0;

  // Returns exactly `length` bytes from `offset` on. They stay valid until the
  // source is destroyed or told to let go of them.
  // Returns OutOfRange "Read less bytes than requested" when the file ends
  // before, kNeedBytes when the bytes are not here yet: the operation is then
  // called again, from its start, once the host has supplied them;
  // ResourceExhausted when they cannot be held.
  virtual Result<Bytes> Peek(uint64_t offset, uint64_t length) = 0;
};

// What every source answers to a range that the file does not have.
Status ReadPastEnd(const std::string& file, uint64_t offset, uint64_t length);

}  // namespace tensorbundle::io

#endif  // TB_IO_BYTE_SOURCE_H_
