// Variant tensors: how the bytes of a DT_VARIANT entry are laid out.
#ifndef TB_BUNDLE_VARIANT_TENSOR_H_
#define TB_BUNDLE_VARIANT_TENSOR_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/entry.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// One element. Which C++ object it was only its own program can tell; here it
// is a name and bytes.
struct VariantElement {
  // VariantTensorDataProto.type_name: "tensorflow::TensorList", ...
  std::string type_name;
  // The whole VariantTensorDataProto, borrowed from the data that was decoded.
  Bytes message;
};

// The elements of `entry`, whose bytes are `data`. `file` is the data file's
// name, for the location of errors.
// REQUIRES: entry.dtype is kVariant; data has the length of DataRange().
// Returns DataLoss, in TensorFlow's words, when there are fewer bytes than
// elements, when an element reaches beyond `data` or is no message, and when
// one of the checksums does not match; Unimplemented for big-endian bundles,
// whose variants TensorFlow cannot read either.
Result<std::vector<VariantElement>> DecodeVariants(std::string_view key,
                                                   const Entry& entry,
                                                   Bytes data, bool big_endian,
                                                   const std::string& file);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_VARIANT_TENSOR_H_
