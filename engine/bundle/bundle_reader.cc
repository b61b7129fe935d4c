// An index is a table whose first key, "", has the header for its value; the
// other keys are names of tensors, or of slices of them, and have entries.
#include "engine/bundle/bundle_reader.h"

#include <utility>

#include "engine/bundle/entry_records.h"
#include "engine/bundle/names.h"
#include "engine/bundle/versions.h"
#include "engine/util/checked.h"
#include "engine/util/limits.h"

namespace tensorbundle::bundle {

namespace {

Status CannotReadHeader(const std::string& index_file, std::string_view why,
                        const Status& status) {
  std::string message = "Unable to read file (" + index_file +
                        "). Perhaps the file is corrupt or was produced by a "
                        "newer version of TensorFlow with format changes (" +
                        std::string(why) + ")";
  if (status.ok()) return InternalError(std::move(message));
  return Status(status).WithMessage(message + ": " + status.message());
}

Status AtTensor(Status status, const std::string& file, std::string_view key) {
  return std::move(status).At(
      {.file = file, .tensor = std::string(key), .offset = 0, .length = 0});
}

}  // namespace

Result<BundleReader> BundleReader::Open(std::string prefix,
                                        io::ByteSource* index) {
  TB_ASSIGN_OR_RETURN(table::TableReader table,
                      table::TableReader::Open(index));
  BundleReader reader(std::move(prefix), std::move(table));
  table::TableIterator it(&reader.table_);
  // Whatever comes first is taken for the header, as TensorFlow does.
  it.Seek(kHeaderKey);
  if (!it.Valid()) {
    if (it.status().code() == Code::kNeedBytes) return it.status();
    return CannotReadHeader(index->name(), "failed to seek to header entry",
                            it.status());
  }
  Result<Header> header = ParseHeader(it.value());
  if (!header.ok()) {
    return AtTensor(CannotReadHeader(index->name(), "unable to parse header",
                                     header.status()),
                    index->name(), kHeaderKey);
  }
  TB_RETURN_IF_ERROR(
      AtTensor(CheckVersions(header->producer, header->min_consumer,
                             header->bad_consumers),
               index->name(), kHeaderKey));
  reader.header_ = std::move(header).value();
  return reader;
}

std::string BundleReader::DataFile(int32_t shard_id) const {
  return DataFileName(prefix_, shard_id, header_.num_shards);
}

Result<Entry> BundleReader::Find(std::string_view key) {
  if (key == kHeaderKey) {
    return InvalidArgumentError(
        "The empty key names the header of a checkpoint, not a tensor");
  }
  table::TableIterator it(&table_);
  TB_ASSIGN_OR_RETURN(const bool found, it.Find(key));
  const std::string& file = table_.source()->name();
  if (!found) {
    return AtTensor(
        NotFoundError("Key " + std::string(key) + " not found in checkpoint"),
        file, key);
  }
  Entry entry;
  TB_RETURN_IF_ERROR(AtTensor(ParseEntry(key, it.value(), &entry), file, key));
  return entry;
}

EntryIterator BundleReader::NewIterator() { return EntryIterator(&table_); }

Result<size_t> BundleReader::EncodeEntries(std::string_view after,
                                           size_t max_entries,
                                           std::string* records) {
  EntryIterator it(&table_);
  it.SeekAfter(after);
  const size_t count = it.Encode(max_entries, records);
  if (count == 0) TB_RETURN_IF_ERROR(it.status());
  return count;
}

EntryIterator::EntryIterator(table::TableReader* table) : it_(table) {
  const uint64_t size = table->source()->size();
  const auto most = CheckedMul(size, limits::kKeyBytesPerFileByte);
  const auto sum =
      most ? CheckedAdd(*most, limits::kKeyBytesOnTop) : std::nullopt;
  max_key_bytes_ = sum ? *sum : UINT64_MAX;
}

void EntryIterator::SeekAfter(std::string_view key) {
  status_ = OkStatus();
  last_key_.assign(key);
  // No key lies between a key and the same with a zero byte behind it.
  it_.Seek(last_key_ + '\0');
  CountKey();
}

void EntryIterator::Next() {
  last_key_.assign(it_.key());
  it_.Next();
  // Without this a hostile table could be walked for ever.
  if (it_.Valid() && it_.key() <= last_key_) {
    status_ = DataLossError("The keys of the index are not in order")
                  .At({.file = it_.file(),
                       .tensor = std::string(it_.key()),
                       .offset = 0,
                       .length = 0});
  }
  CountKey();
}

void EntryIterator::CountKey() {
  if (!Valid()) return;
  key_bytes_ += it_.key().size();
  if (key_bytes_ <= max_key_bytes_) return;
  status_ =
      ResourceExhaustedError("The keys of the index have more than " +
                             std::to_string(max_key_bytes_) + " bytes in all")
          .At({.file = it_.file(), .tensor = {}, .offset = 0, .length = 0});
}

size_t EntryIterator::Encode(size_t max_entries, std::string* records) {
  records->clear();
  size_t count = 0;
  Entry entry;
  for (; Valid() && count < max_entries &&
         records->size() < limits::kRecordBatchBytes;
       Next()) {
    const Status status = Read(&entry);
    AppendEntryRecord(key(), entry, status, records);
    ++count;
  }
  return count;
}

Status EntryIterator::Read(Entry* entry) const {
  return AtTensor(ParseEntry(key(), value(), entry), it_.file(), key());
}

}  // namespace tensorbundle::bundle
