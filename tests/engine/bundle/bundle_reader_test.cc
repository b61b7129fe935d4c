// The first key has the header, the others are tensors; errors are TensorFlow
// 1.15's (engine/docs/bundle-format.md, "Reading").
#include "engine/bundle/bundle_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/io/host_files.h"
#include "engine/io/memory_source.h"
#include "engine/table/table_builder.h"
#include "engine/util/coding.h"
#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::NamedTensor;

// An index with those values in place of the header's and the entries'.
std::string IndexOf(const std::map<std::string, std::string>& values) {
  io::MemorySink sink;
  table::TableBuilder builder(&sink);
  for (const auto& [key, hex] : values) {
    const std::string value = FromHex(hex);
    EXPECT_TRUE(builder.Add(key, AsBytes(value)).ok());
  }
  EXPECT_TRUE(builder.Finish().ok());
  return sink.TakeContents();
}

Status OpenError(const std::string& index) {
  io::MemorySource source("p.index", AsBytes(index));
  return BundleReader::Open("p", &source).status();
}

TEST(BundleReader, TheTutorialsIndex) {
  const std::string index = TutorialBundle().index;
  io::MemorySource source("d/p.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("d/p", &source);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->header().num_shards, 1);
  EXPECT_FALSE(reader->header().big_endian);
  EXPECT_EQ(reader->header().producer, 1);
  EXPECT_EQ(reader->DataFile(0), "d/p.data-00000-of-00001");
  const Result<Entry> entry = reader->Find("Variable_1");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->dtype, DType::kFloat);
  EXPECT_EQ(entry->shape, Shape::Of({3}));
  EXPECT_EQ(entry->offset, 24);
  EXPECT_EQ(entry->size, 12);
  EXPECT_EQ(entry->crc32c, 0x15fb4ca0u);
}

TEST(BundleReader, AMissingKeyIsNotFound) {
  const std::string index = TutorialBundle().index;
  io::MemorySource source("p.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  for (const char* key : {"V", "Variable_", "Variable_2", "a"}) {
    const Status status = reader->Find(key).status();
    EXPECT_EQ(status.code(), Code::kNotFound);
    EXPECT_EQ(status.message(),
              "Key " + std::string(key) + " not found in checkpoint");
    EXPECT_EQ(status.location().tensor, key);
  }
  EXPECT_EQ(reader->Find("").status().code(), Code::kInvalidArgument);
}

TEST(BundleReader, RefusesVersionsAsTensorFlowDoes) {
  Status status = OpenError(IndexOf({{"", "0801 1a04 0801 1002"}}));
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "Checkpoint min consumer version 2 above current version 1 for "
            "TensorFlow 1.15.0.  Please upgrade TensorFlow.");
  status = OpenError(IndexOf({{"", "0801 1a05 0801 1a0101"}}));
  EXPECT_EQ(status.message(),
            "Checkpoint disallows consumer version 1.  Please upgrade "
            "TensorFlow: this version is likely buggy.");
  status = OpenError(IndexOf({{"", "0801 1a0b 08ffffffffffffffffff01"}}));
  EXPECT_EQ(status.message(),
            "Checkpoint producer version -1 below min producer 0 supported by "
            "TensorFlow 1.15.0.  Please regenerate your checkpoint.");
  EXPECT_TRUE(OpenError(IndexOf({{"", "0801 1a02 0809"}})).ok());
  EXPECT_TRUE(OpenError(IndexOf({{"", "0801"}})).ok());
}

TEST(BundleReader, AHeaderThatCannotBeReadIsToldSo) {
  const std::string words =
      "Unable to read file (p.index). Perhaps the file is corrupt or was "
      "produced by a newer version of TensorFlow with format changes (";
  Status status = OpenError(IndexOf({{"", "ff"}}));
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(),
            words + "unable to parse header): Entry for key  not parseable.");
  status = OpenError(IndexOf({}));
  EXPECT_EQ(status.code(), Code::kInternal);
  EXPECT_EQ(status.message(), words + "failed to seek to header entry)");
  std::string damaged = TutorialBundle().index;
  damaged[30] ^= 1;
  status = OpenError(damaged);
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(),
            words + "failed to seek to header entry): block checksum mismatch");
  EXPECT_EQ(status.location().file, "p.index");
}

