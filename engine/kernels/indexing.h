// Kernels that read or write where a tensor of indices says, and selection.
#ifndef TB_KERNELS_INDEXING_H_
#define TB_KERNELS_INDEXING_H_

#include <cstddef>
#include <cstdint>

namespace tensorbundle::kernels {

// Index is int32_t or int64_t throughout.

// The first i with indices[i] outside [0, limit), or `count`.
template <typename Index>
size_t FirstBadIndex(size_t count, const Index* indices, size_t limit);

// y[o, i, :] = x[o, indices[i], :] for x of [outer, axis, inner] and y of
// [outer, count, inner], elements of `size` bytes.
// REQUIRES: FirstBadIndex(count, indices, axis) == count.
template <typename Index>
void Gather(size_t outer, size_t axis, size_t inner, size_t size, size_t count,
            const Index* indices, const void* x, void* y);

// y = zeros of [segments, inner], then y[indices[i], :] += x[i, :] for
// ascending i < count: the gradient of Gather along the first axis. A negative
// index adds to nothing, as in TensorFlow. T is float, double, int32_t or
// int64_t. REQUIRES: every index < segments.
template <typename T, typename Index>
void UnsortedSegmentSum(size_t count, size_t inner, const Index* indices,
                        const T* x, size_t segments, T* y);

// x[indices[i], :] += updates[i, :] for ascending i, without zeros first.
// REQUIRES: FirstBadIndex(count, indices, rows of x) == count.
template <typename T, typename Index>
void ScatterAdd(size_t count, size_t inner, const Index* indices,
                const T* updates, T* x);

// y[o, d, i] = indices[o, i] == d ? *on : *off, for d < depth: an index out of
// range gives nothing but *off. Elements of `size` bytes.
template <typename Index>
void OneHot(size_t outer, size_t depth, size_t inner, size_t size,
            const Index* indices, const void* on, const void* off, void* y);

// y[i, :] = condition[i] ? a[i, :] : b[i, :], for rows of `inner` elements of
// `size` bytes: tf.where with three arguments has inner 1, or the row's size
// when the condition is a vector. y may be a or b.
void Select(size_t count, size_t inner, size_t size, const uint8_t* condition,
            const void* a, const void* b, void* y);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_INDEXING_H_
