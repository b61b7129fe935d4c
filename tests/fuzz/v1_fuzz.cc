// A V1 checkpoint of any bytes: opened, listed, every tensor read; from memory
// and in pieces.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/io/host_files.h"
#include "engine/io/memory_source.h"
#include "tests/fuzz/reading.h"
#include "tests/fuzz/repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  std::string file(reinterpret_cast<const char*>(data), size);
  fuzz::RepairTable(&file);
  io::MemorySource source("p", AsBytes(file));
  fuzz::Values values;
  const Status status = fuzz::ReadV1(&source, &values);
  fuzz::Require(status.code() != Code::kNeedBytes);

  const std::vector<uint16_t> cuts = {0x0400, 0x0010, 0};
  fuzz::Values again;
  const Status replayed =
      fuzz::WithPieces("p", file, cuts, [&](io::HostFiles* files) -> Status {
        TB_ASSIGN_OR_RETURN(io::ByteSource * host, files->Open("p"));
        return fuzz::ReadV1(host, &again);
      });
  // Blocks that overlap cost memory only where they come in pieces.
  if (replayed.code() == Code::kResourceExhausted) return 0;
  fuzz::Require(replayed.code() == status.code());
  fuzz::Require(again.size() == values.size());
  for (const auto& [name, value] : values) {
    const auto found = again.find(name);
    fuzz::Require(found != again.end() && found->second.bytes == value.bytes);
  }
  return 0;
}
