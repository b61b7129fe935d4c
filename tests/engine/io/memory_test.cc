// Sources answer with exactly the bytes asked for, or say that the file ends.
#include <gtest/gtest.h>

#include "engine/io/byte_sink.h"
#include "engine/io/memory_source.h"

namespace tensorbundle::io {
namespace {

TEST(MemorySource, GivesRangesOfTheFile) {
  MemorySource source("f", AsBytes("0123456789"));
  EXPECT_EQ(source.size(), 10u);
  EXPECT_EQ(AsString(source.Peek(0, 10).value()), "0123456789");
  EXPECT_EQ(AsString(source.Peek(3, 4).value()), "3456");
  EXPECT_EQ(AsString(source.Peek(10, 0).value()), "");
}

TEST(MemorySource, RefusesRangesBeyondTheEnd) {
  MemorySource source("f", AsBytes("0123456789"));
  for (const Extent& extent : {Extent{0, 11}, Extent{10, 1}, Extent{11, 0},
                               Extent{5, UINT64_MAX}, Extent{UINT64_MAX, 5}}) {
    const Status status = source.Peek(extent.offset, extent.length).status();
    EXPECT_EQ(status.code(), Code::kOutOfRange);
    EXPECT_EQ(status.message(), "Read less bytes than requested");
    EXPECT_EQ(status.location().file, "f");
    EXPECT_EQ(status.location().offset, extent.offset);
    EXPECT_EQ(status.location().length, extent.length);
  }
}

TEST(MemorySink, KeepsWhatIsAppended) {
  MemorySink sink;
  EXPECT_TRUE(sink.Append(AsBytes("ab")).ok());
  EXPECT_TRUE(sink.Append(AsBytes("")).ok());
  EXPECT_TRUE(sink.Append(AsBytes("c")).ok());
  EXPECT_EQ(sink.offset(), 3u);
  EXPECT_EQ(sink.contents(), "abc");
  EXPECT_EQ(sink.TakeContents(), "abc");
  EXPECT_EQ(sink.offset(), 0u);
}

}  // namespace
}  // namespace tensorbundle::io
