// Which versions of the checkpoint formats this reader takes: those that
// TensorFlow 1.15 takes.
#ifndef TB_BUNDLE_VERSIONS_H_
#define TB_BUNDLE_VERSIONS_H_

#include <cstdint>
#include <span>

#include "engine/util/status.h"

namespace tensorbundle::bundle {

// What the writers put into the VersionDef of either format; min_consumer and
// bad_consumers stay empty.
inline constexpr int32_t kFormatVersion = 1;

// Compares the VersionDef of a checkpoint, V1 or V2, with ours.
// Returns InvalidArgument, in TensorFlow's words, when one is too old for the
// other.
Status CheckVersions(int32_t producer, int32_t min_consumer,
                     std::span<const int32_t> bad_consumers);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_VERSIONS_H_
