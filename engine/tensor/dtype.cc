#include "engine/tensor/dtype.h"

#include <array>

namespace tensorbundle {

namespace {

struct Info {
  DType dtype;
  size_t size;                   // bytes an element, 0 if it varies
  size_t component;              // bytes a byte-swapped scalar
  std::string_view name;         // DataTypeString
  std::string_view python_name;  // tf.DType.name
  std::string_view proto_name;
};

constexpr std::array<Info, kNumDTypes> kInfos = {{
    {DType::kInvalid, 0, 0, "INVALID", "INVALID", "DT_INVALID"},
    {DType::kFloat, 4, 4, "float", "float32", "DT_FLOAT"},
    {DType::kDouble, 8, 8, "double", "float64", "DT_DOUBLE"},
    {DType::kInt32, 4, 4, "int32", "int32", "DT_INT32"},
    {DType::kUint8, 1, 1, "uint8", "uint8", "DT_UINT8"},
    {DType::kInt16, 2, 2, "int16", "int16", "DT_INT16"},
    {DType::kInt8, 1, 1, "int8", "int8", "DT_INT8"},
    {DType::kString, 0, 0, "string", "string", "DT_STRING"},
    {DType::kComplex64, 8, 4, "complex64", "complex64", "DT_COMPLEX64"},
    {DType::kInt64, 8, 8, "int64", "int64", "DT_INT64"},
    {DType::kBool, 1, 1, "bool", "bool", "DT_BOOL"},
    {DType::kQint8, 1, 1, "qint8", "qint8", "DT_QINT8"},
    {DType::kQuint8, 1, 1, "quint8", "quint8", "DT_QUINT8"},
    {DType::kQint32, 4, 4, "qint32", "qint32", "DT_QINT32"},
    {DType::kBfloat16, 2, 2, "bfloat16", "bfloat16", "DT_BFLOAT16"},
    {DType::kQint16, 2, 2, "qint16", "qint16", "DT_QINT16"},
    {DType::kQuint16, 2, 2, "quint16", "quint16", "DT_QUINT16"},
    {DType::kUint16, 2, 2, "uint16", "uint16", "DT_UINT16"},
    {DType::kComplex128, 16, 8, "complex128", "complex128", "DT_COMPLEX128"},
    {DType::kHalf, 2, 2, "half", "float16", "DT_HALF"},
    {DType::kResource, 0, 0, "resource", "resource", "DT_RESOURCE"},
    {DType::kVariant, 0, 0, "variant", "variant", "DT_VARIANT"},
    {DType::kUint32, 4, 4, "uint32", "uint32", "DT_UINT32"},
    {DType::kUint64, 8, 8, "uint64", "uint64", "DT_UINT64"},
    {DType::kFloat8E5m2, 1, 1, "float8_e5m2", "float8_e5m2", "DT_FLOAT8_E5M2"},
    {DType::kFloat8E4m3fn, 1, 1, "float8_e4m3fn", "float8_e4m3fn",
     "DT_FLOAT8_E4M3FN"},
    {DType::kFloat8E4m3fnuz, 1, 1, "float8_e4m3fnuz", "float8_e4m3fnuz",
     "DT_FLOAT8_E4M3FNUZ"},
    {DType::kFloat8E4m3b11fnuz, 1, 1, "float8_e4m3b11fnuz",
     "float8_e4m3b11fnuz", "DT_FLOAT8_E4M3B11FNUZ"},
    {DType::kFloat8E5m2fnuz, 1, 1, "float8_e5m2fnuz", "float8_e5m2fnuz",
     "DT_FLOAT8_E5M2FNUZ"},
    {DType::kInt4, 1, 1, "int4", "int4", "DT_INT4"},
    {DType::kUint4, 1, 1, "uint4", "uint4", "DT_UINT4"},
    {DType::kInt2, 1, 1, "int2", "int2", "DT_INT2"},
    {DType::kUint2, 1, 1, "uint2", "uint2", "DT_UINT2"},
    {DType::kFloat4E2m1fn, 1, 1, "float4_e2m1fn", "float4_e2m1fn",
     "DT_FLOAT4_E2M1FN"},
}};

constexpr bool RowsStandAtTheirNumbers() {
  for (int i = 0; i < kNumDTypes; ++i) {
    if (static_cast<int>(kInfos[static_cast<size_t>(i)].dtype) != i) {
      return false;
    }
  }
  return true;
}
static_assert(RowsStandAtTheirNumbers());

// X_REF = X + 100 in types.proto.
constexpr int32_t kRefOffset = 100;

const Info* Find(DType dtype) {
  const int32_t n = static_cast<int32_t>(dtype);
  if (n < 0 || n >= kNumDTypes) return nullptr;
  return &kInfos[static_cast<size_t>(n)];
}

}  // namespace

bool IsKnown(DType dtype) {
  return dtype != DType::kInvalid && Find(dtype) != nullptr;
}

size_t DTypeSize(DType dtype) {
  const Info* info = Find(dtype);
  return info ? info->size : 0;
}

size_t DTypeComponentSize(DType dtype) {
  const Info* info = Find(dtype);
  return info ? info->component : 0;
}

std::string DTypeString(DType dtype) {
  if (const Info* info = Find(dtype)) return std::string(info->name);
  const int32_t n = static_cast<int32_t>(dtype);
  if (n > kRefOffset && n < kRefOffset + kNumDTypes) {
    return DTypeString(static_cast<DType>(n - kRefOffset)) + "_ref";
  }
  return "unknown dtype enum (" + std::to_string(n) + ")";
}

std::string DTypePythonName(DType dtype) {
  const Info* info = Find(dtype);
  return info ? std::string(info->python_name) : DTypeString(dtype);
}

std::string DTypeProtoName(DType dtype) {
  const Info* info = Find(dtype);
  return info ? std::string(info->proto_name)
              : std::to_string(static_cast<int32_t>(dtype));
}

std::optional<DType> ParseDType(std::string_view name) {
  for (const Info& info : kInfos) {
    if (info.dtype == DType::kInvalid) continue;
    if (name == info.name || name == info.python_name ||
        name == info.proto_name) {
      return info.dtype;
    }
  }
  return std::nullopt;
}

bool IsFloating(DType dtype) {
  return dtype == DType::kFloat || dtype == DType::kDouble ||
         dtype == DType::kHalf || dtype == DType::kBfloat16;
}

bool IsInteger(DType dtype) {
  switch (dtype) {
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64:
    case DType::kUint8:
    case DType::kUint16:
    case DType::kUint32:
    case DType::kUint64:
      return true;
    default:
      return false;
  }
}

}  // namespace tensorbundle
