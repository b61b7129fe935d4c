// V1Reader: a checkpoint in TensorFlow's V1 format, of one file or of several
// shards.
#ifndef TB_BUNDLE_V1_READER_H_
#define TB_BUNDLE_V1_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/entry.h"
#include "engine/io/byte_source.h"
#include "engine/table/table_reader.h"
#include "engine/tensor/slice_spec.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

class V1Lookup;

// Holds names, shapes and slices of all tensors; their values stay in the
// files. Movable, but not while a V1Lookup is in use.
class V1Reader {
 public:
  // Opens the checkpoint that `pattern` names ("model.ckpt",
  // "model.ckpt-?????-of-00002") and that consists of `files`, borrowed: what
  // the host found for it.
  // Returns NotFound when there are none; DataLoss "Unable to open table file
  // ...", Internal "Failed to find the saved tensor slices at the beginning of
  // the checkpoint file: F", InvalidArgument for a version that TensorFlow
  // 1.15 refuses; Internal when the files contradict each other or a tensor's
  // slices overlap; ResourceExhausted for more slices than limits.h allows;
  // kNeedBytes.
  static Result<V1Reader> Open(std::string pattern,
                               std::vector<io::ByteSource*> files);

  const std::string& pattern() const { return pattern_; }
  size_t num_files() const { return tables_.size(); }
  size_t num_tensors() const { return tensors_.size(); }

  // What the metadata says of a tensor: dtype, shape and, if it is stored in
  // parts, slices. The other fields are 0: V1 has neither offsets nor
  // checksums of tensors.
  // Returns NotFound "Tensor name "N" not found in checkpoint files P".
  Result<Entry> Find(std::string_view name) const;

  // As BundleReader::EncodeEntries(), in the order of the names. A tensor
  // without a name, which no graph has, is not listed.
  size_t EncodeEntries(std::string_view after, size_t max_entries,
                       std::string* records) const;

  // Begins to read a tensor, or a slice of it, whatever the slices in which it
  // is stored.
  // Returns Find()'s error; Unimplemented "Restoring data type D not yet
  // supported"; SliceShape()'s errors for a slice that the tensor does not
  // have; InvalidArgument "Error copying slice data" when the files do not
  // hold all of it.
  Result<V1Lookup> Lookup(std::string_view name);
  Result<V1Lookup> LookupSlice(std::string_view name, const Slice& slice);

 private:
  friend class V1Lookup;

  struct StoredTensor {
    DType dtype = DType::kInvalid;
    Shape shape;
    std::vector<Slice> slices;
    std::vector<size_t> files;  // which table has the slice

    bool is_whole() const { return slices.size() == 1 && slices[0].is_full(); }
    Entry ToEntry() const;
  };
  using Tensors = std::map<std::string, StoredTensor, std::less<>>;

  V1Reader(std::string pattern, std::vector<table::TableReader> tables)
      : pattern_(std::move(pattern)), tables_(std::move(tables)) {}

  Status LoadMetadata(size_t file);
  Status LoadTensor(Bytes meta, size_t file);
  // False when so many more are more than limits.h allows.
  bool HasRoomFor(size_t slices, size_t extents) const;
  Result<Tensors::const_iterator> FindTensor(std::string_view name) const;

  std::string pattern_;
  std::vector<table::TableReader> tables_;
  Tensors tensors_;
  size_t num_slices_ = 0;
  size_t num_extents_ = 0;
};

// A read that goes on where it was when bytes were missing. The reader must
// outlive it.
//
//   while ((status = lookup.Continue()) is kNeedBytes) ... supply them
//   lookup.TakeResult()
class V1Lookup {
 public:
  // Reads what is left. Bytes that earlier calls have asked for may be gone by
  // then, but for those of the last.
  // Returns InvalidArgument "Error copying slice data" when a record is
  // missing, damaged or too short; ResourceExhausted; kNeedBytes.
  Status Continue();

  // REQUIRES: Continue() returned ok.
  Tensor TakeResult() { return std::move(result_); }

 private:
  friend class V1Reader;

  struct Part {
    size_t file = 0;
    Slice slice;
  };

  V1Lookup(V1Reader* reader, V1Reader::Tensors::const_iterator tensor,
           Slice query)
      : reader_(reader), tensor_(tensor), query_(std::move(query)) {}

  // Calls use(record) with the record of `part`.
  template <typename Use>
  Status WithRecord(const Part& part, Use use);
  Status CheckPart(const Part& part, Bytes record) const;
  Status CopyPart(const Part& part, Bytes record);

  V1Reader* reader_;
  V1Reader::Tensors::const_iterator tensor_;
  Slice query_;
  std::vector<Part> parts_;
  size_t checked_ = 0;
  size_t copied_ = 0;
  Tensor result_;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_V1_READER_H_
