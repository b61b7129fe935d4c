// Asking for memory before a container does.
#ifndef TB_UTIL_ALLOCATION_H_
#define TB_UTIL_ALLOCATION_H_

#include <cstdint>

namespace tensorbundle {

// True iff `size` bytes are to be had in one piece. Without exceptions a
// container that finds no memory ends the program: where a file decides how
// large one becomes, ask first and return ResourceExhausted.
bool CanAllocate(uint64_t size);

}  // namespace tensorbundle

#endif  // TB_UTIL_ALLOCATION_H_
