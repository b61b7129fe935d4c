// What every binding needs to turn engine values into JavaScript ones.
//
// The protocol of errors: a method that can fail returns an int, the number of
// its Code (0: OK, 100: the operation needs bytes), and leaves the details to
// the module's lastError().
#ifndef TB_EMBIND_CONVERT_H_
#define TB_EMBIND_CONVERT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/graph/partial_shape.h"
#include "engine/tensor/shape.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::embind {

// What lastError() returns. `offset` and `length` are exact up to 2^53.
struct ErrorOut {
  int code = 0;
  std::string message;
  std::string node;
  std::string file;
  std::string tensor;
  double offset = 0;
  double length = 0;
};

// Remembers `status` for lastError() and returns its code's number.
int Report(const Status& status);
const ErrorOut& LastError();

// "2,3", "" for a scalar. Returns InvalidArgument for anything else.
Result<Shape> ParseShape(const std::string& dims);
// "?,3", "" for a scalar, "*" when not even the rank is known.
Result<graph::PartialShape> ParsePartialShape(const std::string& dims);
// The inverse of ParseShape.
std::string DimsOf(const Shape& shape);

// A little-endian u32 length and the bytes of each string in turn.
std::vector<uint8_t> PackStrings(std::span<const std::string> strings);
// The inverse. REQUIRES: `packed` is what PackStrings() gives.
std::vector<std::string> UnpackStrings(Bytes packed);

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_CONVERT_H_
