// Tensors whose bytes in TensorFlow's own files are known.
#ifndef TB_TESTS_SUPPORT_GOLDENS_H_
#define TB_TESTS_SUPPORT_GOLDENS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"

namespace tensorbundle::testing {

struct NamedTensor {
  std::string key;
  DType dtype = DType::kInvalid;
  Shape shape;
  std::string bytes;                 // row-major, little endian
  std::vector<std::string> strings;  // of dtype kString, instead of bytes
};

// The number as an element: integers wrap, bool takes the lowest bit, complex
// numbers have the imaginary part given.
std::string Element(DType dtype, double real, double imaginary = 0);

// `count` elements first, first + 1, ...; complex ones v - vi.
std::string Iota(DType dtype, int64_t count, double first);

// The stream of Philox4x32-10 with that seed; bool elements take a byte of it
// and keep its lowest bit.
std::string PhiloxBytes(DType dtype, int64_t count, uint64_t seed);

// Five tensors of each dtype, in this order: a scalar (1, 2, ... from dtype to
// dtype), two empty ones, a vector -2 ... 2, random bits (seeds first_seed,
// first_seed + 1, ...); then strings and floats with odd bit patterns.
std::vector<NamedTensor> TensorsOfAllDTypes(
    std::span<const std::string_view> dtypes, uint64_t first_seed);

// The orders in which two of TensorFlow's files have them: packed, and with
// every tensor on a multiple of 64 bytes.
std::span<const std::string_view> PackedFileDTypes();
std::span<const std::string_view> AlignedFileDTypes();

}  // namespace tensorbundle::testing

#endif  // TB_TESTS_SUPPORT_GOLDENS_H_
