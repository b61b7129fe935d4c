// Blocks are found by their checksums, wherever they lie.
#include "engine/salvage/block_search.h"

#include <gtest/gtest.h>

#include "tests/engine/salvage/table_facts.h"

namespace tensorbundle::salvage {
namespace {

using table::BlockHandle;

std::vector<BlockHandle> Find(const std::string& file) {
  return FindBlocks(AsBytes(file));
}

TEST(BlockSearch, FindsEveryBlockOfATable) {
  const std::string file = WriteTable(SomeEntries(60), 300);
  const std::vector<BlockHandle> blocks = Find(file);
  ASSERT_GT(blocks.size(), 5u);
  uint64_t at = 0;
  for (const BlockHandle& block : blocks) {
    EXPECT_EQ(block.offset, at);
    at = block.offset + block.size + table::kBlockTrailerSize;
  }
  EXPECT_EQ(at + table::kFooterSize, file.size());
}

TEST(BlockSearch, FindsThemBehindBytesOfAnyKind) {
  const std::string file = WriteTable(SomeEntries(60), 300);
  // The metaindex block is empty: only its neighbour tells where it begins.
  const size_t blocks = Find(file).size();
  for (const std::string& front :
       {std::string(1, '\0'), std::string(77, '\0'), std::string(100, 'x'),
        file.substr(1, 200)}) {
    const auto found = Find(front + file);
    ASSERT_EQ(found.size(), blocks) << front.size();
    EXPECT_EQ(found.front().offset, front.size());
  }
}

TEST(BlockSearch, LeavesOutDamagedBlocksAlone) {
  const std::string file = WriteTable(SomeEntries(60), 300);
  const auto all = Find(file);
  for (size_t i = 0; i + 3 < all.size(); ++i) {
    std::string damaged = file;
    damaged.replace(all[i].offset + 20, 10, "0123456789");
    auto expected = all;
    expected.erase(expected.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_EQ(Find(damaged), expected) << i;
  }
}

TEST(BlockSearch, FindsNothingInNothing) {
  EXPECT_TRUE(Find("").empty());
  EXPECT_TRUE(Find(std::string(5000, '\0')).empty());
  std::string noise;
  uint32_t x = 1;
  for (int i = 0; i < 50000; ++i) {
    x = x * 1664525 + 1013904223;
    noise += static_cast<char>(x >> 24);
  }
  EXPECT_TRUE(Find(noise).empty());
}

TEST(BlockSearch, AWalkEndsWhereKeysDoNotGrow) {
  const std::string bytes("\0\1\1a1\0\1\1b2\0\1\1b3", 15);
  std::string keys;
  EXPECT_EQ(WalkEntries(AsBytes(bytes),
                        [&](std::string_view key, Bytes) { keys += key; }),
            10u);
  EXPECT_EQ(keys, "ab");
}

}  // namespace
}  // namespace tensorbundle::salvage
