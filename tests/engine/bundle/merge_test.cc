// Merged bundles are those of TensorFlow's MergeBundles, but for its bug.
#include "engine/bundle/merge.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/io/memory_source.h"
#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::Iota;
using testing::ToHex;

void Add(BundleWriter* writer, const std::string& key,
         const std::string& elements) {
  const int64_t count = static_cast<int64_t>(elements.size() / 4);
  ASSERT_TRUE(writer->Add(key, DType::kFloat, Shape::Of({count})).ok());
  ASSERT_TRUE(writer->Append(AsBytes(elements)).ok());
  ASSERT_TRUE(writer->EndTensor().ok());
}

// Elements [start, start + length) of "w" [8], their indices.
void AddPart(BundleWriter* writer, int64_t start, int64_t length) {
  const Result<std::string> key = writer->RegisterSlice(
      "w", DType::kFloat, Shape::Of({8}), Slice{{{start, length}}});
  ASSERT_TRUE(key.ok()) << key.status().ToString();
  Add(writer, *key, Iota(DType::kFloat, length, static_cast<double>(start)));
}

std::string Finish(BundleWriter* writer) {
  io::MemorySink sink;
  EXPECT_TRUE(writer->Finish(&sink).ok());
  return sink.contents();
}

// Indexes of bundles "p0", "p1", ..., merged.
struct Merged {
  Status status;
  std::string index;
  std::vector<std::string> files;
};

Merged Merge(const std::vector<std::string>& indexes) {
  Merged merged;
  BundleMerger merger;
  for (size_t i = 0; i < indexes.size(); ++i) {
    const std::string prefix = "p" + std::to_string(i);
    io::MemorySource source(prefix + ".index", AsBytes(indexes[i]));
    Result<BundleReader> reader = BundleReader::Open(prefix, &source);
    EXPECT_TRUE(reader.ok()) << reader.status().ToString();
    merged.status = merger.Add(&*reader);
    if (!merged.status.ok()) return merged;
  }
  io::MemorySink sink;
  merged.status = merger.Finish(&sink);
  merged.index = sink.contents();
  merged.files = merger.files();
  return merged;
}

TEST(BundleMerger, ShardsBecomeWhatOneWriterWouldHaveWritten) {
  std::vector<std::string> indexes;
  BundleWriter whole;
  for (int64_t shard = 0; shard < 4; ++shard) {
    BundleWriter part;
    if (shard > 0) ASSERT_TRUE(whole.NextShard().ok());
    for (BundleWriter* writer : {&part, &whole}) {
      Add(writer, "layer/shard" + std::to_string(shard),
          Iota(DType::kFloat, shard, 1));
      AddPart(writer, 2 * shard, 2);
    }
    indexes.push_back(Finish(&part));
  }
  const Merged merged = Merge(indexes);
  ASSERT_TRUE(merged.status.ok()) << merged.status.ToString();
  EXPECT_EQ(ToHex(merged.index), ToHex(Finish(&whole)));
  EXPECT_EQ(merged.files,
            (std::vector<std::string>{
                "p0.data-00000-of-00001", "p1.data-00000-of-00001",
                "p2.data-00000-of-00001", "p3.data-00000-of-00001"}));
}

// The first slice of "w" is in the second bundle, whose number its entry gets.
TEST(BundleMerger, TheEntryOfAPartitionedTensorCountsForItsBundle) {
  BundleWriter first;
  Add(&first, "a", Iota(DType::kFloat, 1, 0));
  BundleWriter second;
  AddPart(&second, 0, 8 - 1);
  BundleWriter third;
  AddPart(&third, 8 - 1, 1);
  const Merged merged =
      Merge({Finish(&first), Finish(&second), Finish(&third)});
  ASSERT_TRUE(merged.status.ok());
  io::MemorySource source("m.index", AsBytes(merged.index));
  Result<BundleReader> reader = BundleReader::Open("m", &source);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->header().num_shards, 3);
  const Result<Entry> entry = reader->Find("w");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->shard_id, 1);
  ASSERT_EQ(entry->slices.size(), 2u);
  EXPECT_EQ(entry->slices[0].ToString(), "0,7");
  EXPECT_EQ(entry->slices[1].ToString(), "7,1");
}

TEST(BundleMerger, AnInputWithoutTensorsLeavesNoHoleInTheNumbers) {
  BundleWriter first;
  Add(&first, "a", Iota(DType::kFloat, 2, 0));
  BundleWriter empty;
  BundleWriter third;
  Add(&third, "b", Iota(DType::kFloat, 2, 0));
  const Merged merged = Merge({Finish(&first), Finish(&empty), Finish(&third)});
  ASSERT_TRUE(merged.status.ok());
  EXPECT_EQ(merged.files, (std::vector<std::string>{"p0.data-00000-of-00001",
                                                    "p2.data-00000-of-00001"}));
  // TensorFlow's file but for the header, which says 3 there: the block's
  // checksum differs with it.
  EXPECT_EQ(ToHex(merged.index.substr(0, 57)),
            ToHex(FromHex("000006 08021a020801"
                          "00010f 61 08011204120208022808350e1d4f1e"
                          "000111 62 080112041202080218012808350e1d4f1e"
                          "00000000 01000000"))
                .substr(0, 114));
}

TEST(BundleMerger, NothingButEmptyInputsIsAnEmptyBundle) {
  BundleWriter one;
  BundleWriter other;
  BundleWriter third;
  const Merged merged = Merge({Finish(&one), Finish(&other)});
  ASSERT_TRUE(merged.status.ok());
  EXPECT_EQ(ToHex(merged.index), ToHex(Finish(&third)));
  EXPECT_EQ(merged.files, std::vector<std::string>{"p0.data-00000-of-00001"});
  EXPECT_EQ(Merge({}).status.code(), Code::kFailedPrecondition);
}

TEST(BundleMerger, WhatDoesNotGoTogetherIsRefusedInTensorFlowsWords) {
  BundleWriter whole;
  Add(&whole, "w", Iota(DType::kFloat, 8, 0));
  BundleWriter again;
  Add(&again, "w", Iota(DType::kFloat, 8, 0));
  BundleWriter part;
  AddPart(&part, 0, 4);
  BundleWriter overlapping;
  AddPart(&overlapping, 3, 2);
  const std::string a = Finish(&whole);
  const std::string b = Finish(&again);
  const std::string c = Finish(&part);
  const std::string d = Finish(&overlapping);
  EXPECT_EQ(Merge({a, b}).status.ToString(),
            "Invalid argument: Duplicate tensor keyed by w encountered, when "
            "merging prefix: p1");
  EXPECT_EQ(Merge({a, c}).status.ToString(),
            "Invalid argument: Duplicate tensor keyed by w encountered, when "
            "merging prefix: p1");
  EXPECT_EQ(Merge({c, a}).status.ToString(),
            "Internal: Duplicate tensor keyed by w; attempting to merge in a "
            "non-slice bundle entry");
  EXPECT_EQ(Merge({c, c}).status.code(), Code::kInvalidArgument);
  EXPECT_EQ(Merge({c, d}).status.ToString(),
            "Internal: Overlapping slices: existing slice = 0,4, new slice = "
            "3,2");
}

}  // namespace
}  // namespace tensorbundle::bundle
