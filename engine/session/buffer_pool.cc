#include "engine/session/buffer_pool.h"

#include <algorithm>
#include <utility>

namespace tensorbundle::session {

Result<Tensor> BufferPool::Take(DType dtype, const Shape& shape) {
  const uint64_t element = DTypeSize(dtype);
  const uint64_t count = static_cast<uint64_t>(shape.num_elements());
  if (dtype != DType::kString && element != 0 &&
      count <= UINT64_MAX / element) {
    const uint64_t size = count * element;
    // The smallest that is large enough; twice as large would be a waste.
    auto best = free_.end();
    for (auto it = free_.begin(); it != free_.end(); ++it) {
      const uint64_t capacity = it->tensor.capacity();
      if (capacity < size || capacity / 2 > size + Tensor::kAlignment) continue;
      if (best == free_.end() || capacity < best->tensor.capacity()) best = it;
    }
    if (best != free_.end()) {
      Tensor tensor = std::move(best->tensor);
      *best = std::move(free_.back());
      free_.pop_back();
      tensor.Become(dtype, shape);
      return tensor;
    }
  }
  ++num_allocations_;
  return Tensor::CreateUninitialized(dtype, shape);
}

void BufferPool::Give(Tensor tensor) {
  if (!tensor.initialized() || !tensor.unique() || tensor.capacity() == 0) {
    return;
  }
  if (free_.size() == free_.capacity()) free_.reserve(2 * free_.size() + 16);
  free_.push_back({std::move(tensor), run_});
}

void BufferPool::EndRun() {
  ++run_;
  std::erase_if(
      free_, [this](const Free& free) { return run_ - free.run > kKeptRuns; });
}

}  // namespace tensorbundle::session
