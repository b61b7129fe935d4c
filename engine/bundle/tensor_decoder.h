// TensorDecoder: the check that a tensor's bytes pass on their way to the user.
#ifndef TB_BUNDLE_TENSOR_DECODER_H_
#define TB_BUNDLE_TENSOR_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/bundle/entry.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// Bytes stream through in any number of chunks and come out little endian; the
// decoder holds none of them. For dtypes of fixed size.
class TensorDecoder {
 public:
  // `file` is the data file's name, for the location of errors.
  // Returns DataRange()'s errors, Unimplemented for string, variant and
  // resource entries and for the full entry of a partitioned tensor.
  static Result<TensorDecoder> Create(std::string_view key, const Entry& entry,
                                      bool big_endian, std::string file);

  // How many bytes the tensor has, in all.
  uint64_t size() const { return range_.length; }
  // How many of them have passed.
  uint64_t position() const { return position_; }

  // Takes the next bytes: runs the checksum over them as they are in the file,
  // then turns big-endian numbers around where they stand.
  // REQUIRES: of a big-endian bundle every chunk but the last has a multiple
  // of 8 bytes.
  // Returns OutOfRange when there are more bytes than the tensor has.
  Status Update(MutableBytes chunk);

  // As Update(), for bytes that need no turning and may not be written to.
  // REQUIRES: !swaps().
  Status Check(Bytes chunk);

  // True iff Update() changes bytes.
  bool swaps() const { return swap_width_ > 1; }

  // Returns OutOfRange "Read less bytes than requested" when bytes are
  // missing, DataLoss "Checksum does not match: ..." when they are not those
  // that were written.
  Status Finish() const;

 private:
  TensorDecoder() = default;

  std::string key_;
  std::string file_;
  io::Extent range_;
  uint64_t position_ = 0;
  size_t swap_width_ = 1;
  uint32_t stored_crc_ = 0;  // unmasked
  uint32_t crc_ = 0;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_TENSOR_DECODER_H_
