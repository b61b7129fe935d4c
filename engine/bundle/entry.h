// Header and Entry: what the values of a bundle's index say.
#ifndef TB_BUNDLE_ENTRY_H_
#define TB_BUNDLE_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/byte_source.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// BundleHeaderProto, the value of the key "".
struct Header {
  int32_t num_shards = 1;
  bool big_endian = false;
  // VersionDef: tensorflow/core/framework/versions.proto.
  int32_t producer = 0;
  int32_t min_consumer = 0;
  std::vector<int32_t> bad_consumers;
};

// BundleEntryProto, the value of every other key. Numbers are as the file has
// them: DataRange() says whether the bytes they promise can exist.
struct Entry {
  DType dtype = DType::kInvalid;
  Shape shape;
  int32_t shard_id = 0;
  int64_t offset = 0;
  int64_t size = 0;
  uint32_t crc32c = 0;  // masked, as stored
  // Not empty for the full name of a partitioned tensor alone: its bytes are
  // under the keys of these slices.
  std::vector<Slice> slices;
};

// Returns DataLoss when `value` is no BundleHeaderProto.
Result<Header> ParseHeader(Bytes value);
std::string SerializeHeader(const Header& header);

// Fills *entry from `value`, the value of `key`.
// Returns DataLoss "Entry for key K not parseable." or "Invalid tensor shape:
// K ..." (a negative dimension, too many dimensions or elements);
// ResourceExhausted for more slices than limits.h allows. Then *entry holds
// what could be read; its shape is a scalar's.
Status ParseEntry(std::string_view key, Bytes value, Entry* entry);
std::string SerializeEntry(const Entry& entry);

// The bytes of the entry within its data file.
// Returns DataLoss "Invalid size in bundle entry: ..." when the size is not
// that of dtype and shape, DataLoss for a negative offset, size or shard and
// for an end past 2^63 - 1, InvalidArgument for a dtype that nobody knows.
// Sizes of string and variant entries are taken as they are; the entry of a
// partitioned tensor has no bytes of its own and gives an empty range.
Result<io::Extent> DataRange(std::string_view key, const Entry& entry);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_ENTRY_H_
