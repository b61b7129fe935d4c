// HostFiles: the files of one operation, supplied by the host piece by piece.
//
// The engine asks for files by name and for bytes by range. What is not here
// yet comes back as kNeedBytes and is recorded in need(); the host answers and
// calls the operation again from its start:
//
//   while (op() is kNeedBytes)
//     switch (files.need().kind)
//       kFile:  files.AddFile(name, size)  or  files.AddError(name, status)
//       kBytes: p = files.Reserve(name, offset, length);  fill p;
//               files.Commit(name, offset, length)
//
// The host may supply more than was asked for: the whole file, or more around
// the range. Overlaps are harmless.
#ifndef TB_IO_HOST_FILES_H_
#define TB_IO_HOST_FILES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/io/byte_source.h"

namespace tensorbundle::io {

// What the operation that returned kNeedBytes waits for.
struct Need {
  enum class Kind : int { kNothing = 0, kFile = 1, kBytes = 2 };

  Kind kind = Kind::kNothing;
  std::string file;
  uint64_t offset = 0;  // kBytes
  uint64_t length = 0;  // kBytes
};

class HostFiles {
 public:
  HostFiles();
  HostFiles(const HostFiles&) = delete;
  HostFiles& operator=(const HostFiles&) = delete;
  ~HostFiles();

  // --- the engine's side ---

  // The file of that name. Valid until Forget(name) or destruction.
  // Returns kNeedBytes for a file that the host has not told about, and the
  // status of AddError() for one that could not be opened.
  Result<ByteSource*> Open(std::string_view name);

  // --- the host's side ---

  // What the last kNeedBytes waits for.
  const Need& need() const { return need_; }

  // Answers kFile: the file exists and has `size` bytes. A second answer for
  // the same name replaces the first and drops its bytes.
  void AddFile(std::string_view name, uint64_t size);

  // Answers kFile: every Open(name) returns `error`. REQUIRES: !error.ok().
  void AddError(std::string_view name, Status error);

  // Memory for `length` bytes of the file, to be filled and committed. It
  // belongs to this object; bytes that were reserved and never committed are
  // given back by the next Reserve() for the file.
  // Returns NotFound for a file that was not added, OutOfRange for bytes that
  // it does not have, ResourceExhausted when there is no memory.
  Result<uint8_t*> Reserve(std::string_view name, uint64_t offset,
                           uint64_t length);

  // Makes the reserved bytes part of the file.
  // Returns FailedPrecondition when nothing, or another range, is reserved.
  Status Commit(std::string_view name, uint64_t offset, uint64_t length);

  // Drops what is known of the file. No effect for an unknown one.
  void Forget(std::string_view name);

  // Bytes held for all files together.
  uint64_t resident_bytes() const;

  // Lets go of all bytes, and of no file, when more than `max_bytes` are held.
  // To be called between operations: what Peek() handed out is gone, and what
  // is wanted again is asked for again.
  void Trim(uint64_t max_bytes);

 private:
  class File;

  std::map<std::string, std::unique_ptr<File>, std::less<>> files_;
  Need need_;
};

}  // namespace tensorbundle::io

#endif  // TB_IO_HOST_FILES_H_
