// Bytes as hex text, so that a test states them as a specification does.
#ifndef TB_TESTS_SUPPORT_HEX_H_
#define TB_TESTS_SUPPORT_HEX_H_

#include <string>
#include <string_view>

#include "engine/util/bytes.h"

namespace tensorbundle::testing {

// "08 01 1a" or "08011a"; blanks and line breaks are skipped.
// REQUIRES: an even number of digits and nothing else.
std::string FromHex(std::string_view hex);

// "08011a".
std::string ToHex(Bytes bytes);
inline std::string ToHex(std::string_view bytes) {
  return ToHex(AsBytes(bytes));
}

}  // namespace tensorbundle::testing

#endif  // TB_TESTS_SUPPORT_HEX_H_
