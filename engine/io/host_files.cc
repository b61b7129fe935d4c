#include "engine/io/host_files.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/util/checked.h"
#include "engine/util/limits.h"

namespace tensorbundle::io {

namespace {

struct FreeDeleter {
  void operator()(uint8_t* p) const { std::free(p); }
};
using Buffer = std::unique_ptr<uint8_t, FreeDeleter>;

// Resident bytes of a file. Pieces never move, so that what Peek() handed out
// stays valid; they may overlap.
struct Piece {
  Extent extent;
  Buffer data;

  uint64_t end() const { return extent.offset + extent.length; }
  // REQUIRES: they lie in the piece.
  Bytes Part(uint64_t offset, uint64_t length) const {
    return {data.get() + (offset - extent.offset), static_cast<size_t>(length)};
  }
};

// Null when there is no memory. One byte at least: malloc(0) may be null.
Buffer Allocate(uint64_t length) {
  const auto size = CheckedCast<size_t>(length);
  if (!size) return nullptr;
  return Buffer(static_cast<uint8_t*>(std::malloc(std::max<size_t>(*size, 1))));
}

Status OutOfMemory(const std::string& file, uint64_t offset, uint64_t length) {
  return ResourceExhaustedError("Out of memory: " + std::to_string(length) +
                                " bytes of " + file)
      .At({.file = file, .tensor = {}, .offset = offset, .length = length});
}

}  // namespace

class HostFiles::File : public ByteSource {
 public:
  File(std::string name, uint64_t size, Need* need)
      : name_(std::move(name)), size_(size), need_(need) {}
  File(std::string name, Status error)
      : name_(std::move(name)), error_(std::move(error)) {}

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return size_; }
  Result<Bytes> Peek(uint64_t offset, uint64_t length) override;

  const Status& error() const { return error_; }
  Result<uint8_t*> Reserve(uint64_t offset, uint64_t length);
  Status Commit(uint64_t offset, uint64_t length);
  uint64_t resident_bytes() const;
  void DropBytes() { pieces_.clear(); }

 private:
  // The piece that reaches furthest among those that contain the byte at
  // `offset`, or null.
  const Piece* PieceAt(uint64_t offset) const;
  // Joins the pieces that cover the range into one more piece.
  Result<Bytes> Join(uint64_t offset, uint64_t length);

  std::string name_;
  uint64_t size_ = 0;
  Status error_;
  Need* need_ = nullptr;
  std::vector<Piece> pieces_;
  size_t last_ = 0;  // the piece in which bytes were found last
  uint64_t joined_bytes_ = 0;
  Piece reserved_;
};

const Piece* HostFiles::File::PieceAt(uint64_t offset) const {
  const Piece* best = nullptr;
  for (const Piece& piece : pieces_) {
    if (piece.extent.offset <= offset && offset < piece.end() &&
        (best == nullptr || best->end() < piece.end())) {
      best = &piece;
    }
  }
  return best;
}

Result<Bytes> HostFiles::File::Peek(uint64_t offset, uint64_t length) {
  if (!RangeWithin(offset, length, size_)) {
    return ReadPastEnd(name_, offset, length);
  }
  if (length == 0) return Bytes();
  const uint64_t end = offset + length;
  // A walk stays in one piece for long, and there may be thousands.
  if (last_ < pieces_.size()) {
    const Piece& last = pieces_[last_];
    if (last.extent.offset <= offset && end <= last.end()) {
      return last.Part(offset, length);
    }
  }
  uint64_t covered = offset;
  while (covered < end) {
    const Piece* piece = PieceAt(covered);
    if (piece == nullptr) break;
    if (covered == offset && piece->end() >= end) {
      last_ = static_cast<size_t>(piece - pieces_.data());
      return piece->Part(offset, length);
    }
    covered = piece->end();
  }
  if (covered >= end) return Join(offset, length);

  // The hole ends where the next piece begins.
  uint64_t hole_end = end;
  for (const Piece& piece : pieces_) {
    if (piece.extent.offset > covered) {
      hole_end = std::min(hole_end, piece.extent.offset);
    }
  }
  *need_ = {Need::Kind::kBytes, name_, covered, hole_end - covered};
  return Status(Code::kNeedBytes, name_);
}

