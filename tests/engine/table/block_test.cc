// Entries share the front of their keys with the entry before; every 16th
// spells its key out (engine/docs/table-format.md, "Blocks").
#include "engine/table/block.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/table/block_builder.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::table {
namespace {

using testing::FromHex;
using testing::ToHex;
using Model = std::map<std::string, std::string>;

std::string Build(const Model& model, int restart_interval) {
  BlockBuilder builder(restart_interval);
  for (const auto& [key, value] : model) builder.Add(key, AsBytes(value));
  return std::string(AsString(builder.Finish()));
}

// Short keys over few letters, so that fronts are shared.
Model RandomModel(std::mt19937* random, size_t size) {
  Model model;
  while (model.size() < size) {
    std::string key;
    for (size_t n = (*random)() % 8; n > 0; --n) {
      key += "ab\xff"[(*random)() % 3];
    }
    if (model.count(key) > 0 && (*random)() % 2 == 0) key += key + "a";
    model[key] = std::string((*random)() % 5, 'v');
  }
  return model;
}

TEST(BlockBuilder, AnEmptyBlockHasOneRestart) {
  BlockBuilder builder(16);
  EXPECT_TRUE(builder.empty());
  EXPECT_EQ(builder.SizeEstimate(), 8u);
  EXPECT_EQ(ToHex(builder.Finish()), "0000000001000000");
}

TEST(BlockBuilder, SharesTheFrontOfTheKeyBefore) {
  EXPECT_EQ(ToHex(Build({{"Variable", "x"}, {"Variable_1", "yz"}}, 16)),
            ToHex(FromHex("00 08 01 56 61 72 69 61 62 6c 65 78"
                          "08 02 02 5f 31 79 7a"
                          "00 00 00 00 01 00 00 00")));
}

TEST(BlockBuilder, RestartsAfterAsManyEntries) {
  Model model;
  for (char c = 'a'; c < 'a' + 5; ++c) model[std::string("k") + c] = "";
  EXPECT_EQ(ToHex(Build(model, 2)),
            ToHex(FromHex("00 02 00 6b 61  01 01 00 62"
                          "00 02 00 6b 63  01 01 00 64"
                          "00 02 00 6b 65"
                          "00 00 00 00  09 00 00 00  12 00 00 00"
                          "03 00 00 00")));
}

TEST(BlockBuilder, TheEstimateIsTheSize) {
  BlockBuilder builder(2);
  for (int i = 0; i < 5; ++i) {
    builder.Add(std::to_string(i), AsBytes("value"));
  }
  const size_t estimate = builder.SizeEstimate();
  EXPECT_EQ(builder.Finish().size(), estimate);
  builder.Reset();
  EXPECT_TRUE(builder.empty());
  EXPECT_EQ(ToHex(builder.Finish()), "0000000001000000");
}

TEST(BlockIterator, AgreesWithAMap) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const Model model = RandomModel(&random, random() % 60);
    const int interval = 1 + static_cast<int>(random() % 18);
    const std::string block = Build(model, interval);
    BlockIterator it;
    ASSERT_TRUE(it.Reset(AsBytes(block)).ok());
    auto expected = model.begin();
    for (it.SeekToFirst(); it.Valid(); it.Next(), ++expected) {
      ASSERT_NE(expected, model.end());
      ASSERT_EQ(it.key(), expected->first);
      ASSERT_EQ(AsString(it.value()), expected->second);
    }
    ASSERT_EQ(expected, model.end());
    ASSERT_TRUE(it.status().ok());
    for (const auto& [target, value] : RandomModel(&random, 20)) {
      it.Seek(target);
      const auto found = model.lower_bound(target);
      ASSERT_EQ(it.Valid(), found != model.end());
      if (it.Valid()) ASSERT_EQ(it.key(), found->first);
    }
  }
}

TEST(BlockIterator, RefusesATailThatCannotBeRight) {
  for (const char* hex : {"", "00", "000000", "01000000", "0000000002000000",
                          "00000000ffffffff"}) {
    const std::string block = FromHex(hex);
    BlockIterator it;
    const Status status = it.Reset(AsBytes(block));
    EXPECT_EQ(status.code(), Code::kDataLoss) << hex;
    EXPECT_EQ(status.message(), "bad block contents") << hex;
    it.SeekToFirst();
    EXPECT_FALSE(it.Valid());
  }
}

TEST(BlockIterator, WithoutRestartsThereAreNoEntries) {
  for (const char* hex : {"00000000", "00 01 00 61 00000000"}) {
    const std::string block = FromHex(hex);
    BlockIterator it;
    ASSERT_TRUE(it.Reset(AsBytes(block)).ok());
    it.SeekToFirst();
    EXPECT_FALSE(it.Valid());
    it.Seek("a");
    EXPECT_FALSE(it.Valid());
    EXPECT_TRUE(it.status().ok());
  }
}

TEST(BlockIterator, StopsAtAnEntryThatCannotBeRead) {
  const char* const entries[] = {
      "01 01 00 61",           // shares a byte that no key had
      "00 05 00 61",           // a key beyond the end
      "00 01 05 61",           // a value beyond the end
      "00 ffffffff0f 01 61",   // sizes whose sum wraps in 32 bits
      "00 01",                 // no value size
      "80 80 80 80 80 80 01",  // an endless varint
  };
  for (const char* hex : entries) {
    const std::string block = FromHex(hex) + FromHex("00000000 01000000");
    BlockIterator it;
    ASSERT_TRUE(it.Reset(AsBytes(block)).ok());
    it.SeekToFirst();
    EXPECT_FALSE(it.Valid()) << hex;
    EXPECT_EQ(it.status().message(), "bad entry in block") << hex;
    it.Seek("zzz");
    EXPECT_FALSE(it.Valid()) << hex;
    EXPECT_EQ(it.status().code(), Code::kDataLoss) << hex;
  }
}

TEST(BlockIterator, SurvivesEveryFlippedBit) {
  Model model;
  for (int i = 0; i < 20; ++i) model["key" + std::to_string(i)] = "value";
  const std::string good = Build(model, 4);
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string block = good;
    block[bit / 8] = static_cast<char>(block[bit / 8] ^ 1 << bit % 8);
    BlockIterator it;
    if (!it.Reset(AsBytes(block)).ok()) continue;
    size_t count = 0;
    for (it.SeekToFirst(); it.Valid(); it.Next()) ++count;
    ASSERT_LE(count, good.size());
    for (const auto& [key, value] : model) it.Seek(key);
  }
}

}  // namespace
}  // namespace tensorbundle::table
