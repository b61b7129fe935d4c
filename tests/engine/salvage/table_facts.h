// A table of several blocks, and ways to damage it.
#ifndef TB_TESTS_SALVAGE_TABLE_FACTS_H_
#define TB_TESTS_SALVAGE_TABLE_FACTS_H_

#include <map>
#include <string>

#include "engine/io/byte_sink.h"
#include "engine/table/table_builder.h"
#include "engine/util/bytes.h"

namespace tensorbundle::salvage {

using Entries = std::map<std::string, std::string>;

// Values of a message's form: a tag, then a size.
inline Entries SomeEntries(int count) {
  Entries entries = {{"", std::string("\x08\x01\x1a\x02\x08\x01", 6)}};
  for (int i = 0; i < count; ++i) {
    const std::string name = "layer_" + std::to_string(1000 + i) + "/kernel";
    entries[name] = std::string("\x08\x01\x12\x00\x28", 5) +
                    static_cast<char>(i % 100 + 1) + std::string("\x35", 1) +
                    std::string(4, static_cast<char>(i * 37));
  }
  return entries;
}

inline std::string WriteTable(const Entries& entries, size_t block_size) {
  io::MemorySink sink;
  table::TableBuilderOptions options;
  options.block_size = block_size;
  table::TableBuilder builder(&sink, options);
  for (const auto& [key, value] : entries) {
    static_cast<void>(builder.Add(key, AsBytes(value)));
  }
  static_cast<void>(builder.Finish());
  return sink.contents();
}

inline std::string Flipped(std::string file, size_t bit) {
  file[bit / 8] = static_cast<char>(file[bit / 8] ^ 1 << bit % 8);
  return file;
}

}  // namespace tensorbundle::salvage

#endif  // TB_TESTS_SALVAGE_TABLE_FACTS_H_
