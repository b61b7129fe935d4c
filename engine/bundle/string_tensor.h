// String tensors: how the bytes of a DT_STRING entry are laid out.
#ifndef TB_BUNDLE_STRING_TENSOR_H_
#define TB_BUNDLE_STRING_TENSOR_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/entry.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// Appends the stored form to *data. Returns the checksum of the entry, which
// is not that of the bytes; unmasked.
uint32_t EncodeStrings(std::span<const std::string> strings, std::string* data);

// The elements of `entry`, whose bytes are `data`. `file` is the data file's
// name, for the location of errors.
// REQUIRES: entry.dtype is kString; data has the length of DataRange().
// Returns DataLoss, in TensorFlow's words, when there are fewer bytes than
// elements, when lengths or strings reach beyond `data`, and when one of the
// two checksums does not match; ResourceExhausted. Nothing is allocated before
// lengths and checksums are known to be right.
Result<std::vector<std::string>> DecodeStrings(std::string_view key,
                                               const Entry& entry, Bytes data,
                                               bool big_endian,
                                               const std::string& file);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_STRING_TENSOR_H_