TEST(BundleReader, OneBadEntryDoesNotHideTheOthers) {
  const std::string index =
      IndexOf({{"", "0801"}, {"a", "0801"}, {"b", "ff"}, {"c", "0803 1200"}});
  io::MemorySource source("p.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->Find("c").ok());
  EXPECT_EQ(reader->Find("b").status().message(),
            "Entry for key b not parseable.");
  std::vector<Code> codes;
  EntryIterator it = reader->NewIterator();
  Entry entry;
  for (it.SeekAfter(""); it.Valid(); it.Next()) {
    codes.push_back(it.Read(&entry).code());
  }
  EXPECT_TRUE(it.status().ok());
  EXPECT_EQ(codes, (std::vector<Code>{Code::kOk, Code::kDataLoss, Code::kOk}));
}

TEST(EntryIterator, GoesOnAfterAnyKey) {
  const std::string index = TutorialBundle().index;
  io::MemorySource source("p.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  EntryIterator it = reader->NewIterator();
  it.SeekAfter("");
  EXPECT_EQ(it.key(), "Variable");
  it.SeekAfter("Variable");
  EXPECT_EQ(it.key(), "Variable_1");
  it.SeekAfter("Variable_1");
  EXPECT_FALSE(it.Valid());
  EXPECT_TRUE(it.status().ok());
}

// Two index entries that name the same data block: a walk without end, or
// nearly, were it not noticed.
TEST(EntryIterator, KeysThatDoNotIncreaseAreDataLoss) {
  io::MemorySink sink;
  table::BlockBuilder data(16);
  data.Add("a", AsBytes("\x08\x01"));
  data.Add("b", AsBytes("\x08\x01"));
  std::string file(AsString(data.Finish()));
  std::string handle;
  const table::BlockHandle block = {0, file.size()};
  block.AppendTo(&handle);
  table::AppendBlockTrailer(AsBytes(file), 0, &file);
  table::BlockBuilder index(1);
  index.Add("b", AsBytes(handle));
  index.Add("c", AsBytes(handle));
  std::string contents(AsString(index.Finish()));
  const table::Footer footer = {block, {file.size(), contents.size()}};
  table::AppendBlockTrailer(AsBytes(contents), 0, &contents);
  file += contents;
  footer.AppendTo(&file);

  io::MemorySource source("p.index", AsBytes(file));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  EntryIterator it = reader->NewIterator();
  size_t count = 0;
  for (it.SeekAfter(""); it.Valid(); it.Next()) ++count;
  EXPECT_EQ(count, 2u);
  EXPECT_EQ(it.status().code(), Code::kDataLoss);
}

std::string ManyIndex(size_t count) {
  std::vector<NamedTensor> tensors;
  for (size_t i = 0; i < count; ++i) {
    tensors.push_back({"layer_" + std::to_string(i) + "/kernel",
                       DType::kInt8,
                       Shape::Of({1}),
                       "x",
                       {}});
  }
  return WriteBundle(tensors).index;
}

std::vector<std::string> Keys(const std::string& records) {
  std::vector<std::string> keys;
  for (size_t at = 0; at < records.size();) {
    const uint8_t* p = AsBytes(records).data() + at;
    const size_t size = DecodeFixed32(p);
    const size_t rank = DecodeFixed32(p + 28);
    keys.push_back(records.substr(at + 56 + 8 * rank, DecodeFixed32(p + 4)));
    at += size;
  }
  return keys;
}

TEST(EncodeEntries, BatchesOfAnySizeGiveEveryEntry) {
  const std::string index = ManyIndex(100);
  io::MemorySource source("p.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  std::string whole;
  ASSERT_EQ(reader->EncodeEntries("", SIZE_MAX, &whole).value(), 100u);
  for (size_t batch : {1, 7, 99, 100}) {
    std::string all;
    std::string records;
    std::string after;
    while (reader->EncodeEntries(after, batch, &records).value() > 0) {
      all += records;
      after = Keys(records).back();
    }
    EXPECT_EQ(all, whole);
  }
}

TEST(EncodeEntries, DamageEndsABatchAndIsToldByTheNext) {
  const std::string good = ManyIndex(12000);
  ASSERT_GT(good.size(), table::kBlockSize);
  std::string bad = good;
  bad[table::kBlockSize + 5000] ^= 1;
  io::MemorySource source("p.index", AsBytes(bad));
  Result<BundleReader> reader = BundleReader::Open("p", &source);
  ASSERT_TRUE(reader.ok());
  std::string records;
  const size_t first = reader->EncodeEntries("", SIZE_MAX, &records).value();
  EXPECT_GT(first, 1000u);
  EXPECT_LT(first, 12000u);
  const Status status =
      reader->EncodeEntries(Keys(records).back(), SIZE_MAX, &records).status();
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.location().file, "p.index");
  EXPECT_GT(status.location().offset, 200000u);
}

// Opens and lists over a source that the host feeds `limit` bytes at a time.
TEST(BundleReader, ReplayGivesTheSameInAnyPieces) {
  const std::string index = TutorialBundle().index;
  io::MemorySource whole("p.index", AsBytes(index));
  std::string expected;
  ASSERT_EQ(BundleReader::Open("p", &whole)
                ->EncodeEntries("", 100, &expected)
                .value(),
            2u);
  for (uint64_t limit : {uint64_t{1}, uint64_t{10}, UINT64_MAX}) {
    io::HostFiles files;
    size_t steps = 1;
    std::string records;
    const auto list = [&]() -> Status {
      TB_ASSIGN_OR_RETURN(io::ByteSource* const source, files.Open("p.index"));
      TB_ASSIGN_OR_RETURN(BundleReader reader, BundleReader::Open("p", source));
      return reader.EncodeEntries("", 100, &records).status();
    };
    Status status = list();
    for (; status.code() == Code::kNeedBytes; status = list(), ++steps) {
      const io::Need need = files.need();
      if (need.kind == io::Need::Kind::kFile) {
        files.AddFile(need.file, index.size());
        continue;
      }
      const uint64_t length = std::min(need.length, limit);
      uint8_t* memory = files.Reserve("p.index", need.offset, length).value();
      index.copy(reinterpret_cast<char*>(memory), static_cast<size_t>(length),
                 static_cast<size_t>(need.offset));
      ASSERT_TRUE(files.Commit("p.index", need.offset, length).ok());
    }
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ(records, expected);
    // The file, its footer, the index block, the data block, success.
    if (limit == UINT64_MAX) EXPECT_EQ(steps, 5u);
  }
}

TEST(BundleReader, AFileThatIsMissingHasTheHostsError) {
  io::HostFiles files;
  files.AddError("p.index",
                 NotFoundError("p.index; No such file or directory"));
  EXPECT_EQ(files.Open("p.index").status().ToString(),
            "Not found: p.index; No such file or directory");
}

}  // namespace
}  // namespace tensorbundle::bundle
