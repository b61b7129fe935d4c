// numpy's astype, for arrays that become constants of another dtype.
#ifndef TB_OPS_ARRAY_CAST_H_
#define TB_OPS_ARRAY_CAST_H_

#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

// Between booleans, integers and floating types: numbers are rounded to the
// nearest floating one, cut off towards zero or wrapped around to integers.
// Returns TypeError for other dtypes, unless nothing has to be converted.
Result<Tensor> CastArray(const Tensor& array, DType dtype);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_ARRAY_CAST_H_
