// Every block is followed by its trailer, the last one by the footer:
//
//   contents (handle.size bytes) | type 1 | masked crc32c of contents+type 4
//   ...
//   metaindex handle | index handle | zeros up to 40 bytes | magic 8
//
//   handle  =  varint64 offset | varint64 size
//   magic   =  57 fb 80 8b 24 75 47 db
#include "engine/table/format.h"

#include "engine/util/checked.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::table {

namespace {

constexpr size_t kMagicSize = 8;

}  // namespace

void BlockHandle::AppendTo(std::string* out) const {
  AppendVarint64(out, offset);
  AppendVarint64(out, size);
}

bool BlockHandle::ReadFrom(Cursor* cursor) {
  return cursor->ReadVarint64(&offset) && cursor->ReadVarint64(&size);
}

void Footer::AppendTo(std::string* out) const {
  const size_t begin = out->size();
  metaindex.AppendTo(out);
  index.AppendTo(out);
  out->resize(begin + kFooterSize - kMagicSize);
  AppendFixed64(out, kTableMagic);
}

Result<Footer> Footer::Parse(Bytes bytes) {
  constexpr size_t kHandlesSize = kFooterSize - kMagicSize;
  if (DecodeFixed64(bytes.data() + kHandlesSize) != kTableMagic) {
    return DataLossError("not an sstable (bad magic number)");
  }
  Footer footer;
  Cursor cursor(bytes.first(kHandlesSize));
  if (!footer.metaindex.ReadFrom(&cursor) || !footer.index.ReadFrom(&cursor)) {
    return DataLossError("bad block handle");
  }
  return footer;
}

Result<StoredBlock> ReadStoredBlock(io::ByteSource* source,
                                    const BlockHandle& handle,
                                    bool verify_checksum) {
  const auto stored_size = CheckedAdd(handle.size, kBlockTrailerSize);
  if (!stored_size ||
      !RangeWithin(handle.offset, *stored_size, source->size())) {
    return io::ReadPastEnd(source->name(), handle.offset, handle.size);
  }
  TB_ASSIGN_OR_RETURN(const Bytes stored,
                      source->Peek(handle.offset, *stored_size));
  const size_t size = stored.size() - kBlockTrailerSize;
  if (verify_checksum) {
    const uint32_t expected =
        crc32c::Unmask(DecodeFixed32(stored.data() + size + 1));
    if (crc32c::Value(stored.first(size + 1)) != expected) {
      return DataLossError("block checksum mismatch")
          .At({.file = source->name(),
               .tensor = {},
               .offset = handle.offset,
               .length = *stored_size});
    }
  }
  return StoredBlock{stored.first(size), stored[size]};
}

void AppendBlockTrailer(Bytes contents, uint8_t type, std::string* out) {
  const uint32_t crc = crc32c::Extend(crc32c::Value(contents), Bytes(&type, 1));
  out->push_back(static_cast<char>(type));
  AppendFixed32(out, crc32c::Mask(crc));
}

}  // namespace tensorbundle::table
