// SHA-256, for files that are too long to be stated in hex.
#ifndef TB_TESTS_SUPPORT_SHA256_H_
#define TB_TESTS_SUPPORT_SHA256_H_

#include <string>
#include <string_view>

#include "engine/util/bytes.h"

namespace tensorbundle::testing {

// The digest in hex.
std::string Sha256(Bytes bytes);
inline std::string Sha256(std::string_view bytes) {
  return Sha256(AsBytes(bytes));
}

}  // namespace tensorbundle::testing

#endif  // TB_TESTS_SUPPORT_SHA256_H_
