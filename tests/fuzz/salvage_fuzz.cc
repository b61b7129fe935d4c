// A damaged index of any bytes: what is left of it covers the file, and the
// indexes that are made of it open.
//
//   u8 flags | u16 a bit | index file
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/io/byte_sink.h"
#include "engine/io/memory_source.h"
#include "engine/salvage/block_search.h"
#include "engine/salvage/flipped_bit.h"
#include "engine/salvage/index_salvage.h"
#include "engine/util/crc32c.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::salvage {
namespace {

using fuzz::Require;

constexpr uint8_t kRepair = 1;
constexpr uint8_t kFlip = 2;
constexpr int32_t kShards = 3;

void Flip(size_t bit, std::string* bytes) {
  char& byte = (*bytes)[bit / 8];
  byte = static_cast<char>(byte ^ 1 << bit % 8);
}

bool Opens(const std::string& file) {
  io::MemorySource source("p.index", AsBytes(file));
  return bundle::BundleReader::Open("p", &source).ok();
}

// The keys of the index in `file`, without the header's.
std::vector<std::string> KeysOf(const std::string& file) {
  std::vector<std::string> keys;
  io::MemorySource source("p.index", AsBytes(file));
  auto reader = bundle::BundleReader::Open("p", &source);
  Require(reader.ok());
  bundle::EntryIterator it = reader->NewIterator();
  for (it.SeekAfter(""); it.Valid(); it.Next()) keys.emplace_back(it.key());
  Require(it.status().ok());
  return keys;
}

void CheckBlocks(Bytes file) {
  uint64_t behind = 0;
  for (const table::BlockHandle& block : FindBlocks(file)) {
    Require(block.offset >= behind);
    behind = block.offset + block.size + table::kBlockTrailerSize;
    Require(behind <= file.size());
  }
}

void CheckSalvage(const std::string& file) {
  IndexSalvage salvage(AsBytes(file));
  uint64_t at = 0;
  for (const TablePart& part : salvage.scan().parts) {
    Require(part.offset == at);
    at += part.length;
    if (part.state != PartState::kRepaired) continue;
    Require(part.flipped_bit / 8 >= part.offset && part.flipped_bit / 8 < at);
  }
  Require(at == file.size());

  io::MemorySink rebuilt;
  const Status status = salvage.Rebuild(kShards, &rebuilt);
  Require(status.ok());
  // A header that says what no reader takes is handed on as it is.
  if (salvage.has_header() && !Opens(rebuilt.contents())) return;
  const std::vector<std::string> keys = KeysOf(rebuilt.contents());
  Require(keys.size() == salvage.num_entries());
  Require(salvage.UnverifiedKeys().size() <= keys.size());
  size_t kept = 0;
  for (const std::string& key : keys) {
    if (salvage.Keep(key, static_cast<int64_t>(kept)).ok()) ++kept;
  }
  io::MemorySink finished;
  Require(salvage.Finish(&finished).ok());
  Require(KeysOf(finished.contents()).size() == kept);
}

void CheckFlippedBit(const std::string& file, size_t bit) {
  if (file.empty()) return;
  std::string damaged = file;
  bit %= damaged.size() * 8;
  Flip(bit, &damaged);
  const auto found =
      FindFlippedBit(crc32c::Value(AsBytes(file)),
                     crc32c::Value(AsBytes(damaged)), file.size());
  Require(found.has_value() && *found == bit);
}

}  // namespace
}  // namespace tensorbundle::salvage

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  if (size < 3) return 0;
  const size_t bit = data[1] | size_t{data[2]} << 8;
  std::string file(reinterpret_cast<const char*>(data) + 3, size - 3);
  if ((data[0] & salvage::kRepair) != 0) fuzz::RepairTable(&file);
  salvage::CheckFlippedBit(file, bit);
  if ((data[0] & salvage::kFlip) != 0 && !file.empty()) {
    salvage::Flip(bit % (file.size() * 8), &file);
  }
  salvage::CheckBlocks(AsBytes(file));
  salvage::CheckSalvage(file);
  return 0;
}
