#include "engine/util/allocation.h"

#include <cstddef>
#include <cstdlib>

#include "engine/util/checked.h"

namespace tensorbundle {

bool CanAllocate(uint64_t size) {
  // Small enough for any heap that is still alive.
  constexpr uint64_t kAlwaysThere = 1 << 16;
  if (size <= kAlwaysThere) return true;
  const auto wanted = CheckedCast<size_t>(size);
  if (!wanted) return false;
  // volatile: an allocation that nobody uses may be optimised away.
  void* volatile memory = std::malloc(*wanted);
  const bool there = memory != nullptr;
  std::free(memory);
  return there;
}

}  // namespace tensorbundle
