// P.index and P.data-SSSSS-of-NNNNN (engine/docs/bundle-format.md, "Files").
#include "engine/bundle/names.h"

#include <gtest/gtest.h>

namespace tensorbundle::bundle {
namespace {

TEST(Names, OfTheFilesOfABundle) {
  EXPECT_EQ(IndexFileName("/d/model.ckpt-1000"), "/d/model.ckpt-1000.index");
  EXPECT_EQ(DataFileName("model.ckpt", 0, 1), "model.ckpt.data-00000-of-00001");
  EXPECT_EQ(DataFileName("", 12, 345678), ".data-00012-of-345678");
  EXPECT_EQ(DataFileName("p", -1, INT32_MIN), "p.data--0001-of--2147483648");
}

TEST(Names, ParseBack) {
  const auto index = ParseFileName("dir/p.index");
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->prefix, "dir/p");
  EXPECT_EQ(index->shard, -1);
  const auto data = ParseFileName("p.data-1.data-00003-of-123456");
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->prefix, "p.data-1");
  EXPECT_EQ(data->shard, 3);
  EXPECT_EQ(data->num_shards, 123456);
  EXPECT_EQ(ParseFileName(".index")->prefix, "");
}

TEST(Names, OtherFilesAreNotOfABundle) {
  for (const char* name :
       {"", "model.ckpt", "index", "p.index2", "p.data-0-of-1",
        "p.data-00000-of-00001.tempstate123", "p.data-000000-of-000001",
        "p.data-00000-of-99999999999", "p.data-0000x-of-00001", "p.data-"}) {
    EXPECT_FALSE(ParseFileName(name).has_value()) << name;
  }
}

TEST(Names, SliceKeysBeginWithAZeroByte) {
  EXPECT_TRUE(IsSliceKey(std::string_view("\0w", 2)));
  EXPECT_FALSE(IsSliceKey("w"));
  EXPECT_FALSE(IsSliceKey(kHeaderKey));
}

}  // namespace
}  // namespace tensorbundle::bundle
