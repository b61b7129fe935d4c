// Executor: what one combination of feeds, fetches and targets needs, compiled
// into a list of steps.
#ifndef TB_SESSION_EXECUTOR_H_
#define TB_SESSION_EXECUTOR_H_

#include <memory>
#include <span>
#include <vector>

#include "engine/graph/node.h"
#include "engine/session/buffer_pool.h"
#include "engine/session/kernel.h"
#include "engine/session/resources.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

// The kernels of a session, one for each node that ever ran: all plans of the
// session share them, and with them the state of the random generators. They
// share the memory that steps need for a while, too.
class KernelCache {
 public:
  Result<Kernel*> Get(const graph::Node& node, Resources& resources);
  BufferPool& pool() { return pool_; }
  void Clear() {
    kernels_.clear();
    pool_.Clear();
  }

 private:
  std::vector<std::unique_ptr<Kernel>> kernels_;  // by node id - 1
  BufferPool pool_;
};

// Values live in numbered slots, and the plan knows the step after which a slot
// is dead: its memory then goes to the pool, from which later steps and later
// runs take theirs. The same plan run again allocates no buffer.
//
// What follows from constants alone is computed in the first run and kept.
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
    std::vector<int> inputs;        // slots
    std::vector<StepInput> values;  // those slots
    int first_output = 0;           // slots first_output, first_output + 1, ...
    std::vector<int> last_uses;     // slots that nobody reads afterwards
    bool is_constant = false;       // the outputs are the same in every run
    bool is_done = false;           // ... and have been computed
  };
  struct Fetch {
    int slot = 0;
    graph::Output output;
  };

  explicit Plan(BufferPool* pool) : pool_(pool) {}

  void MarkConstants();
  void MarkLastUses();
  void BindInputs();
  Status RunStep(Step& step);
  size_t OutputBytes(const Step& step);
  void Release(Value& value);
  Result<std::vector<Tensor>> TakeFetches();
  Value& slot(int i) { return slots_[static_cast<size_t>(i)]; }

  BufferPool* const pool_;

  std::vector<Step> steps_;
  std::vector<int> feed_slots_;
  std::vector<Fetch> fetches_;
  std::vector<Value> slots_;
  std::vector<int> released_slots_;  // at the end of a run: all but constants
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_EXECUTOR_H_
