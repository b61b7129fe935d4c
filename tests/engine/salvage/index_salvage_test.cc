// The index that is rebuilt opens and has every entry; the one that is kept
// has those that were asked for, and is what a writer would have written.
#include "engine/salvage/index_salvage.h"

#include <gtest/gtest.h>

#include "engine/bundle/bundle_reader.h"
#include "engine/io/memory_source.h"
#include "tests/engine/salvage/table_facts.h"

namespace tensorbundle::salvage {
namespace {

std::string SerializedEntry(int64_t offset) {
  bundle::Entry entry;
  entry.dtype = DType::kFloat;
  entry.shape = Shape::Of({2});
  entry.offset = offset;
  entry.size = 8;
  entry.crc32c = 12345;
  return bundle::SerializeEntry(entry);
}

std::string ThreeTensors(bool with_header = true) {
  Entries entries = {{"a", SerializedEntry(0)},
                     {"b", SerializedEntry(8)},
                     {"c", SerializedEntry(16)}};
  bundle::Header header;
  header.num_shards = 3;
  header.producer = 1;
  if (with_header) entries[""] = bundle::SerializeHeader(header);
  return WriteTable(entries, 262144);
}

std::string Rebuilt(IndexSalvage* salvage, int32_t num_shards) {
  io::MemorySink sink;
  EXPECT_TRUE(salvage->Rebuild(num_shards, &sink).ok());
  return sink.contents();
}

TEST(IndexSalvage, RebuildsWhatATruncationLeft) {
  const std::string file = ThreeTensors();
  IndexSalvage salvage(AsBytes(file.substr(0, file.size() - 60)));
  EXPECT_TRUE(salvage.has_header());
  EXPECT_EQ(salvage.header().num_shards, 3);
  EXPECT_EQ(salvage.num_entries(), 3u);
  EXPECT_TRUE(salvage.UnverifiedKeys().empty());
  EXPECT_EQ(Rebuilt(&salvage, 1), file);
}

TEST(IndexSalvage, MakesUpAHeaderThatIsLost) {
  IndexSalvage salvage(AsBytes(ThreeTensors(false)));
  EXPECT_FALSE(salvage.has_header());
  const std::string index = Rebuilt(&salvage, 3);
  EXPECT_EQ(index, ThreeTensors());
}

TEST(IndexSalvage, KeepsTheTensorsThatAreWhole) {
  IndexSalvage salvage(AsBytes(ThreeTensors()));
  EXPECT_TRUE(salvage.Keep("c", 0).ok());
  EXPECT_TRUE(salvage.Keep("a", 8).ok());
  EXPECT_EQ(salvage.Keep("x", 0).code(), Code::kNotFound);
  io::MemorySink sink;
  ASSERT_TRUE(salvage.Finish(&sink).ok());
  io::MemorySource source("m.index", AsBytes(sink.contents()));
  Result<bundle::BundleReader> reader =
      bundle::BundleReader::Open("m", &source);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->header().num_shards, 1);
  EXPECT_EQ(reader->Find("a")->offset, 8);
  EXPECT_EQ(reader->Find("a")->crc32c, 12345u);
  EXPECT_EQ(reader->Find("c")->offset, 0);
  EXPECT_EQ(reader->Find("b").status().code(), Code::kNotFound);
}

TEST(IndexSalvage, OfNothingIsEmpty) {
  IndexSalvage salvage(AsBytes(std::string()));
  EXPECT_EQ(salvage.num_entries(), 0u);
  EXPECT_FALSE(salvage.has_header());
}

TEST(IndexSalvage, EntriesOfADamagedBlockAreNamed) {
  std::string file = ThreeTensors();
  // Two bits of the last entry's checksum.
  const size_t at = file.find(std::string("c", 1)) + 10;
  file[at] = static_cast<char>(file[at] ^ 3);
  IndexSalvage salvage(AsBytes(file));
  EXPECT_EQ(salvage.UnverifiedKeys(),
            (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace tensorbundle::salvage
