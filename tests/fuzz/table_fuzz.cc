// Any bytes as a table: walked over, searched, and never larger in memory than
// Snappy allows.
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/io/memory_source.h"
#include "engine/table/table_iterator.h"
#include "engine/table/table_reader.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

// A hostile table may name one block over and over.
constexpr int kMaxSteps = 2000;

void Walk(const std::string& file) {
  io::MemorySource source("table", AsBytes(file));
  Result<table::TableReader> reader = table::TableReader::Open(&source);
  if (!reader.ok()) {
    Require(!reader.status().message().empty());
    return;
  }
  table::TableIterator it(&*reader);
  std::string key;
  int steps = 0;
  for (it.SeekToFirst(); it.Valid() && steps < kMaxSteps; it.Next()) {
    key.assign(it.key());
    Require(it.value().size() <= file.size() * 32);
    if (++steps % 16 == 0) {
      table::TableIterator search(&*reader);
      const Result<bool> found = search.Find(key);
      if (found.ok()) Require(*found == search.Valid());
      search.Seek(key);
      if (search.Valid()) Require(search.status().ok());
    }
  }
  Require(!it.Valid() || it.status().ok());
}

}  // namespace
}  // namespace tensorbundle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string file(reinterpret_cast<const char*>(data), size);
  tensorbundle::fuzz::Walk(file);
  tensorbundle::fuzz::RepairTable(&file);
  tensorbundle::fuzz::Walk(file);
  return 0;
}
