// The loops behind Binary() that are not sums, differences and products.
#ifndef TB_KERNELS_BINARY_LOOPS_H_
#define TB_KERNELS_BINARY_LOOPS_H_

#include <cstddef>

#include "engine/kernels/elementwise.h"
#include "engine/tensor/dtype.h"

namespace tensorbundle::kernels {

// out[i] = a[i * a_step] op b[i * b_step] for i < count; steps are 0 or 1.
using BinaryLoop = void (*)(const void* a, size_t a_step, const void* b,
                            size_t b_step, void* out, size_t count);

// Null when there is none for that dtype of a and b.
BinaryLoop FindOtherLoop(BinaryOp op, DType dtype);

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_BINARY_LOOPS_H_
