// data blocks, an empty metaindex block, an index block, a footer of 48 bytes
// (engine/docs/table-format.md, "The file").
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "engine/io/host_files.h"
#include "engine/io/memory_source.h"
#include "engine/table/table_builder.h"
#include "engine/table/table_iterator.h"
#include "engine/table/table_reader.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::table {
namespace {

using testing::FromHex;
using testing::ToHex;
using Model = std::map<std::string, std::string>;

std::string Build(const Model& model, const TableBuilderOptions& options = {}) {
  io::MemorySink sink;
  TableBuilder builder(&sink, options);
  for (const auto& [key, value] : model) {
    EXPECT_TRUE(builder.Add(key, AsBytes(value)).ok());
  }
  EXPECT_TRUE(builder.Finish().ok());
  return sink.TakeContents();
}

// All that iteration gives, and the status that it ends with.
Status ReadAll(io::ByteSource* source, Model* model) {
  model->clear();
  TB_ASSIGN_OR_RETURN(TableReader table, TableReader::Open(source));
  TableIterator it(&table);
  for (it.SeekToFirst(); it.Valid(); it.Next()) {
    model->emplace(it.key(), AsString(it.value()));
  }
  return it.status();
}

Status ReadAll(const std::string& file, Model* model) {
  io::MemorySource source("t", AsBytes(file));
  return ReadAll(&source, model);
}

Model LayerModel() {
  Model model = {{"", "header"}};
  for (char c = '0'; c < '4'; ++c) {
    model[std::string("layer0") + c + "/kernel"] = std::string(20, 'v');
  }
  return model;
}

std::vector<std::string> IndexKeys(const std::string& file) {
  io::MemorySource source("t", AsBytes(file));
  Result<TableReader> table = TableReader::Open(&source);
  std::string storage;
  BlockIterator it;
  EXPECT_TRUE(
      it.Reset(table->ReadBlock(table->footer().index, &storage).value()).ok());
  std::vector<std::string> keys;
  for (it.SeekToFirst(); it.Valid(); it.Next()) keys.emplace_back(it.key());
  return keys;
}

TEST(TableBuilder, TheSeparatorIsTheShortestThatTensorFlowFinds) {
  EXPECT_EQ(ShortestSeparator("abcdef", "abzz"), "abd");
  EXPECT_EQ(ShortestSeparator("layer01/kernel", "layer02/kernel"),
            "layer01/kernel");
  EXPECT_EQ(ShortestSeparator("ab", "abc"), "ab");
  EXPECT_EQ(ShortestSeparator("abc", "ab"), "abc");
  EXPECT_EQ(ShortestSeparator("", "a"), "");
  EXPECT_EQ(ShortestSeparator("a\x7f"
                              "1",
                              "a\xf0"),
            "a\x80");
  EXPECT_EQ(ShortestSeparator("a\xff"
                              "1",
                              "b"),
            "a\xff"
            "1");
}

TEST(TableBuilder, TheSuccessorCutsBehindAnIncrementedByte) {
  EXPECT_EQ(ShortSuccessor("Variable_1"), "W");
  EXPECT_EQ(ShortSuccessor(""), "");
  EXPECT_EQ(ShortSuccessor("\xff\xff"), "\xff\xff");
  EXPECT_EQ(ShortSuccessor("\xff"
                           "ab"),
            "\xff"
            "b");
  EXPECT_EQ(ShortSuccessor(std::string("\0\x77", 2)), "\x01");
}

TEST(TableBuilder, AnEmptyTable) {
  EXPECT_EQ(ToHex(Build({})),
            ToHex(FromHex("00000000 01000000 00 c0f2a1b0"
                          "00000000 01000000 00 c0f2a1b0"
                          "00 08 0d 08") +
                  std::string(36, '\0') + FromHex("57fb808b 247547db")));
}

TEST(TableBuilder, SmallBlocksHaveTheIndexKeysOfTheSpecification) {
  const std::string file = Build(LayerModel(), {.block_size = 64});
  EXPECT_EQ(IndexKeys(file), (std::vector<std::string>{"layer01/kernel", "m"}));
}

TEST(TableBuilder, ALargeEntryStandsAlone) {
  const Model model = {
      {"a", "1"}, {"b", std::string(200, 'v')}, {"c", "2"}, {"d", "3"}};
  const std::string file = Build(model, {.block_size = 100});
  EXPECT_EQ(IndexKeys(file), (std::vector<std::string>{"a", "b", "e"}));
  // One byte less than twice the block size stays with the entries before.
  const Model smaller = {{"a", "1"}, {"b", std::string(198, 'v')}, {"c", "2"}};
  EXPECT_EQ(IndexKeys(Build(smaller, {.block_size = 100})),
            (std::vector<std::string>{"b", "d"}));
}

TEST(TableBuilder, RefusesKeysOutOfOrder) {
  io::MemorySink sink;
  TableBuilder builder(&sink);
  ASSERT_TRUE(builder.Add("b", Bytes()).ok());
  EXPECT_EQ(builder.Add("b", Bytes()).code(), Code::kInvalidArgument);
  EXPECT_EQ(builder.Add("a", Bytes()).code(), Code::kInvalidArgument);
  EXPECT_TRUE(builder.Add("b\x80", Bytes()).ok());
}

TEST(Table, AgreesWithAMap) {
  std::mt19937 random(1);
  for (int round = 0; round < 150; ++round) {
    Model model;
    for (size_t n = random() % 120; n > 0; --n) {
      std::string key;
      for (size_t k = random() % 9; k > 0; --k) key += "ab\xff\0"[random() % 4];
      model[key] = std::string(random() % 300, static_cast<char>(random()));
    }
    const TableBuilderOptions options = {
        .block_size = size_t{32} << random() % 8,
        .restart_interval = 1 + static_cast<int>(random() % 17)};
    const std::string file = Build(model, options);
    Model read;
    ASSERT_TRUE(ReadAll(file, &read).ok());
    ASSERT_EQ(read, model);

    io::MemorySource source("t", AsBytes(file));
    Result<TableReader> table = TableReader::Open(&source);
    ASSERT_TRUE(table.ok());
    TableIterator it(&*table);
    for (int probe = 0; probe < 30; ++probe) {
      std::string target;
      for (size_t k = random() % 9; k > 0; --k) {
        target += "ab\xff\0"[random() % 4];
      }
      it.Seek(target);
      const auto found = model.lower_bound(target);
      ASSERT_EQ(it.Valid(), found != model.end());
      if (it.Valid()) ASSERT_EQ(it.key(), found->first);
      ASSERT_EQ(it.Find(target).value(), model.count(target) == 1);
      ASSERT_EQ(it.Valid(), model.count(target) == 1);
    }
  }
}

TEST(TableReader, NamesWhatIsWrongWithTheFooter) {
  const std::string good = Build(LayerModel());
  Model model;
  Status status = ReadAll(good.substr(0, 47), &model);
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(), "file is too short to be an sstable");
  EXPECT_EQ(status.location().file, "t");
  status = ReadAll(good.substr(0, good.size() - 1), &model);
  EXPECT_EQ(status.message(), "not an sstable (bad magic number)");
  EXPECT_EQ(status.location().offset, good.size() - 1 - kFooterSize);
  std::string bad = good;
  for (size_t i = 0; i < 12; ++i) bad[bad.size() - kFooterSize + i] = '\xff';
  EXPECT_EQ(ReadAll(bad, &model).message(), "bad block handle");
}

