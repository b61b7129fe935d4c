// IndexSalvage: from a damaged index to a whole one.
#ifndef TB_SALVAGE_INDEX_SALVAGE_H_
#define TB_SALVAGE_INDEX_SALVAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/entry.h"
#include "engine/io/byte_sink.h"
#include "engine/salvage/table_scan.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::salvage {

// What an index file still says. First Rebuild(): an index of everything that
// can be read, with which a BundleReader opens and the tensors are verified.
// Then Keep() for each tensor that turned out to be whole, and Finish(): the
// index of a bundle of those alone.
class IndexSalvage {
 public:
  // `file` is all of P.index. It is not needed afterwards.
  explicit IndexSalvage(Bytes file);

  const TableScan& scan() const { return scan_; }
  // False when the header was lost; then it is made up: little endian, and as
  // many shards as the caller knows of.
  bool has_header() const { return has_header_; }
  const bundle::Header& header() const { return header_; }
  // Keys, without the header's, of entries whose checksum vouches for nothing.
  std::vector<std::string> UnverifiedKeys() const;
  size_t num_entries() const { return entries_.size(); }

  // Appends an index file of all entries to *sink. `num_shards` counts only
  // where the header was lost.
  Status Rebuild(int32_t num_shards, io::ByteSink* sink);

  // Puts the entry of `key` into the new bundle, whose one data file has its
  // bytes, unchanged, at `offset`.
  // Returns NotFound, DataLoss for an entry that cannot be read.
  Status Keep(std::string_view key, int64_t offset);
  // Appends the index file of the new bundle to *sink.
  Status Finish(io::ByteSink* sink);

 private:
  TableScan scan_;
  bool has_header_ = false;
  bundle::Header header_;
  std::map<std::string, ScannedEntry> entries_;  // without the header
  std::map<std::string, std::string> kept_;
};

}  // namespace tensorbundle::salvage

#endif  // TB_SALVAGE_INDEX_SALVAGE_H_
