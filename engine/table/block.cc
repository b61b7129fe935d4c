// The contents of a block:
//
//   entry* | restart (fixed32)* | number of restarts (fixed32)
//
//   entry = varint32 shared | varint32 non_shared | varint32 value_size
//         | non_shared bytes of the key | value
//
// The key is the first `shared` bytes of the previous key and the bytes here.
// A restart is the offset of an entry with shared = 0: searches begin there.
#include "engine/table/block.h"

#include "engine/util/coding.h"

namespace tensorbundle::table {

struct BlockIterator::EntryHeader {
  uint32_t shared = 0;
  Bytes key_tail;
  Bytes value;
  uint64_t end = 0;  // offset of the entry behind this one
};

Status BlockIterator::Reset(Bytes contents) {
  *this = BlockIterator();
  constexpr size_t kFixed32Size = 4;
  if (contents.size() < kFixed32Size || contents.size() > UINT32_MAX) {
    return DataLossError("bad block contents");
  }
  const uint32_t size = static_cast<uint32_t>(contents.size());
  const uint32_t num_restarts =
      DecodeFixed32(contents.data() + size - kFixed32Size);
  if (num_restarts > (size - kFixed32Size) / kFixed32Size) {
    return DataLossError("bad block contents");
  }
  contents_ = contents;
  num_restarts_ = num_restarts;
  // Without a restart there are no entries either, whatever stands before.
  restarts_offset_ =
      num_restarts == 0 ? 0 : size - kFixed32Size * (num_restarts + 1);
  return OkStatus();
}

uint32_t BlockIterator::RestartPoint(uint32_t index) const {
  return DecodeFixed32(contents_.data() + restarts_offset_ + size_t{4} * index);
}

bool BlockIterator::DecodeEntry(uint64_t offset, EntryHeader* header) const {
  if (offset > restarts_offset_) return false;
  const size_t begin = static_cast<size_t>(offset);
  Cursor cursor(contents_.subspan(begin, restarts_offset_ - begin));
  uint32_t non_shared = 0;
  uint32_t value_size = 0;
  if (!cursor.ReadVarint32(&header->shared) ||
      !cursor.ReadVarint32(&non_shared) || !cursor.ReadVarint32(&value_size) ||
      !cursor.ReadBytes(non_shared, &header->key_tail) ||
      !cursor.ReadBytes(value_size, &header->value)) {
    return false;
  }
  header->end = offset + cursor.position();
  return true;
}

void BlockIterator::Corrupt() {
  valid_ = false;
  key_.clear();
  value_ = Bytes();
  status_ = DataLossError("bad entry in block");
}

void BlockIterator::ParseNext() {
  if (next_ >= restarts_offset_) {
    valid_ = false;
    return;
  }
  EntryHeader header;
  if (!DecodeEntry(next_, &header) || header.shared > key_.size()) {
    Corrupt();
    return;
  }
  key_.resize(header.shared);
  key_.append(AsString(header.key_tail));
  value_ = header.value;
  next_ = header.end;
  valid_ = true;
}

void BlockIterator::SeekToFirst() {
  status_ = OkStatus();
  key_.clear();
  if (num_restarts_ == 0) {
    valid_ = false;
    return;
  }
  next_ = RestartPoint(0);
  ParseNext();
}

void BlockIterator::Next() { ParseNext(); }

void BlockIterator::Seek(std::string_view target) {
  status_ = OkStatus();
  key_.clear();
  if (num_restarts_ == 0) {
    valid_ = false;
    return;
  }
  // The last restart whose key is less than the target, or the first.
  uint32_t left = 0;
  uint32_t right = num_restarts_ - 1;
  while (left < right) {
    const uint32_t middle = left + (right - left + 1) / 2;
    EntryHeader header;
    if (!DecodeEntry(RestartPoint(middle), &header) || header.shared != 0) {
      Corrupt();
      return;
    }
    if (AsString(header.key_tail) < target) {
      left = middle;
    } else {
      right = middle - 1;
    }
  }
  next_ = RestartPoint(left);
  do {
    ParseNext();
  } while (valid_ && std::string_view(key_) < target);
}

}  // namespace tensorbundle::table
