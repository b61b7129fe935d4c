// Files that cost more than they weigh: each is refused, or read in step with
// its size.
#include "engine/util/limits.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/bundle/bundle_reader.h"
#include "engine/io/memory_source.h"
#include "engine/table/block_builder.h"
#include "engine/table/format.h"
#include "engine/util/coding.h"

namespace tensorbundle::bundle {
namespace {

// Appends a block and its trailer.
table::BlockHandle AppendBlock(Bytes contents, std::string* file) {
  const table::BlockHandle handle = {file->size(), contents.size()};
  file->append(AsString(contents));
  table::AppendBlockTrailer(contents, 0, file);
  return handle;
}

std::string HandleText(const table::BlockHandle& handle) {
  std::string text;
  handle.AppendTo(&text);
  return text;
}

void AppendFooter(const table::BlockHandle& index, std::string* file) {
  table::Footer footer;
  footer.metaindex = index;
  footer.index = index;
  footer.AppendTo(file);
}

std::string HeaderValue() {
  Header header;
  header.producer = 1;
  return SerializeHeader(header);
}

// Walks from the first entry to the last; returns how the walk ended.
Status Walk(const std::string& file, int* entries) {
  io::MemorySource source("p.index", AsBytes(file));
  TB_ASSIGN_OR_RETURN(BundleReader reader, BundleReader::Open("p", &source));
  EntryIterator it = reader.NewIterator();
  *entries = 0;
  for (it.SeekAfter(""); it.Valid(); it.Next()) ++*entries;
  return it.status();
}

// Every entry of a few bytes stands for a key of a megabyte.
TEST(Limits, KeysThatAddUpToMoreThanTheFileExplains) {
  const std::string front(1 << 20, 'k');
  table::BlockBuilder block(1 << 30);
  block.Add("", AsBytes(HeaderValue()));
  for (int i = 0; i < 200; ++i) {
    std::string key = front;
    key += static_cast<char>(i / 100);
    key += static_cast<char>(i % 100);
    block.Add(key, Bytes());
  }
  std::string file;
  const table::BlockHandle data = AppendBlock(block.Finish(), &file);
  table::BlockBuilder index(1);
  index.Add("l", AsBytes(HandleText(data)));
  AppendFooter(AppendBlock(index.Finish(), &file), &file);

  int entries = 0;
  const Status status = Walk(file, &entries);
  EXPECT_EQ(status.code(), Code::kResourceExhausted) << status.ToString();
  EXPECT_EQ(status.location().file, "p.index");
  const uint64_t most =
      file.size() * limits::kKeyBytesPerFileByte + limits::kKeyBytesOnTop;
  EXPECT_EQ(static_cast<uint64_t>(entries), most / (front.size() + 2));
}

// An index that names the same block again would make a walk without an end,
// were it not for the keys; blocks without entries have none.
TEST(Limits, BlocksThatAreNamedAgain) {
  std::string file;
  table::BlockBuilder block(16);
  block.Add("", AsBytes(HeaderValue()));
  const table::BlockHandle data = AppendBlock(block.Finish(), &file);
  block.Reset();
  std::string empty(1000, 'x');
  AppendFixed32(&empty, 0);  // no restarts, no entries
  const table::BlockHandle junk = AppendBlock(AsBytes(empty), &file);
  table::BlockBuilder index(1);
  index.Add("a", AsBytes(HandleText(data)));
  index.Add("b", AsBytes(HandleText(junk)));
  index.Add("c", AsBytes(HandleText(junk)));
  AppendFooter(AppendBlock(index.Finish(), &file), &file);

  int entries = 0;
  const Status status = Walk(file, &entries);
  EXPECT_EQ(status.code(), Code::kDataLoss);
  EXPECT_EQ(status.message(), "The blocks of the table are not in order");
  EXPECT_EQ(entries, 0);
}

TEST(Limits, SlicesOfATensor) {
  const std::string empty_slice("\x3a\x00", 2);
  std::string value;
  for (size_t i = 0; i < limits::kMaxSlices; ++i) value += empty_slice;
  Entry entry;
  EXPECT_TRUE(ParseEntry("k", AsBytes(value), &entry).ok());
  EXPECT_EQ(entry.slices.size(), limits::kMaxSlices);
  value += empty_slice;
  EXPECT_EQ(ParseEntry("k", AsBytes(value), &entry).code(),
            Code::kResourceExhausted);
  EXPECT_TRUE(entry.slices.empty());
}

TEST(Limits, ExtentsBeyondAnyRankAreNotKept) {
  std::string extents;
  for (int i = 0; i < 5000; ++i) extents.append("\x0a\x00", 2);
  std::string value = "\x3a";
  AppendVarint64(&value, extents.size());
  value += extents;
  Entry entry;
  ASSERT_TRUE(ParseEntry("k", AsBytes(value), &entry).ok());
  ASSERT_EQ(entry.slices.size(), 1u);
  EXPECT_EQ(entry.slices[0].rank(), limits::kMaxRank + 1);
}

}  // namespace
}  // namespace tensorbundle::bundle
