#include "engine/bundle/versions.h"

#include <algorithm>
#include <string>

namespace tensorbundle::bundle {

namespace {

// tensorflow/core/public/version.h: TF_CHECKPOINT_VERSION_MIN_PRODUCER and
// kTensorBundleMinProducer.
constexpr int32_t kMinProducer = 0;

// The release whose behaviour this is.
constexpr char kTensorFlow[] = "TensorFlow 1.15.0";

}  // namespace

// tensorflow/core/framework/versions.cc.
Status CheckVersions(int32_t producer, int32_t min_consumer,
                     std::span<const int32_t> bad_consumers) {
  if (producer < kMinProducer) {
    return InvalidArgumentError(
        "Checkpoint producer version " + std::to_string(producer) +
        " below min producer " + std::to_string(kMinProducer) +
        " supported by " + kTensorFlow +
        ".  Please regenerate your checkpoint.");
  }
  if (min_consumer > kFormatVersion) {
    return InvalidArgumentError(
        "Checkpoint min consumer version " + std::to_string(min_consumer) +
        " above current version " + std::to_string(kFormatVersion) + " for " +
        kTensorFlow + ".  Please upgrade TensorFlow.");
  }
  if (std::find(bad_consumers.begin(), bad_consumers.end(), kFormatVersion) !=
      bad_consumers.end()) {
    return InvalidArgumentError(
        "Checkpoint disallows consumer version " +
        std::to_string(kFormatVersion) +
        ".  Please upgrade TensorFlow: this version is likely buggy.");
  }
  return OkStatus();
}

}  // namespace tensorbundle::bundle
