#include "engine/salvage/index_salvage.h"

#include <utility>

#include "engine/bundle/names.h"
#include "engine/table/table_builder.h"

namespace tensorbundle::salvage {

IndexSalvage::IndexSalvage(Bytes file) : scan_(ScanTable(file)) {
  entries_ = std::exchange(scan_.entries, {});
  const auto at = entries_.find(std::string(bundle::kHeaderKey));
  if (at != entries_.end()) {
    Result<bundle::Header> header =
        bundle::ParseHeader(AsBytes(at->second.value));
    has_header_ = header.ok();
    if (has_header_) header_ = std::move(header).value();
    entries_.erase(at);
  }
  if (!has_header_) header_.producer = 1;
}

std::vector<std::string> IndexSalvage::UnverifiedKeys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries_) {
    if (entry.trust == Trust::kUnverified) keys.push_back(key);
  }
  return keys;
}

Status IndexSalvage::Rebuild(int32_t num_shards, io::ByteSink* sink) {
  bundle::Header header = header_;
  if (!has_header_) header.num_shards = num_shards;
  table::TableBuilder builder(sink);
  TB_RETURN_IF_ERROR(builder.Add(bundle::kHeaderKey,
                                 AsBytes(bundle::SerializeHeader(header))));
  for (const auto& [key, entry] : entries_) {
    TB_RETURN_IF_ERROR(builder.Add(key, AsBytes(entry.value)));
  }
  return builder.Finish();
}

Status IndexSalvage::Keep(std::string_view key, int64_t offset) {
  const auto at = entries_.find(std::string(key));
  if (at == entries_.end()) {
    return NotFoundError("Key " + std::string(key) +
                         " not found in checkpoint");
  }
  bundle::Entry entry;
  TB_RETURN_IF_ERROR(
      bundle::ParseEntry(key, AsBytes(at->second.value), &entry));
  entry.shard_id = 0;
  entry.offset = offset;
  kept_.insert_or_assign(at->first, bundle::SerializeEntry(entry));
  return OkStatus();
}

Status IndexSalvage::Finish(io::ByteSink* sink) {
  bundle::Header header = header_;
  header.num_shards = 1;
  table::TableBuilder builder(sink);
  TB_RETURN_IF_ERROR(builder.Add(bundle::kHeaderKey,
                                 AsBytes(bundle::SerializeHeader(header))));
  for (const auto& [key, value] : kept_) {
    TB_RETURN_IF_ERROR(builder.Add(key, AsBytes(value)));
  }
  return builder.Finish();
}

}  // namespace tensorbundle::salvage
