#include "engine/kernels/indexing.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <type_traits>

namespace tensorbundle::kernels {
namespace {

// a + b; integers wrap around.
template <typename T>
T Add(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
  } else {
    return a + b;
  }
}

template <typename T>
void AddRow(size_t inner, const T* x, T* y) {
  for (size_t i = 0; i < inner; ++i) y[i] = Add(y[i], x[i]);
}

}  // namespace

template <typename Index>
size_t FirstBadIndex(size_t count, const Index* indices, size_t limit) {
  size_t i = 0;
  while (i < count && indices[i] >= 0 &&
         static_cast<uint64_t>(indices[i]) < limit) {
    ++i;
  }
  return i;
}

template <typename Index>
void Gather(size_t outer, size_t axis, size_t inner, size_t size, size_t count,
            const Index* indices, const void* x, void* y) {
  assert(FirstBadIndex(count, indices, axis) == count);
  const size_t row = inner * size;
  if (row == 0) return;
  const uint8_t* from = static_cast<const uint8_t*>(x);
  uint8_t* to = static_cast<uint8_t*>(y);
  for (size_t o = 0; o < outer; ++o) {
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(to, from + static_cast<size_t>(indices[i]) * row, row);
      to += row;
    }
    from += axis * row;
  }
}

template <typename T, typename Index>
void UnsortedSegmentSum(size_t count, size_t inner, const Index* indices,
                        const T* x, size_t segments, T* y) {
  std::fill(y, y + segments * inner, T(0));
  for (size_t i = 0; i < count; ++i) {
    if (indices[i] < 0) continue;
    const size_t segment = static_cast<size_t>(indices[i]);
    assert(segment < segments);
    AddRow(inner, x + i * inner, y + segment * inner);
  }
}

template <typename T, typename Index>
void ScatterAdd(size_t count, size_t inner, const Index* indices,
                const T* updates, T* x) {
  for (size_t i = 0; i < count; ++i) {
    assert(indices[i] >= 0);
    AddRow(inner, updates + i * inner,
           x + static_cast<size_t>(indices[i]) * inner);
  }
}

template <typename Index>
void OneHot(size_t outer, size_t depth, size_t inner, size_t size,
            const Index* indices, const void* on, const void* off, void* y) {
  uint8_t* to = static_cast<uint8_t*>(y);
  for (size_t i = 0; i < outer * depth * inner; ++i) {
    std::memcpy(to + i * size, off, size);
  }
  for (size_t o = 0; o < outer; ++o) {
    for (size_t i = 0; i < inner; ++i) {
      const Index index = indices[o * inner + i];
      if (index < 0 || static_cast<uint64_t>(index) >= depth) continue;
      const size_t d = static_cast<size_t>(index);
      std::memcpy(to + ((o * depth + d) * inner + i) * size, on, size);
    }
  }
}

void Select(size_t count, size_t inner, size_t size, const uint8_t* condition,
            const void* a, const void* b, void* y) {
  const size_t row = inner * size;
  if (row == 0) return;
  for (size_t i = 0; i < count; ++i) {
    const void* chosen = condition[i] ? a : b;
    // memmove: y may be the chosen one.
    std::memmove(static_cast<uint8_t*>(y) + i * row,
                 static_cast<const uint8_t*>(chosen) + i * row, row);
  }
}

#define TB_INSTANTIATE_SUMS(T, Index)                                      \
  template void UnsortedSegmentSum(size_t, size_t, const Index*, const T*, \
                                   size_t, T*);                            \
  template void ScatterAdd(size_t, size_t, const Index*, const T*, T*);
#define TB_INSTANTIATE(Index)                                                \
  template size_t FirstBadIndex(size_t, const Index*, size_t);               \
  template void Gather(size_t, size_t, size_t, size_t, size_t, const Index*, \
                       const void*, void*);                                  \
  template void OneHot(size_t, size_t, size_t, size_t, const Index*,         \
                       const void*, const void*, void*);                     \
  TB_INSTANTIATE_SUMS(float, Index)                                          \
  TB_INSTANTIATE_SUMS(double, Index)                                         \
  TB_INSTANTIATE_SUMS(int32_t, Index)                                        \
  TB_INSTANTIATE_SUMS(int64_t, Index)
TB_INSTANTIATE(int32_t)
TB_INSTANTIATE(int64_t)
#undef TB_INSTANTIATE
#undef TB_INSTANTIATE_SUMS

}  // namespace tensorbundle::kernels
