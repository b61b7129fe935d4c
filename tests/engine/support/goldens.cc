#include "tests/engine/support/goldens.h"

#include <cassert>

#include "engine/random/philox.h"
#include "engine/util/bytes.h"
#include "engine/util/float16.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::testing {

namespace {

template <typename T>
std::string BytesOf(T value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

constexpr std::string_view kPackedFile[] = {
    "qint8", "int8",    "qint16", "double",     "int16", "quint8",   "int32",
    "bool",  "uint8",   "uint64", "complex128", "float", "qint32",   "uint16",
    "half",  "quint16", "uint32", "bfloat16",   "int64", "complex64"};

constexpr std::string_view kAlignedFile[] = {
    "int64",  "uint16", "int16",  "bfloat16",   "float",
    "quint8", "int32",  "int8",   "qint32",     "complex64",
    "qint16", "double", "uint32", "quint16",    "uint8",
    "bool",   "half",   "qint8",  "complex128", "uint64"};

}  // namespace

std::string Element(DType dtype, double real, double imaginary) {
  switch (dtype) {
    case DType::kFloat:
      return BytesOf(static_cast<float>(real));
    case DType::kDouble:
      return BytesOf(real);
    case DType::kHalf:
      return BytesOf(FloatToHalf(static_cast<float>(real)));
    case DType::kBfloat16:
      return BytesOf(FloatToBfloat16(static_cast<float>(real)));
    case DType::kComplex64:
      return BytesOf(static_cast<float>(real)) +
             BytesOf(static_cast<float>(imaginary));
    case DType::kComplex128:
      return BytesOf(real) + BytesOf(imaginary);
    case DType::kBool:
      return BytesOf(static_cast<uint8_t>(static_cast<int64_t>(real) & 1));
    default:
      return BytesOf(static_cast<int64_t>(real)).substr(0, DTypeSize(dtype));
  }
}

std::string Iota(DType dtype, int64_t count, double first) {
  std::string bytes;
  for (int64_t i = 0; i < count; ++i) {
    const double v = first + static_cast<double>(i);
    bytes += Element(dtype, v, -v);
  }
  return bytes;
}

std::string PhiloxBytes(DType dtype, int64_t count, uint64_t seed) {
  const size_t size = static_cast<size_t>(count) * DTypeSize(dtype);
  random::Philox philox(seed, 0);
  std::string bytes;
  while (bytes.size() < size) {
    for (uint32_t word : philox.Next()) bytes += BytesOf(word);
  }
  bytes.resize(size);
  if (dtype == DType::kBool) {
    for (char& byte : bytes) byte &= 1;
  }
  return bytes;
}

std::vector<NamedTensor> TensorsOfAllDTypes(
    std::span<const std::string_view> dtypes, uint64_t first_seed) {
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < dtypes.size(); ++i) {
    const std::string name(dtypes[i]);
    const DType dtype = *ParseDType(name);
    tensors.push_back({"scalar/" + name,
                       dtype,
                       Shape(),
                       Element(dtype, static_cast<double>(i + 1)),
                       {}});
    tensors.push_back({"empty1/" + name, dtype, Shape::Of({0}), "", {}});
    tensors.push_back({"empty3/" + name, dtype, Shape::Of({3, 0, 2}), "", {}});
    tensors.push_back(
        {"vec/" + name, dtype, Shape::Of({5}), Iota(dtype, 5, -2), {}});
    tensors.push_back({"bits/" + name,
                       dtype,
                       Shape::Of({2, 3, 2, 2}),
                       PhiloxBytes(dtype, 24, first_seed + i),
                       {}});
  }
  tensors.push_back({"str", DType::kString, Shape::Of({2}), "", {"a", "bc"}});
  tensors.push_back(
      {"specials/float",
       DType::kFloat,
       Shape::Of({8}),
       FromHex("0000c07f 0100c07f 000080ff 0000807f 00000080 01000000 "
               "ffff7f7f ffffffff"),
       {}});
  tensors.push_back({"specials/half",
                     DType::kHalf,
                     Shape::Of({5}),
                     FromHex("017e 00fc 0080 0100 ff7b"),
                     {}});
  return tensors;
}

std::span<const std::string_view> PackedFileDTypes() { return kPackedFile; }
std::span<const std::string_view> AlignedFileDTypes() { return kAlignedFile; }

}  // namespace tensorbundle::testing
