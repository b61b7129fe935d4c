// What a damaged index still says, for JavaScript.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>

#include "bindings/embind/convert.h"
#include "bindings/embind/json.h"
#include "engine/salvage/flipped_bit.h"
#include "engine/salvage/index_salvage.h"
#include "engine/util/crc32c.h"

namespace tensorbundle::embind {
namespace {

class SalvageHandle {
 public:
  // The bytes are needed for this call alone.
  SalvageHandle(uintptr_t address, uint32_t size)
      : salvage_(Bytes(reinterpret_cast<const uint8_t*>(address), size)) {}

  // {"hasHeader", "bigEndian", "entries", "intact", "cut",
  //  "parts": [[offset, length, kind, state, entries, flippedBit], ...]}
  std::string Describe() const {
    const salvage::TableScan& scan = salvage_.scan();
    Json json;
    json.Object();
    json.Key("hasHeader").Bool(salvage_.has_header());
    json.Key("bigEndian").Bool(salvage_.header().big_endian);
    json.Key("entries").Number(static_cast<double>(salvage_.num_entries()));
    json.Key("intact").Bool(scan.intact());
    json.Key("cut").Bool(scan.cut());
    json.Key("parts").Array();
    for (const salvage::TablePart& part : scan.parts) {
      json.Array();
      json.Number(static_cast<double>(part.offset));
      json.Number(static_cast<double>(part.length));
      json.Number(static_cast<int>(part.kind));
      json.Number(static_cast<int>(part.state));
      json.Number(static_cast<double>(part.entries));
      json.Number(static_cast<double>(part.flipped_bit));
      json.End();
    }
    json.End();
    json.End();
    return json.Take();
  }

  // Packed; see PackStrings().
  void ListUnverified() {
    const std::vector<uint8_t> packed = PackStrings(salvage_.UnverifiedKeys());
    sink_.TakeContents();
    static_cast<void>(sink_.Append(packed));
  }

  int Rebuild(int num_shards) {
    sink_.TakeContents();
    return Report(salvage_.Rebuild(num_shards, &sink_));
  }
  int Keep(const std::string& key, double offset) {
    return Report(salvage_.Keep(key, static_cast<int64_t>(offset)));
  }
  int Finish() {
    sink_.TakeContents();
    return Report(salvage_.Finish(&sink_));
  }

  // What the last of the calls above made.
  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(sink_.contents().data());
  }
  uint32_t size() const {
    return static_cast<uint32_t>(sink_.contents().size());
  }

 private:
  salvage::IndexSalvage salvage_;
  io::MemorySink sink_;
};

// The one wrong bit of bytes whose checksum should be `masked`; -1 for none.
double FlippedBit(uint32_t masked, uint32_t computed, double size) {
  const auto bit = salvage::FindFlippedBit(crc32c::Unmask(masked), computed,
                                           static_cast<uint64_t>(size));
  return bit ? static_cast<double>(*bit) : -1;
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_index_salvage) {
  emscripten::class_<SalvageHandle>("IndexSalvage")
      .constructor<uintptr_t, uint32_t>()
      .function("describe", &SalvageHandle::Describe)
      .function("listUnverified", &SalvageHandle::ListUnverified)
      .function("rebuild", &SalvageHandle::Rebuild)
      .function("keep", &SalvageHandle::Keep)
      .function("finish", &SalvageHandle::Finish)
      .function("address", &SalvageHandle::address)
      .function("size", &SalvageHandle::size);
  emscripten::function("flippedBit", &FlippedBit);
}

}  // namespace tensorbundle::embind
