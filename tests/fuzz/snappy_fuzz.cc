// Any bytes as a Snappy stream, and any bytes through a compressor and back.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/table/snappy_decode.h"
#include "tests/engine/table/snappy_encode.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

std::string Expand(Bytes compressed, bool* ok) {
  const auto length = table::SnappyUncompressedLength(compressed);
  std::string output;
  *ok = length.has_value();
  if (!length) return output;
  Require(*length <= table::SnappyMaxExpansion(compressed.size()));
  output.resize(*length);
  *ok = table::SnappyUncompress(
      compressed, {reinterpret_cast<uint8_t*>(output.data()), output.size()});
  // The length was believed because the elements add up to it.
  Require(*ok);
  return output;
}

}  // namespace
}  // namespace tensorbundle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  bool ok = false;
  fuzz::Expand(Bytes(data, size), &ok);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string compressed = table::SnappyCompress(text);
  fuzz::Require(fuzz::Expand(AsBytes(compressed), &ok) == text && ok);
  return 0;
}
