// Shards are numbered in the order in which an entry of theirs is met, input
// after input, key after key; the entry of a partitioned tensor, which has no
// bytes, counts as one of shard 0 of its bundle:
//
//   a: "x" -> shard 0                       "x" -> shard 0    a.data-00000
//   b: "w" -> slices 0,2   "y" -> shard 0   "w" -> 0,2 2,2    b.data-00000
//   c: "w" -> slices 2,2                    "y" -> shard 1    c.data-00000
//
// TensorFlow writes the sum of the inputs' num_shards into the header. The
// names of the data files are made from that number, so that an input without
// tensors, which adds to the sum and has no file, makes a bundle that nobody
// can read. Here num_shards is the number of files.
#include "engine/bundle/merge.h"

#include <utility>

#include "engine/bundle/names.h"
#include "engine/table/table_builder.h"
#include "engine/tensor/slice_cover.h"

namespace tensorbundle::bundle {

namespace {

// VersionDef, serialized: TensorFlow compares and prints it so.
std::string VersionOf(const Header& header) {
  Header version = header;
  version.num_shards = 0;
  version.big_endian = false;
  // Behind the tag and the length of the header's only field.
  return SerializeHeader(version).substr(2);
}

}  // namespace

Status BundleMerger::CheckHeader(const Header& header) {
  if (!has_header_) {
    has_header_ = true;
    header_ = header;
    return OkStatus();
  }
  if (header.big_endian != header_.big_endian) {
    return InvalidArgumentError(
        "Merging bundles with conflicting endianness; inputs corrupted?");
  }
  const std::string merged = VersionOf(header_);
  const std::string current = VersionOf(header);
  if (merged == current) return OkStatus();
  return InvalidArgumentError(
      "Merging bundles with different format versions: merged " + merged +
      " vs. curr " + current);
}

int32_t BundleMerger::ShardOf(const std::string& file) {
  const auto [found, is_new] =
      shards_.try_emplace(file, static_cast<int32_t>(files_.size()));
  if (is_new) files_.push_back(file);
  return found->second;
}

Status BundleMerger::Merge(const BundleReader& reader, std::string_view key,
                           Entry entry) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    entry.shard_id = ShardOf(reader.DataFile(entry.shard_id));
    entries_.emplace(std::string(key), std::move(entry));
    return OkStatus();
  }
  Entry& existing = found->second;
  if (existing.slices.empty()) {
    return InvalidArgumentError(
        "Duplicate tensor keyed by " + std::string(key) +
        " encountered, when merging prefix: " + reader.prefix());
  }
  if (entry.slices.empty()) {
    return InternalError("Duplicate tensor keyed by " + std::string(key) +
                         "; attempting to merge in a non-slice bundle entry");
  }
  if (entry.dtype != existing.dtype || entry.shape != existing.shape) {
    return InvalidArgumentError(
        "Tensor " + std::string(key) + " is a " + DTypeString(entry.dtype) +
        " " + entry.shape.ToString() + " in " + reader.prefix() + ", a " +
        DTypeString(existing.dtype) + " " + existing.shape.ToString() +
        " in another of the bundles");
  }
  existing.slices.insert(existing.slices.end(), entry.slices.begin(),
                         entry.slices.end());
  return OkStatus();
}

Status BundleMerger::Add(BundleReader* reader) {
  // All bytes have to be here before anything changes.
  std::vector<std::pair<std::string, Entry>> entries;
  EntryIterator it = reader->NewIterator();
  for (it.SeekAfter(kHeaderKey); it.Valid(); it.Next()) {
    Entry entry;
    TB_RETURN_IF_ERROR(it.Read(&entry));
    entries.emplace_back(std::string(it.key()), std::move(entry));
  }
  TB_RETURN_IF_ERROR(it.status());
  TB_RETURN_IF_ERROR(CheckHeader(reader->header()));
  if (first_file_.empty()) first_file_ = reader->DataFile(0);
  for (auto& [key, entry] : entries) {
    TB_RETURN_IF_ERROR(Merge(*reader, key, std::move(entry)));
  }
  return OkStatus();
}

Status BundleMerger::Finish(io::ByteSink* sink) {
  if (!has_header_) return FailedPreconditionError("Nothing to merge");
  // A bundle without tensors has a data file all the same.
  if (files_.empty()) files_.push_back(first_file_);
  header_.num_shards = static_cast<int32_t>(files_.size());
  table::TableBuilder table(sink);
  TB_RETURN_IF_ERROR(table.Add(kHeaderKey, AsBytes(SerializeHeader(header_))));
  for (const auto& [key, entry] : entries_) {
    TB_RETURN_IF_ERROR(CheckSlices(entry.shape, entry.slices));
    TB_RETURN_IF_ERROR(table.Add(key, AsBytes(SerializeEntry(entry))));
  }
  return table.Finish();
}

}  // namespace tensorbundle::bundle
