// Reads whole checkpoints, as users of the engine do, and checks on the way
// what the contracts promise of any bytes.
#ifndef TB_TESTS_FUZZ_READING_H_
#define TB_TESTS_FUZZ_READING_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/bundle/entry.h"
#include "engine/io/byte_source.h"
#include "engine/io/host_files.h"
#include "engine/util/status.h"

namespace tensorbundle::fuzz {

// What was read of one key: its bytes (strings one behind the other), or the
// error.
struct Value {
  bundle::Entry entry;
  Status status;
  std::string bytes;
};
using Values = std::map<std::string, Value>;

// Every entry of the bundle of which `index` is the index and `data` the file
// of every shard; partitioned tensors joined. Returns the first error of the
// index itself.
Status ReadBundle(io::ByteSource* index, const std::string& data,
                  Values* values);

// Every tensor of a V1 checkpoint.
Status ReadV1(io::ByteSource* file, Values* values);

// Hands `file` over to an operation in pieces that begin and end where `cuts`
// say, until it needs no more. Returns what the operation returned.
template <typename Operation>
Status WithPieces(std::string_view name, const std::string& file,
                  const std::vector<uint16_t>& cuts, Operation operation);

// Answers one kNeedBytes. False when the need names bytes that do not exist or
// that were supplied before, neither of which may ever happen.
bool Supply(std::string_view name, const std::string& file, uint64_t before,
            uint64_t behind, io::HostFiles* files);

template <typename Operation>
Status WithPieces(std::string_view name, const std::string& file,
                  const std::vector<uint16_t>& cuts, Operation operation) {
  io::HostFiles files;
  for (size_t i = 0;; ++i) {
    const Status status = operation(&files);
    if (status.code() != Code::kNeedBytes) return status;
    const uint64_t before = cuts.empty() ? 0 : cuts[i % cuts.size()] & 0xff;
    const uint64_t behind = cuts.empty() ? 0 : cuts[i % cuts.size()] >> 8;
    if (!Supply(name, file, before, behind, &files)) __builtin_trap();
  }
}

}  // namespace tensorbundle::fuzz

#endif  // TB_TESTS_FUZZ_READING_H_
