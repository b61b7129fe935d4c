// A bundle of any bytes: opened, listed, searched and read, from memory and
// from a host that hands it over in pieces.
//
//   u16 size of the data file | data file | index file
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/io/host_files.h"
#include "engine/io/memory_source.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

void Read(const std::string& index, const std::string& data) {
  io::MemorySource source("p.index", AsBytes(index));
  Values values;
  const Status status = ReadBundle(&source, data, &values);
  Require(status.code() != Code::kNeedBytes);

  // However the bytes arrive, the same comes of them.
  const std::vector<uint16_t> cuts = {0x0103, 0, 0x2000, 0x0080};
  Values again;
  const Status replayed =
      WithPieces("p.index", index, cuts, [&](io::HostFiles* files) -> Status {
        TB_ASSIGN_OR_RETURN(io::ByteSource * file, files->Open("p.index"));
        return ReadBundle(file, data, &again);
      });
  // Blocks that overlap cost memory only where they come in pieces.
  if (replayed.code() == Code::kResourceExhausted) return;
  Require(replayed.code() == status.code());
  Require(replayed.message() == status.message());
  Require(again.size() == values.size());
  for (const auto& [key, value] : values) {
    const auto found = again.find(key);
    Require(found != again.end() && found->second.bytes == value.bytes);
  }
}

}  // namespace
}  // namespace tensorbundle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  if (size < 2) return 0;
  const size_t data_size =
      std::min<size_t>(data[0] | size_t{data[1]} << 8, size - 2);
  const std::string all(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::string index = all.substr(data_size);
  fuzz::RepairTable(&index);
  fuzz::Read(index, all.substr(0, data_size));
  return 0;
}
