// Blocks may be compressed, each for itself (engine/docs/table-format.md,
// "Compression").
#include "engine/table/compression.h"

#include <gtest/gtest.h>

#include "engine/io/memory_source.h"
#include "engine/table/block_builder.h"
#include "engine/table/table_iterator.h"
#include "engine/table/table_reader.h"
#include "tests/engine/table/snappy_encode.h"

namespace tensorbundle::table {
namespace {

TEST(Compression, StoredBlocksAreBorrowedAndOthersExpanded) {
  std::string storage = "left over";
  const std::string contents(1000, 'x');
  const Result<Bytes> plain =
      Uncompress({AsBytes(contents), kUncompressed}, &storage);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(AsString(*plain).data(), contents.data());
  const std::string compressed = SnappyCompress(contents);
  const Result<Bytes> expanded =
      Uncompress({AsBytes(compressed), kSnappy}, &storage);
  ASSERT_TRUE(expanded.ok());
  EXPECT_EQ(AsString(*expanded), contents);
}

TEST(Compression, WrongBlocksHaveTensorFlowsSentences) {
  std::string storage;
  EXPECT_EQ(Uncompress({AsBytes("abc"), 2}, &storage).status().ToString(),
            "Data loss: bad block type");
  const std::string cut = SnappyCompress(std::string(1000, 'x')).substr(0, 9);
  for (const std::string& bad : {std::string(), std::string("\xff"), cut}) {
    EXPECT_EQ(Uncompress({AsBytes(bad), kSnappy}, &storage).status().ToString(),
              "Data loss: corrupted compressed block contents");
  }
}

TEST(Compression, AClaimOfFourGigabytesIsRefusedUnallocated) {
  std::string storage;
  const std::string bomb("\xff\xff\xff\xff\x0f\x00x", 7);
  EXPECT_EQ(Uncompress({AsBytes(bomb), kSnappy}, &storage).status().code(),
            Code::kDataLoss);
  EXPECT_LT(storage.capacity(), 1000u);
}

// A table with one data block; each block is compressed when its bit is set.
std::string Table(bool compress_data, bool compress_index) {
  std::string file;
  const auto append = [&](Bytes contents, bool compress) {
    const std::string compressed = SnappyCompress(AsString(contents));
    const Bytes stored = compress ? AsBytes(compressed) : contents;
    const BlockHandle handle = {file.size(), stored.size()};
    file += AsString(stored);
    AppendBlockTrailer(stored, compress ? kSnappy : kUncompressed, &file);
    return handle;
  };
  BlockBuilder data(kRestartInterval);
  for (char c = 'a'; c <= 'z'; ++c) {
    data.Add(std::string(20, c), AsBytes(std::string(50, c)));
  }
  const BlockHandle data_handle = append(data.Finish(), compress_data);
  Footer footer;
  footer.metaindex = append(BlockBuilder(1).Finish(), false);
  BlockBuilder index(1);
  std::string value;
  data_handle.AppendTo(&value);
  index.Add("{", AsBytes(value));
  footer.index = append(index.Finish(), compress_index);
  footer.AppendTo(&file);
  return file;
}

TEST(Compression, TablesReadTheSameWhateverIsCompressed) {
  for (const bool data : {false, true}) {
    for (const bool index : {false, true}) {
      const std::string file = Table(data, index);
      io::MemorySource source("t", AsBytes(file));
      Result<TableReader> table = TableReader::Open(&source);
      ASSERT_TRUE(table.ok()) << table.status().ToString();
      TableIterator it(&*table);
      char expected = 'a';
      for (it.SeekToFirst(); it.Valid(); it.Next(), ++expected) {
        EXPECT_EQ(it.key(), std::string(20, expected));
        EXPECT_EQ(AsString(it.value()), std::string(50, expected));
      }
      EXPECT_TRUE(it.status().ok());
      EXPECT_EQ(expected, '{');
      EXPECT_TRUE(*it.Find(std::string(20, 'm')));
    }
  }
  EXPECT_LT(Table(true, false).size(), Table(false, false).size());
}

TEST(Compression, DamageToACompressedBlockIsFoundByItsChecksum) {
  std::string file = Table(true, false);
  file[10] ^= 1;
  io::MemorySource source("t", AsBytes(file));
  Result<TableReader> table = TableReader::Open(&source);
  ASSERT_TRUE(table.ok());
  TableIterator it(&*table);
  it.SeekToFirst();
  EXPECT_FALSE(it.Valid());
  EXPECT_EQ(it.status().ToString(), "Data loss: block checksum mismatch");
}

}  // namespace
}  // namespace tensorbundle::table
