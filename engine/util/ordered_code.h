// OrderedCode: numbers and strings as bytes that compare as their values do.
//
// The keys under which a checkpoint stores parts of a tensor are made of these
// (engine/docs/slices.md, "Slice keys"). The writers append to a string; the
// readers take one item off the front of their input. A reader accepts exactly
// what its writer makes: of two spellings of a value, one is no item.
#ifndef TB_UTIL_ORDERED_CODE_H_
#define TB_UTIL_ORDERED_CODE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tensorbundle {

void AppendOrderedNum(std::string* out, uint64_t value);
void AppendOrderedString(std::string* out, std::string_view value);
void AppendOrderedSigned(std::string* out, int64_t value);

// Each removes one item from the front of *in and stores it in *value. Returns
// false, with *in as it was, when *in does not begin with a whole item.
bool ReadOrderedNum(std::string_view* in, uint64_t* value);
bool ReadOrderedString(std::string_view* in, std::string* value);
bool ReadOrderedSigned(std::string_view* in, int64_t* value);

}  // namespace tensorbundle

#endif  // TB_UTIL_ORDERED_CODE_H_
