// BufferPool: memory that the steps of a session are done with, for the next
// steps and the next run.
#ifndef TB_SESSION_BUFFER_POOL_H_
#define TB_SESSION_BUFFER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

class BufferPool {
 public:
  // A tensor whose elements may be anything. Returns Tensor::Create()'s errors.
  Result<Tensor> Take(DType dtype, const Shape& shape);

  // Keeps the memory of `tensor` if nobody else holds it.
  void Give(Tensor tensor);

  // Lets go of what no step has taken in the last kKeptRuns runs.
  void EndRun();

  void Clear() { free_.clear(); }

  // What waits to be taken.
  size_t num_free() const { return free_.size(); }
  // How often Take() found nothing that fits.
  uint64_t num_allocations() const { return num_allocations_; }

 private:
  static constexpr uint64_t kKeptRuns = 16;

  struct Free {
    Tensor tensor;
    uint64_t run;  // in which it was given
  };

  std::vector<Free> free_;
  uint64_t run_ = 0;
  uint64_t num_allocations_ = 0;
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_BUFFER_POOL_H_
