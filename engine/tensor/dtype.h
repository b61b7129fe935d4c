// DType: TensorFlow's DataType, by the numbers that stand in files.
#ifndef TB_TENSOR_DTYPE_H_
#define TB_TENSOR_DTYPE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tensorbundle {

// tensorflow/core/framework/types.proto. A value outside the list may come out
// of a file; it is kept as it is and every function below copes with it.
enum class DType : int32_t {
  kInvalid = 0,
  kFloat = 1,
  kDouble = 2,
  kInt32 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kInt8 = 6,
  kString = 7,
  kComplex64 = 8,
  kInt64 = 9,
  kBool = 10,
  kQint8 = 11,
  kQuint8 = 12,
  kQint32 = 13,
  kBfloat16 = 14,
  kQint16 = 15,
  kQuint16 = 16,
  kUint16 = 17,
  kComplex128 = 18,
  kHalf = 19,
  kResource = 20,
  kVariant = 21,
  kUint32 = 22,
  kUint64 = 23,
  kFloat8E5m2 = 24,
  kFloat8E4m3fn = 25,
  kFloat8E4m3fnuz = 26,
  kFloat8E4m3b11fnuz = 27,
  kFloat8E5m2fnuz = 28,
  kInt4 = 29,
  kUint4 = 30,
  kInt2 = 31,
  kUint2 = 32,
  kFloat4E2m1fn = 33,
};

inline constexpr int kNumDTypes = 34;  // including kInvalid

// True iff `dtype` is one of the list above other than kInvalid.
bool IsKnown(DType dtype);

// Bytes of one element as stored in a bundle, or 0 for string, resource,
// variant and unknown types. Sub-byte types take one byte an element.
size_t DTypeSize(DType dtype);

// Bytes of the scalar that byte order applies to: half of DTypeSize for the
// complex types, DTypeSize for the others.
size_t DTypeComponentSize(DType dtype);

// TensorFlow's DataTypeString: "float", "half", "complex64", ... A number
// outside the list gives "unknown dtype enum (N)"; N in 101..133 "<base>_ref".
std::string DTypeString(DType dtype);

// Python's tf.DType.name: "float32", "float16", ... as users write them.
// A number outside the list gives DTypeString.
std::string DTypePythonName(DType dtype);

// "DT_FLOAT": the name in types.proto. Outside the list: the number in digits,
// as protobuf's text format prints it.
std::string DTypeProtoName(DType dtype);

// Accepts DTypeString, Python and proto names.
std::optional<DType> ParseDType(std::string_view name);

// float32, float64, float16 and bfloat16.
bool IsFloating(DType dtype);
// The signed and unsigned integers of 8 to 64 bits; neither bool nor quantised.
bool IsInteger(DType dtype);

}  // namespace tensorbundle

#endif  // TB_TENSOR_DTYPE_H_
