// Executor: what one combination of feeds, fetches and targets needs, compiled
// into a list of steps.
#ifndef TB_SESSION_EXECUTOR_H_
#define TB_SESSION_EXECUTOR_H_

#include <memory>
#include <span>
#include <vector>

#include "engine/graph/node.h"
#include "engine/session/kernel.h"
#include "engine/session/resources.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

// The kernels of a session, one for each node that ever ran: all plans of the
// session share them, and with them the state of the random generators.
class KernelCache {
 public:
  Result<Kernel*> Get(const graph::Node& node, Resources& resources);
  void Clear() { kernels_.clear(); }

 private:
  std::vector<std::unique_ptr<Kernel>> kernels_;  // by node id - 1
};

// A Plan owns the memory that its steps exchange: values live in numbered
// slots, and the plan knows the step after which a slot is dead. Reuse of
// buffers between slots, and steps that stand for several nodes, are matters
// of Compile() alone.
class Plan {
 public:
  // Prunes the graph to what is needed. `feeds` and `fetches` are in the
  // caller's order.
  static Result<std::unique_ptr<Plan>> Compile(
      std::span<const graph::Output> feeds,
      std::span<const graph::Output> fetches,
      std::span<const graph::Node* const> targets, KernelCache* kernels,
      Resources* resources);

  // REQUIRES: as many feeds as at Compile(), of the right dtypes.
  Result<std::vector<Tensor>> Run(std::span<const Tensor> feeds);

  int num_steps() const { return static_cast<int>(steps_.size()); }

 private:
  struct Step {
    const graph::Node* node = nullptr;
    Kernel* kernel = nullptr;
    std::vector<int> inputs;     // slots
    int first_output = 0;        // slots first_output, first_output + 1, ...
    std::vector<int> last_uses;  // slots that nobody reads afterwards
  };
  struct Fetch {
    int slot = 0;
    graph::Output output;
  };

  Plan() = default;

  void MarkLastUses();
  Status RunStep(const Step& step);
  Result<std::vector<Tensor>> TakeFetches();

  std::vector<Step> steps_;
  std::vector<int> feed_slots_;
  std::vector<Fetch> fetches_;
  std::vector<Value> slots_;
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_EXECUTOR_H_
