#include "engine/metagraph/text_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/metagraph/meta_graph_writer.h"
#include "tests/engine/metagraph/lesson_graph.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::metagraph {
namespace {

using tensorbundle::testing::FromHex;
using tensorbundle::testing::ToHex;
using ::testing::HasSubstr;

TEST(TextFormatTest, TheLessonComesBackByteForByte) {
  LessonGraph lesson;
  ExportOptions options;
  options.saver_def = lesson.saver.def;
  const std::string file = SerializeMetaGraph(*lesson.graph, options).bytes;
  const auto text = PrintMetaGraph(AsBytes(file));
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("graph_def {\n"
                               "  node {\n"
                               "    name: \"truncated_normal/shape\"\n"
                               "    op: \"Const\"\n"
                               "    attr {\n"
                               "      key: \"_output_shapes\"\n"
                               "      value {\n"
                               "        list {\n"
                               "          shape {\n"
                               "            dim {\n"
                               "              size: 2\n"
                               "            }\n"));
  EXPECT_THAT(
      *text,
      HasSubstr("          tensor_content: \"\\002\\000\\000\\000\\003\\000"
                "\\000\\000\"\n"));
  EXPECT_THAT(*text, HasSubstr("        type: DT_FLOAT\n"));
  EXPECT_THAT(*text, HasSubstr("  keep_checkpoint_every_n_hours: 10000.0\n"
                               "  version: V2\n"));
  const auto message = ParseMetaGraphText(*text);
  ASSERT_TRUE(message.ok()) << message.status().message();
  EXPECT_EQ(ToHex(*message), ToHex(file));
}

TEST(TextFormatTest, ReadsOtherSpellings) {
  const auto message = ParseMetaGraphText(
      "saver_def < max_to_keep: -1, sharded: True; version: 2 >\n"
      "# a comment\n"
      "collection_def: { key: 'k' value { int64_list { value: [1, 2] } } }");
  ASSERT_TRUE(message.ok()) << message.status().message();
  EXPECT_EQ(*message, FromHex("1a0f 20ffffffffffffffffff01 2801 3802"
                              "220b 0a016b 1206 1a04 0a02 0102"));
}

TEST(TextFormatTest, SaysWhereItFails) {
  const auto error = [](std::string_view text) {
    return ParseMetaGraphText(text).status().message();
  };
  EXPECT_EQ(error("\n nodes: 3"),
            "2:2 : Message type \"tensorflow.MetaGraphDef\" has no field named "
            "\"nodes\".");
  EXPECT_EQ(error("saver_def { max_to_keep: x }"),
            "1:26 : Couldn't parse integer: x");
  EXPECT_EQ(error("saver_def {"), "1:12 : Expected \"}\".");
  std::string deep = "graph_def { node { attr { value ";
  for (int i = 0; i < 60; ++i) deep += "{ func { attr { value ";
  EXPECT_THAT(error(deep), HasSubstr("recursion limit"));
}

TEST(TextFormatTest, DeepMessagesDoNotPrint) {
  std::string message;
  for (int i = 0; i < 300; ++i) {
    // func { attr { value { ...
    for (const char tag : {'\x12', '\x12', '\x52'}) {
      std::string outer(1, tag);
      size_t size = message.size();
      do {
        const size_t more = size >= 128 ? 128 : 0;
        outer += static_cast<char>((size & 127) | more);
        size >>= 7;
      } while (size > 0);
      message = outer + message;
    }
  }
  // Whatever it is taken for, it ends.
  (void)PrintMetaGraph(AsBytes(message));
}

}  // namespace
}  // namespace tensorbundle::metagraph
