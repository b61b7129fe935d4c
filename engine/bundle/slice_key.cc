// In ordered code (engine/util/ordered_code.h):
//
//   num 0 | string name | num rank | for each dimension: signed start, length
//
//   "w", 0,2:-   00 | 77 00 01 | 01 02 | 80 82 | 80 7f
//
// A whole dimension is start 0, length -1. The first byte keeps these keys
// before all names of tensors.
#include "engine/bundle/slice_key.h"

#include <limits>

#include "engine/util/ordered_code.h"

namespace tensorbundle::bundle {

namespace {

Status Failed(std::string_view what, std::string_view rest) {
  return InternalError(std::string(what) + "src = " + std::string(rest));
}

}  // namespace

std::string EncodeSliceKey(std::string_view name, const Slice& slice) {
  std::string key;
  AppendOrderedNum(&key, 0);
  AppendOrderedString(&key, name);
  AppendOrderedNum(&key, slice.extents.size());
  for (const SliceExtent& extent : slice.extents) {
    AppendOrderedSigned(&key, extent.start);
    AppendOrderedSigned(&key, extent.length);
  }
  return key;
}

Result<SliceKey> DecodeSliceKey(std::string_view key) {
  std::string_view rest = key;
  SliceKey result;
  uint64_t number = 0;
  if (!ReadOrderedNum(&rest, &number)) {
    return Failed("Failed to parse the leading number: ", rest);
  }
  if (number != 0) {
    return Failed("The leading number should always be 0 for any valid key: ",
                  rest);
  }
  if (!ReadOrderedString(&rest, &result.name)) {
    return Failed("Failed to parse the tensor name: ", rest);
  }
  if (!ReadOrderedNum(&rest, &number)) {
    return Failed("Failed to parse the tensor rank: ", rest);
  }
  if (number == 0) {
    return Failed("Expecting positive rank of the tensor, got 0, ", rest);
  }
  if (number >= uint64_t{std::numeric_limits<int32_t>::max()}) {
    return InternalError("Too many elements " + std::to_string(number));
  }
  for (uint64_t d = 0; d < number; ++d) {
    SliceExtent extent;
    if (!ReadOrderedSigned(&rest, &extent.start)) {
      return Failed("Failed to parse start: ", rest);
    }
    if (!ReadOrderedSigned(&rest, &extent.length)) {
      return Failed("Failed to parse length: ", rest);
    }
    // Any negative length stands for the whole dimension.
    result.slice.extents.push_back(extent.length < 0 ? SliceExtent() : extent);
  }
  return result;
}

}  // namespace tensorbundle::bundle
