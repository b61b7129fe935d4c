// Every byte of an index has a meaning, of a damaged one too.
#include "engine/bundle/explain.h"

#include <gtest/gtest.h>

#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/goldens.h"

namespace tensorbundle::bundle {
namespace {

// spans[first, last) have no gaps or overlaps within [begin, end), and neither
// do the children of each.
void ExpectCovers(const std::vector<Span>& spans, size_t first, size_t last,
                  int depth, uint64_t begin, uint64_t end) {
  uint64_t at = begin;
  for (size_t i = first; i < last;) {
    ASSERT_EQ(spans[i].depth, depth);
    ASSERT_EQ(spans[i].offset, at);
    size_t next = i + 1;
    while (next < last && spans[next].depth > depth) ++next;
    at += spans[i].length;
    if (next > i + 1) {
      ExpectCovers(spans, i + 1, next, depth + 1, spans[i].offset, at);
    }
    i = next;
  }
  ASSERT_EQ(at, end);
}

void ExpectCovers(const std::vector<Span>& spans, size_t size) {
  ExpectCovers(spans, 0, spans.size(), 0, 0, size);
}

std::string TextOf(const Span& span) {
  std::string text(static_cast<size_t>(span.depth) * 2, ' ');
  text += std::to_string(span.offset) + "+" + std::to_string(span.length) +
          " " + std::string(span.label);
  if (!span.value.empty()) text += " = " + span.value;
  return text;
}

TEST(ExplainIndex, TheTutorialsIndex) {
  const std::string index = TutorialBundle().index;
  const std::vector<Span> spans = ExplainIndex(AsBytes(index));
  ExpectCovers(spans, index.size());
  std::vector<std::string> lines;
  for (const Span& span : spans) lines.push_back(TextOf(span));
  const std::vector<std::string> begin = {
      "0+74 data block",
      "  0+9 header entry",
      "    0+1 shared = 0",
      "    1+1 non_shared = 0",
      "    2+1 value length = 6",
      "    3+6 value",
      "      3+2 num_shards = 1",
      "        3+1 tag = 1",
      "        4+1 value = 1",
      "      5+4 version",
      "        5+1 tag = 3",
      "        6+1 length = 2",
      "        7+2 producer = 1",
      "          7+1 tag = 1",
      "          8+1 value = 1",
      "  9+30 entry = Variable",
      "    9+1 shared = 0",
      "    10+1 non_shared = 8",
      "    11+1 value length = 19",
      "    12+8 key = Variable",
      "    20+19 value",
      "      20+2 dtype = float",
      "        20+1 tag = 1",
      "        21+1 value = float",
      "      22+10 shape = [2,3]",
  };
  ASSERT_GT(lines.size(), begin.size());
  EXPECT_EQ(
      std::vector<std::string>(lines.begin(), lines.begin() + begin.size()),
      begin);
  const std::vector<std::string> end = {
      "106+48 footer",
      "  106+2 metaindex handle = 74, 8",
      "    106+1 offset = 74",
      "    107+1 size = 8",
      "  108+2 index handle = 87, 14",
      "    108+1 offset = 87",
      "    109+1 size = 14",
      "  110+36 padding",
      "  146+8 magic = correct",
  };
  EXPECT_EQ(std::vector<std::string>(lines.end() - end.size(), lines.end()),
            end);
  const auto has = [&](const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  EXPECT_TRUE(has("  39+22 entry = Variable_1"));
  EXPECT_TRUE(has("    42+2 key = _1"));
  EXPECT_TRUE(has("      34+5 crc32c = 0xabf5eb7a"));
  EXPECT_TRUE(has("  61+4 restart = 0"));
  EXPECT_TRUE(has("  65+4 number of restarts = 1"));
  EXPECT_TRUE(has("    70+4 checksum = correct"));
  EXPECT_TRUE(has("74+13 metaindex block"));
  EXPECT_TRUE(has("  87+6 entry = W"));
  EXPECT_TRUE(has("      92+1 block size = 69"));
}

TEST(ExplainIndex, CoversAFileOfEveryDType) {
  const std::string index =
      WriteBundle(testing::TensorsOfAllDTypes(testing::PackedFileDTypes(), 1))
          .index;
  const std::vector<Span> spans = ExplainIndex(AsBytes(index));
  ExpectCovers(spans, index.size());
  for (const Span& span : spans) EXPECT_NE(span.label, kUnreadable);
}

TEST(ExplainIndex, CoversEveryTruncatedFile) {
  const std::string index = TutorialBundle().index;
  for (size_t size = 0; size <= index.size(); ++size) {
    const std::string cut = index.substr(0, size);
    ExpectCovers(ExplainIndex(AsBytes(cut)), cut.size());
    if (::testing::Test::HasFatalFailure()) FAIL() << size;
  }
}

TEST(ExplainIndex, CoversAFileWithAnyFlippedBit) {
  const std::string index = TutorialBundle().index;
  for (size_t bit = 0; bit < index.size() * 8; ++bit) {
    std::string bad = index;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    ExpectCovers(ExplainIndex(AsBytes(bad)), bad.size());
    if (::testing::Test::HasFatalFailure()) FAIL() << bit;
  }
}

TEST(ExplainIndex, TellsDamage) {
  std::string index = TutorialBundle().index;
  index[30] ^= 1;
  index[index.size() - 1] ^= 1;
  std::vector<Span> spans = ExplainIndex(AsBytes(index));
  EXPECT_EQ(TextOf(spans.front()), "0+106 unreadable bytes");
  EXPECT_EQ(TextOf(spans.back()), "  146+8 magic = wrong");
  index[index.size() - 1] ^= 1;
  spans = ExplainIndex(AsBytes(index));
  size_t wrong = 0;
  for (const Span& span : spans) {
    if (span.label == "checksum" && span.value == "wrong") ++wrong;
  }
  EXPECT_EQ(wrong, 1u);
}

TEST(ExplainIndex, StopsWhenThereIsEnough) {
  const std::string index =
      WriteBundle(testing::TensorsOfAllDTypes(testing::PackedFileDTypes(), 1))
          .index;
  for (size_t enough = 0; enough < 300; ++enough) {
    const std::vector<Span> spans = ExplainIndex(AsBytes(index), enough);
    ExpectCovers(spans, index.size());
    ASSERT_LE(spans.size(), enough + 60);
    if (::testing::Test::HasFatalFailure()) FAIL() << enough;
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
