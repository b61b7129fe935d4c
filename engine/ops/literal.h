// Literal: a value written in the program, before it has a dtype.
#ifndef TB_OPS_LITERAL_H_
#define TB_OPS_LITERAL_H_

#include "engine/tensor/dtype.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

// It takes the dtype that its place asks for, and `natural` where nothing
// does: Python's 1.5 is a float32, [1, 2] an int32.
struct Literal {
  // Holds the value without loss: double for numbers, int64 for integers
  // beyond 2^53, bool, string.
  Tensor value;
  DType natural = DType::kInvalid;
};

// The literal as a tensor of `dtype`. Returns TypeError "Expected int32, got
// 1.5 of type 'float' instead." when `dtype` cannot hold it.
Result<Tensor> CastLiteral(const Literal& literal, DType dtype);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_LITERAL_H_
