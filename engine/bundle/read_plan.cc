#include "engine/bundle/read_plan.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace tensorbundle::bundle {

namespace {

uint64_t End(const io::Extent& extent) { return extent.offset + extent.length; }

// True iff the fetch may take the request in as well. Requests come by offset.
bool Joins(const PlannedRead& read, const ReadRequest& request,
           const ReadPlanOptions& options) {
  if (read.shard_id != request.shard_id) return false;
  const uint64_t end = End(read.extent);
  if (End(request.range) <= end) return true;
  if (request.range.offset < end) return true;  // shares bytes: one fetch
  return request.range.offset - end <= options.max_gap &&
         End(request.range) - read.extent.offset <= options.max_length;
}

}  // namespace

std::vector<PlannedRead> PlanReads(std::span<const ReadRequest> requests,
                                   const ReadPlanOptions& options) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const ReadRequest& x = requests[a];
    const ReadRequest& y = requests[b];
    return std::tie(x.shard_id, x.range.offset, x.range.length, a) <
           std::tie(y.shard_id, y.range.offset, y.range.length, b);
  });
  std::vector<PlannedRead> reads;
  for (size_t r : order) {
    const ReadRequest& request = requests[r];
    if (reads.empty() || !Joins(reads.back(), request, options)) {
      reads.push_back({request.shard_id, request.range, {}});
    }
    PlannedRead& read = reads.back();
    read.extent.length =
        std::max(End(read.extent), End(request.range)) - read.extent.offset;
    read.requests.push_back(r);
  }
  return reads;
}

}  // namespace tensorbundle::bundle