TEST(TableReader, AnIndexBlockBeyondTheEndIsOutOfRange) {
  std::string file = std::string(40, '\0') + FromHex("57fb808b247547db");
  file[2] = '\x7f';
  Model model;
  const Status status = ReadAll(file, &model);
  EXPECT_EQ(status.code(), Code::kOutOfRange);
  EXPECT_EQ(status.message(), "Read less bytes than requested");
}

TEST(TableIterator, StopsAtADamagedBlockAndSaysWhere) {
  const std::string good = Build(LayerModel(), {.block_size = 64});
  std::string bad = good;
  bad[3] ^= 1;
  Model model;
  Status status = ReadAll(bad, &model);
  EXPECT_TRUE(model.empty());
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(), "block checksum mismatch");
  EXPECT_EQ(status.location().file, "t");
  EXPECT_EQ(status.location().offset, 0u);

  bad = good;
  bad[bad.find("layer02")] ^= 1;
  status = ReadAll(bad, &model);
  EXPECT_GE(model.size(), 2u);
  EXPECT_EQ(status.message(), "block checksum mismatch");
  EXPECT_GT(status.location().offset, 0u);
  EXPECT_GT(status.location().length, 5u);
}

TEST(TableIterator, FindsAKeyOfAnIntactBlockBesideADamagedOne) {
  std::string file = Build(LayerModel(), {.block_size = 64});
  file[3] ^= 1;
  io::MemorySource source("t", AsBytes(file));
  Result<TableReader> table = TableReader::Open(&source);
  ASSERT_TRUE(table.ok());
  TableIterator it(&*table);
  EXPECT_TRUE(it.Find("layer03/kernel").value());
  EXPECT_FALSE(it.Find("layer09").value());
  EXPECT_EQ(it.Find("layer00/kernel").status().code(), Code::kDataLoss);
  EXPECT_TRUE(it.Find("layer03/kernel").value());
}

