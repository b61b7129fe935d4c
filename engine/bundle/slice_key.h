// Slice keys: under which key of a table a piece of a tensor stands.
#ifndef TB_BUNDLE_SLICE_KEY_H_
#define TB_BUNDLE_SLICE_KEY_H_

#include <string>
#include <string_view>

#include "engine/tensor/slice_spec.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

struct SliceKey {
  std::string name;
  Slice slice;
};

// The key of `slice` of the tensor called `name`. In a V1 table whole tensors
// have such keys too, those of their full slices.
std::string EncodeSliceKey(std::string_view name, const Slice& slice);

// Returns Internal, in TensorFlow's words, for bytes that are no such key and,
// as TensorFlow does, for the key of a scalar. What follows a key is left
// alone, and so are numbers that no shape allows.
Result<SliceKey> DecodeSliceKey(std::string_view key);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_SLICE_KEY_H_
