// BundleWriter: computes the index of a bundle while its tensors stream by.
#ifndef TB_BUNDLE_BUNDLE_WRITER_H_
#define TB_BUNDLE_BUNDLE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "engine/bundle/entry.h"
#include "engine/io/byte_sink.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

struct BundleWriterOptions {
  // After each tensor zeros are appended up to a multiple of this.
  uint64_t data_alignment = 1;
};

// The caller writes the data file P.data-00000-of-00001 (with NextShard()
// several of them) itself and shows the writer the same bytes in the same
// order:
//
//   BundleWriter writer;
//   for each tensor:
//     writer.Add(key, dtype, shape)
//     writer.Append(bytes) ...          the same bytes go to the data file
//     padding = writer.EndTensor()      as many zeros go to the data file
//   writer.Finish(&sink)                the bytes of P.index
//
// The writer never holds tensor data. Files above 4 GiB are fine.
class BundleWriter {
 public:
  explicit BundleWriter(const BundleWriterOptions& options = {})
      : options_(options) {}

  // Begins a tensor. Returns where its bytes go in the data file.
  // Returns InvalidArgument "Adding duplicate key: K", InvalidArgument for the
  // empty key, for data_alignment 0 and for a data file beyond 2^63 - 1 bytes,
  // Unimplemented for a dtype without a fixed size, FailedPrecondition while
  // another tensor is open or after Finish(). An error leaves the writer as it
  // was.
  Result<io::Extent> Add(std::string_view key, DType dtype, const Shape& shape);

  // Begins a tensor of strings, whose bytes are computed here: *data is what
  // goes to the data file, and nothing is to be appended. Otherwise as Add().
  // REQUIRES: strings.size() == shape.num_elements().
  Result<io::Extent> AddStrings(std::string_view key, const Shape& shape,
                                std::span<const std::string> strings,
                                std::string* data);

  // Makes `slice` a part of the tensor `key`, whose shape as a whole is
  // `shape`. Returns the key with which Add() or AddStrings() is to be called
  // next, with SliceShape(slice, shape): a slice key, or `key` itself for a
  // slice that is all of it.
  // Returns SliceShape()'s errors; InvalidArgument for the empty key, "Adding
  // duplicate key: K" for a tensor that is there already, and for another
  // dtype or shape than the other slices have. An error leaves the writer as
  // it was.
  Result<std::string> RegisterSlice(std::string_view key, DType dtype,
                                    const Shape& shape, const Slice& slice);

  // What follows goes to the next data file, from its beginning.
  // Returns FailedPrecondition while a tensor is open or after Finish().
  Status NextShard();

  // Takes the next bytes of the tensor: row-major, little endian.
  // Returns InvalidArgument when there are more than dtype and shape need,
  // FailedPrecondition when no tensor is open.
  Status Append(Bytes bytes);

  // Ends the tensor. Returns how many zeros follow it in the data file.
  // Returns InvalidArgument when bytes are missing; the tensor stays open.
  Result<uint64_t> EndTensor();

  // The length of the data file so far; of the one at hand.
  uint64_t data_size() const { return data_size_; }
  int32_t num_shards() const { return shard_id_ + 1; }
  size_t num_tensors() const { return entries_.size(); }

  // Appends the index file to *sink. The writer takes nothing more afterwards.
  // Returns CheckSlices()'s errors for a tensor whose slices overlap.
  Status Finish(io::ByteSink* sink);

 private:
  Status Begin(std::string_view key, DType dtype, const Shape& shape,
               uint64_t size);

  Status CheckIdle() const;

  BundleWriterOptions options_;
  std::map<std::string, std::string, std::less<>> entries_;  // serialized
  std::map<std::string, Entry, std::less<>> sliced_;  // the whole tensors
  int32_t shard_id_ = 0;
  uint64_t data_size_ = 0;
  bool open_ = false;
  bool finished_ = false;
  // The open tensor.
  std::string key_;
  Entry entry_;
  uint64_t position_ = 0;
  uint32_t crc_ = 0;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_BUNDLE_WRITER_H_
