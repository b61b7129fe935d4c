// UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above
// U+10FFFF.
#ifndef TB_UTIL_UTF8_H_
#define TB_UTIL_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tensorbundle {

// The number of bytes of the valid sequence that `text` begins with: 1 to 4,
// or 0 when it begins with none.
size_t Utf8SequenceLength(std::string_view text);

bool IsValidUtf8(std::string_view text);

// `text` fit for people: valid UTF-8 as it is, control characters, backslashes
// and every byte that is not UTF-8 as \xHH.
std::string EscapeForDisplay(std::string_view text);

}  // namespace tensorbundle

#endif  // TB_UTIL_UTF8_H_
