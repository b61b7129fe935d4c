// The comparison that every tensor's bytes end with, and its words.
#ifndef TB_BUNDLE_CHECKSUM_H_
#define TB_BUNDLE_CHECKSUM_H_

#include <cstdint>
#include <string>

#include "engine/util/status.h"

namespace tensorbundle::bundle {

// printf's %08u.
std::string EightDigits(uint32_t number);

// Both unmasked. Returns DataLoss "Checksum does not match: stored S vs.
// calculated on the restored bytes C", with `location`, unless they are equal.
Status CompareChecksum(uint32_t stored, uint32_t calculated,
                       const ErrorLocation& location);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_CHECKSUM_H_
