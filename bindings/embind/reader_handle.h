// ReaderHandle: a checkpoint of either format and the files it reads, for
// JavaScript.
#ifndef TB_EMBIND_READER_HANDLE_H_
#define TB_EMBIND_READER_HANDLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/bundle/v1_reader.h"
#include "engine/io/host_files.h"

namespace tensorbundle::embind {

// Methods that return an int return a code; 100 means: answer the need of the
// files and call again.
class ReaderHandle {
 public:
  ReaderHandle(std::shared_ptr<io::HostFiles> files, std::string prefix)
      : files_(std::move(files)), prefix_(std::move(prefix)) {}

  // One of the two comes before everything else.
  int Open();
  // The V1 checkpoint of the files with these names, packed (convert.h).
  int OpenV1(const std::string& names);

  // Of bundles alone.
  int num_shards() const { return reader_->header().num_shards; }
  bool big_endian() const { return reader_->header().big_endian; }
  int producer() const { return reader_->header().producer; }
  int min_consumer() const { return reader_->header().min_consumer; }
  std::string DataFile(int shard) const { return reader_->DataFile(shard); }

  // Puts the next entries after `after` into records(); count() of them. With
  // the last key of the call before, the walk goes on where it was.
  int List(const std::string& after, int max_entries);
  // Puts the entry of `key` into records().
  int Find(const std::string& key);

  int count() const { return count_; }
  uintptr_t records_address() const {
    return reinterpret_cast<uintptr_t>(records_.data());
  }
  double records_size() const { return static_cast<double>(records_.size()); }

  // REQUIRES: Open() returned 0.
  bundle::BundleReader* reader() { return &*reader_; }
  // Null unless OpenV1() returned 0.
  bundle::V1Reader* v1() { return v1_ ? &*v1_ : nullptr; }

  // A decoder for the bytes of `key`.
  Result<bundle::TensorDecoder> NewDecoder(const std::string& key);

 private:
  std::shared_ptr<io::HostFiles> files_;
  std::string prefix_;
  std::optional<bundle::BundleReader> reader_;
  std::optional<bundle::V1Reader> v1_;
  std::unique_ptr<bundle::EntryIterator> listing_;
  std::string records_;
  int count_ = 0;
};

using ReaderPointer = std::shared_ptr<ReaderHandle>;

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_READER_HANDLE_H_
