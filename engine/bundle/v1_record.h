// V1 records: a tensor, or a slice of one, as the value of a V1 table.
#ifndef TB_BUNDLE_V1_RECORD_H_
#define TB_BUNDLE_V1_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/tensor/tensor.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// True iff the format has a place for values of `dtype`.
bool IsV1DType(DType dtype);

// The record of `slice`: all its elements, row-major and little endian.
// REQUIRES: IsV1DType(dtype), no string; whole elements.
// Returns InvalidArgument "Tensor slice is too large to serialize ..." for what
// TensorFlow would not write: about 2 GiB.
Result<std::string> EncodeV1Record(std::string_view name, const Slice& slice,
                                   DType dtype, Bytes elements);
// Likewise, for strings.
Result<std::string> EncodeV1Record(std::string_view name, const Slice& slice,
                                   std::span<const std::string> elements);

// How many values of `dtype` the record has. Nothing is allocated for a record
// before its values are counted. Nothing when it is no message or V1 has no
// place for the dtype.
std::optional<uint64_t> CountV1Values(Bytes record, DType dtype);

// The elements of `record`, a slice of shape `shape`; values beyond them are
// left alone. The record is walked over where it lies.
// Returns DataLoss when it is no message or has too few values, Unimplemented
// "Restoring data type D not yet supported", Tensor::Create()'s errors.
Result<Tensor> DecodeV1Record(Bytes record, DType dtype, const Shape& shape);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_V1_RECORD_H_