Result<Bytes> HostFiles::File::Join(uint64_t offset, uint64_t length) {
  // Ranges that do not overlap are joined to no more than the file. Those of a
  // hostile file overlap, each asking for a piece of its own.
  const bool again = joined_bytes_ + length > size_ + limits::kJoinedBytesOnTop;
  Piece joined{{offset, length}, again ? nullptr : Allocate(length)};
  if (!joined.data) return OutOfMemory(name_, offset, length);
  joined_bytes_ += length;
  for (uint64_t at = offset; at < joined.end();) {
    const Piece* piece = PieceAt(at);
    const uint64_t end = std::min(piece->end(), joined.end());
    std::memcpy(joined.data.get() + (at - offset),
                piece->data.get() + (at - piece->extent.offset),
                static_cast<size_t>(end - at));
    at = end;
  }
  const Bytes bytes(joined.data.get(), static_cast<size_t>(length));
  pieces_.push_back(std::move(joined));
  return bytes;
}

Result<uint8_t*> HostFiles::File::Reserve(uint64_t offset, uint64_t length) {
  reserved_ = {};
  if (!RangeWithin(offset, length, size_)) {
    return ReadPastEnd(name_, offset, length);
  }
  Buffer data = Allocate(length);
  if (!data) return OutOfMemory(name_, offset, length);
  reserved_ = {{offset, length}, std::move(data)};
  return reserved_.data.get();
}

Status HostFiles::File::Commit(uint64_t offset, uint64_t length) {
  if (!reserved_.data || reserved_.extent != Extent{offset, length}) {
    return FailedPreconditionError("These bytes of " + name_ +
                                   " were not reserved");
  }
  pieces_.push_back(std::exchange(reserved_, {}));
  return OkStatus();
}

uint64_t HostFiles::File::resident_bytes() const {
  uint64_t total = 0;
  for (const Piece& piece : pieces_) total += piece.extent.length;
  return total;
}

HostFiles::HostFiles() = default;
HostFiles::~HostFiles() = default;

Result<ByteSource*> HostFiles::Open(std::string_view name) {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    need_ = {Need::Kind::kFile, std::string(name), 0, 0};
    return Status(Code::kNeedBytes, std::string(name));
  }
  File* file = found->second.get();
  if (!file->error().ok()) return file->error();
  return static_cast<ByteSource*>(file);
}

void HostFiles::AddFile(std::string_view name, uint64_t size) {
  files_.insert_or_assign(
      std::string(name),
      std::make_unique<File>(std::string(name), size, &need_));
}

void HostFiles::AddError(std::string_view name, Status error) {
  assert(!error.ok());
  files_.insert_or_assign(
      std::string(name),
      std::make_unique<File>(std::string(name), std::move(error)));
}

Result<uint8_t*> HostFiles::Reserve(std::string_view name, uint64_t offset,
                                    uint64_t length) {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return NotFoundError(std::string(name) + " was not added");
  }
  return found->second->Reserve(offset, length);
}

Status HostFiles::Commit(std::string_view name, uint64_t offset,
                         uint64_t length) {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return FailedPreconditionError(std::string(name) + " was not added");
  }
  return found->second->Commit(offset, length);
}

void HostFiles::Forget(std::string_view name) {
  const auto found = files_.find(name);
  if (found != files_.end()) files_.erase(found);
}

uint64_t HostFiles::resident_bytes() const {
  uint64_t total = 0;
  for (const auto& [name, file] : files_) total += file->resident_bytes();
  return total;
}

void HostFiles::Trim(uint64_t max_bytes) {
  if (resident_bytes() <= max_bytes) return;
  for (const auto& [name, file] : files_) file->DropBytes();
}

}  // namespace tensorbundle::io
