// Copies between two arrangements of the same elements. Every rearrangement
// of data is one of these with the right strides.
#ifndef TB_KERNELS_STRIDED_COPY_H_
#define TB_KERNELS_STRIDED_COPY_H_

#include <cstddef>

#include "engine/kernels/dims.h"

namespace tensorbundle::kernels {

// Copies dims.Elements() elements of `element_size` bytes: the one at position
// p from from + sum(p[i] * from_strides[i]) to to + sum(p[i] * to_strides[i]).
// Strides count elements, may be negative and, in from_strides, zero.
// REQUIRES: element_size is 1, 2, 4, 8 or 16; the two do not overlap.
void CopyStrided(const Dims& dims, size_t element_size, const void* from,
                 const Strides& from_strides, void* to,
                 const Strides& to_strides);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_STRIDED_COPY_H_
