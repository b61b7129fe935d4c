// Entry records: many entries as one run of bytes, for the other side of the
// module boundary, where a call an entry would cost more than the entry.
//
// All numbers are little endian; every record begins on a multiple of 8 bytes
// from the start of the run. Offsets within a record:
//
//    0  u32  record_size   of the whole record, padding included
//    4  u32  key_size
//    8  i32  code          0, or why the entry cannot be used (15: DataLoss)
//   12  u32  message_size  0 when code is 0
//   16  i32  dtype         as in the file
//   20  i32  shard_id
//   24  u32  crc32c        masked, as stored
//   28  u32  rank
//   32  i64  offset
//   40  i64  size
//   48  u32  num_slices
//   52  u32  zero
//   56  i64  dims[rank]
//       slices, each:  u32 rank, u32 zero, then rank times i64 start,
//                      i64 length (-1: the whole dimension)
//       key bytes, message bytes, zeros up to a multiple of 8
#ifndef TB_BUNDLE_ENTRY_RECORDS_H_
#define TB_BUNDLE_ENTRY_RECORDS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/bundle/entry.h"
#include "engine/util/status.h"

namespace tensorbundle::bundle {

// Bytes before dims[0].
inline constexpr size_t kEntryRecordHeaderSize = 56;

// `status` is what ParseEntry() returned for the entry.
// REQUIRES: records->size() is a multiple of 8.
void AppendEntryRecord(std::string_view key, const Entry& entry,
                       const Status& status, std::string* records);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_ENTRY_RECORDS_H_
