#include "bindings/embind/reader_handle.h"

#include <utility>
#include <vector>

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

int ReaderHandle::OpenV1(const std::string& names) {
  std::vector<io::ByteSource*> files;
  for (const std::string& name : UnpackStrings(AsBytes(names))) {
    Result<io::ByteSource*> file = files_->Open(name);
    if (!file.ok()) return Report(file.status());
    files.push_back(*file);
  }
  Result<bundle::V1Reader> reader =
      bundle::V1Reader::Open(prefix_, std::move(files));
  if (!reader.ok()) return Report(reader.status());
  v1_ = std::move(reader).value();
  return Report(OkStatus());
}

int ReaderHandle::List(const std::string& after, int max_entries) {
  const size_t max = static_cast<size_t>(max_entries);
  if (v1_) {
    count_ = static_cast<int>(v1_->EncodeEntries(after, max, &records_));
    return Report(OkStatus());
  }
  const bool goes_on =
      listing_ && !after.empty() && listing_->last_key() == after;
  if (!goes_on) {
    listing_.reset(new bundle::EntryIterator(reader_->NewIterator()));
  }
  if (!goes_on || listing_->status().code() == Code::kNeedBytes) {
    listing_->SeekAfter(after);
  }
  const size_t count = listing_->Encode(max, &records_);
  count_ = static_cast<int>(count);
  return Report(count == 0 ? listing_->status() : OkStatus());
}

int ReaderHandle::Find(const std::string& key) {
  records_.clear();
  count_ = 0;
  const Result<bundle::Entry> entry = v1_ ? v1_->Find(key) : reader_->Find(key);
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