// Feeds `file` in pieces of at most `limit` bytes, operation replayed each
// time; counts the replays.
Status Replay(const std::string& file, uint64_t limit, Model* model,
              size_t* steps) {
  io::HostFiles files;
  files.AddFile("t", file.size());
  for (*steps = 1;; ++*steps) {
    const Status status = ReadAll(files.Open("t").value(), model);
    if (status.code() != Code::kNeedBytes) return status;
    const io::Need need = files.need();
    const uint64_t length = std::min(need.length, limit);
    uint8_t* memory = files.Reserve("t", need.offset, length).value();
    file.copy(reinterpret_cast<char*>(memory), static_cast<size_t>(length),
              static_cast<size_t>(need.offset));
    EXPECT_TRUE(files.Commit("t", need.offset, length).ok());
  }
}

TEST(Table, ReplayGivesTheSameInAnyPieces) {
  const Model model = LayerModel();
  const std::string file = Build(model, {.block_size = 64});
  Model read;
  size_t steps = 0;
  // Footer, index block, two data blocks, and the pass that succeeds.
  EXPECT_TRUE(Replay(file, UINT64_MAX, &read, &steps).ok());
  EXPECT_EQ(read, model);
  EXPECT_EQ(steps, 5u);
  EXPECT_TRUE(Replay(file, 1, &read, &steps).ok());
  EXPECT_EQ(read, model);
  EXPECT_LE(steps, file.size() + 1);
}

TEST(Table, EveryTruncationIsAnError) {
  const std::string file = Build(LayerModel(), {.block_size = 64});
  Model model;
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(ReadAll(file.substr(0, size), &model).ok()) << size;
  }
}

TEST(Table, EveryFlippedBitIsAnErrorOrHarmless) {
  const Model model = LayerModel();
  const std::string file = Build(model, {.block_size = 64});
  size_t harmless = 0;
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    std::string bad = file;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    Model read;
    if (!ReadAll(bad, &read).ok()) continue;
    ++harmless;
    ASSERT_EQ(read, model) << "bit " << bit % 8 << " of byte " << bit / 8;
  }
  // The metaindex block with its trailer, its handle and the padding.
  EXPECT_LE(harmless, (13 + 40) * 8u);
}

}  // namespace
}  // namespace tensorbundle::table
