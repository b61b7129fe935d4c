// Prints random numbers for a test to compare with files of known ones.
//
// Each argument is
//   OP DTYPE SEED SEED2 SIZES EXECUTIONS [LOW HIGH]
// SIZES is 64, or 1,3,6 for executions of several sizes in turn. Each
// execution prints one line: its elements in hexadecimal, the most significant
// digit first, with nothing in between.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "engine/random/fill.h"
#include "engine/random/generator.h"

namespace {

using tensorbundle::DType;
using tensorbundle::MutableBytes;
using tensorbundle::random::Distribution;
using tensorbundle::random::Philox;

struct Request {
  std::string op;
  DType dtype = DType::kInvalid;
  std::vector<uint64_t> sizes;
  int64_t low = 0;
  int64_t high = 0;
};

template <typename T>
void PrintElements(const T* elements, size_t count) {
  std::string line;
  char text[17];
  for (size_t i = 0; i < count; ++i) {
    std::snprintf(text, sizeof(text), "%0*" PRIx64,
                  static_cast<int>(2 * sizeof(T)),
                  static_cast<uint64_t>(elements[i]));
    line += text;
  }
  std::puts(line.c_str());
}

bool Execute(const Request& request, const Philox& base, size_t count) {
  using tensorbundle::random::Fill;
  using tensorbundle::random::FillUniform;
  std::vector<uint64_t> buffer(count);
  auto* data = reinterpret_cast<uint8_t*>(buffer.data());
  const size_t size = tensorbundle::DTypeSize(request.dtype);
  if (request.op == "RandomUniformInt" && request.dtype == DType::kInt32) {
    FillUniform(base, static_cast<int32_t>(request.low),
                static_cast<int32_t>(request.high),
                {reinterpret_cast<int32_t*>(data), count});
  } else if (request.op == "RandomUniformInt") {
    FillUniform(base, request.low, request.high,
                {reinterpret_cast<int64_t*>(data), count});
  } else {
    if (!tensorbundle::random::IsRandomReal(request.dtype)) return false;
    const Distribution distribution =
        request.op == "RandomUniform"          ? Distribution::kUniform
        : request.op == "RandomStandardNormal" ? Distribution::kNormal
                                               : Distribution::kTruncatedNormal;
    Fill(distribution, request.dtype, base, MutableBytes(data, count * size));
  }
  if (size == 2) PrintElements(reinterpret_cast<uint16_t*>(data), count);
  if (size == 4) PrintElements(reinterpret_cast<uint32_t*>(data), count);
  if (size == 8) PrintElements(reinterpret_cast<uint64_t*>(data), count);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  char op[32];
  char dtype[32];
  char sizes[256];
  int64_t seed = 0;
  int64_t seed2 = 0;
  int executions = 0;
  for (int argument = 1; argument < argc; ++argument) {
    Request request;
    const int fields = std::sscanf(
        argv[argument],
        "%31s %31s %" SCNd64 " %" SCNd64 " %255s %d %" SCNd64 " %" SCNd64, op,
        dtype, &seed, &seed2, sizes, &executions, &request.low, &request.high);
    if (fields < 6) return 2;
    request.op = op;
    request.dtype = tensorbundle::ParseDType(dtype).value_or(DType::kInvalid);
    for (char* size = std::strtok(sizes, ","); size != nullptr;
         size = std::strtok(nullptr, ",")) {
      request.sizes.push_back(std::strtoull(size, nullptr, 10));
    }
    tensorbundle::random::Generator generator(static_cast<uint64_t>(seed),
                                              static_cast<uint64_t>(seed2));
    for (int i = 0; i < executions; ++i) {
      for (uint64_t size : request.sizes) {
        if (!Execute(request, generator.Reserve(size),
                     static_cast<size_t>(size))) {
          return 2;
        }
      }
    }
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
