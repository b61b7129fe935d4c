#include "bindings/embind/reader_handle.h"

#include <utility>

#include "bindings/embind/convert.h"
#include "engine/bundle/entry_records.h"
#include "engine/bundle/names.h"

namespace tensorbundle::embind {

int ReaderHandle::Open() {
  Result<io::ByteSource*> index = files_->Open(bundle::IndexFileName(prefix_));
  if (!index.ok()) return Report(index.status());
  Result<bundle::BundleReader> reader =
      bundle::BundleReader::Open(prefix_, *index);
  if (!reader.ok()) return Report(reader.status());
  reader_ = std::move(reader).value();
  return Report(OkStatus());
}

int ReaderHandle::List(const std::string& after, int max_entries) {
  const Result<size_t> count = reader_->EncodeEntries(
      after, static_cast<size_t>(max_entries), &records_);
  if (!count.ok()) return Report(count.status());
  count_ = static_cast<int>(*count);
  return Report(OkStatus());
}

int ReaderHandle::Find(const std::string& key) {
  records_.clear();
  count_ = 0;
  const Result<bundle::Entry> entry = reader_->Find(key);
  if (!entry.ok()) return Report(entry.status());
  bundle::AppendEntryRecord(key, *entry, OkStatus(), &records_);
  count_ = 1;
  return Report(OkStatus());
}

Result<bundle::TensorDecoder> ReaderHandle::NewDecoder(const std::string& key) {
  TB_ASSIGN_OR_RETURN(const bundle::Entry entry, reader_->Find(key));
  return bundle::TensorDecoder::Create(key, entry, big_endian(),
                                       reader_->DataFile(entry.shard_id));
}

}  // namespace tensorbundle::embind
