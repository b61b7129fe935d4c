// Read plans for JavaScript, which does the fetching.

#include <emscripten/bind.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/bundle/read_plan.h"

namespace tensorbundle::embind {
namespace {

// The requests go in one by one, the plan comes out as one run of doubles:
//   shard, offset, length, n, then the numbers of the n requests
// for each fetch. Doubles are exact to 2^53, further than any file reaches.
class PlanHandle {
 public:
  void Add(int shard, double offset, double length) {
    requests_.push_back(
        {shard,
         {static_cast<uint64_t>(offset), static_cast<uint64_t>(length)}});
  }

  void Make(double max_gap, double max_length) {
    numbers_.clear();
    for (const bundle::PlannedRead& read :
         bundle::PlanReads(requests_, {static_cast<uint64_t>(max_gap),
                                       static_cast<uint64_t>(max_length)})) {
      numbers_.push_back(read.shard_id);
      numbers_.push_back(static_cast<double>(read.extent.offset));
      numbers_.push_back(static_cast<double>(read.extent.length));
      numbers_.push_back(static_cast<double>(read.requests.size()));
      for (const size_t request : read.requests) {
        numbers_.push_back(static_cast<double>(request));
      }
    }
  }

  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(numbers_.data());
  }
  double size() const {
    return static_cast<double>(numbers_.size() * sizeof(double));
  }

 private:
  std::vector<bundle::ReadRequest> requests_;
  std::vector<double> numbers_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_read_plan) {
  emscripten::class_<PlanHandle>("ReadPlan")
      .constructor()
      .function("add", &PlanHandle::Add)
      .function("make", &PlanHandle::Make)
      .function("address", &PlanHandle::address)
      .function("size", &PlanHandle::size);
}

}  // namespace tensorbundle::embind
