// Read plans: which runs of which data files to fetch for a set of tensors.
// Pure arithmetic; nothing is read.
#ifndef TB_BUNDLE_READ_PLAN_H_
#define TB_BUNDLE_READ_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/io/byte_source.h"

namespace tensorbundle::bundle {

// The bytes of one tensor: Entry::shard_id and DataRange().
struct ReadRequest {
  int32_t shard_id = 0;
  io::Extent range;
};

// One fetch. The bytes of request r begin at
// requests[r].range.offset - extent.offset within it.
struct PlannedRead {
  int32_t shard_id = 0;
  io::Extent extent;
  std::vector<size_t> requests;  // served whole by this fetch, by offset
};

struct ReadPlanOptions {
  // Neighbours that lie at most this far apart are fetched together.
  uint64_t max_gap = 64 << 10;
  // A fetch takes no further tensor in when it would grow beyond this; a
  // longer tensor is one fetch of its own, to be streamed.
  uint64_t max_length = 8 << 20;
};

// Ordered by shard, then by offset. Empty requests are planned as well, at
// their offset, so that every tensor passes its decoder.
// REQUIRES: the end of every range fits in 64 bits, as DataRange() checks.
std::vector<PlannedRead> PlanReads(std::span<const ReadRequest> requests,
                                   const ReadPlanOptions& options = {});

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_READ_PLAN_H_
