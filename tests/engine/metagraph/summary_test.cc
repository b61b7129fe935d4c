#include "engine/metagraph/summary.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/util/wire.h"

namespace tensorbundle::metagraph {
namespace {

std::string Field(uint32_t number, std::string_view bytes) {
  std::string out;
  AppendWireBytes(&out, number, bytes);
  return out;
}

std::string Number(uint32_t number, uint64_t value) {
  std::string out;
  AppendWireVarint(&out, number, value);
  return out;
}

std::string MapEntry(uint32_t number, std::string_view key,
                     std::string_view value) {
  return Field(number, Field(1, key) + Field(2, value));
}

// A graph of three nodes with a signature, two collections and a saver.
std::string MetaGraph() {
  const std::string info = Field(4, "serve") + Field(4, "gpu") +
                           Field(5, "1.15.0") + Field(6, "v1.15.0-rc3");
  const std::string graph =
      Field(1, Field(1, "a") + Field(2, "Const")) +
      Field(1, Field(1, "b") + Field(2, "VariableV2")) +
      Field(1, Field(1, "c") + Field(2, "Const")) +
      Field(2, Field(1, "function") + Field(1, "another")) +
      Field(4, Number(1, 134));
  const std::string shape =
      Field(2, Number(1, static_cast<uint64_t>(-1))) + Field(2, Number(1, 784));
  const std::string input = Field(1, "x:0") + Number(2, 1) + Field(3, shape);
  const std::string output =
      Field(1, "y:0") + Number(2, 9) + Field(3, Number(3, 1));
  const std::string signature = MapEntry(1, "images", input) +
                                MapEntry(2, "classes", output) +
                                Field(3, "tensorflow/serving/predict");
  return Field(1, info) + Field(2, graph) +
         Field(3, Field(1, "save/Const:0") + Field(3, "save/restore_all") +
                      Number(4, 5) + Number(5, 1) + Number(7, 2)) +
         MapEntry(4, "variables", Field(2, Field(1, "v") + Field(1, "w"))) +
         MapEntry(4, "numbers",
                  Field(3, Field(1, std::string("\x01\x96\x01", 3)))) +
         MapEntry(5, "serving_default", signature) + Field(6, "asset") +
         Field(7, Field(1, "") + Field(1, ""));
}

TEST(Summary, OfAMetaGraph) {
  const std::string message = MetaGraph();
  const auto summary = SummarizeMetaGraph(AsBytes(message));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->tags, (std::vector<std::string>{"serve", "gpu"}));
  EXPECT_EQ(summary->tensorflow_version, "1.15.0");
  EXPECT_EQ(summary->producer, 134);
  EXPECT_EQ(summary->nodes, 3u);
  EXPECT_EQ(summary->functions, 2u);
  EXPECT_EQ(summary->ops,
            (std::map<std::string, uint64_t>{{"Const", 2}, {"VariableV2", 1}}));
  EXPECT_EQ(summary->collections.at("variables").kind, "bytes_list");
  EXPECT_EQ(summary->collections.at("variables").size, 2u);
  EXPECT_EQ(summary->collections.at("numbers").size, 2u);
  EXPECT_EQ(summary->assets, 1u);
  EXPECT_EQ(summary->objects, 2u);
  const SignatureSummary& signature = summary->signatures.at("serving_default");
  EXPECT_EQ(signature.inputs.at("images").dims,
            (std::vector<int64_t>{-1, 784}));
  EXPECT_EQ(signature.outputs.at("classes").dtype, 9);
  EXPECT_TRUE(signature.outputs.at("classes").unknown_rank);
  ASSERT_TRUE(summary->saver.has_value());
  EXPECT_EQ(summary->saver->restore_op_name, "save/restore_all");
  EXPECT_TRUE(summary->saver->sharded);
  EXPECT_EQ(summary->saver->version, 2);
}

TEST(Summary, OfASavedModel) {
  const std::string message =
      Number(1, 1) + Field(2, MetaGraph()) + Field(2, Field(2, ""));
  const auto summaries = SummarizeSavedModel(AsBytes(message));
  ASSERT_TRUE(summaries.ok());
  ASSERT_EQ(summaries->size(), 2u);
  EXPECT_EQ((*summaries)[0].nodes, 3u);
  EXPECT_EQ((*summaries)[1].nodes, 0u);
  EXPECT_FALSE((*summaries)[1].saver.has_value());
}

TEST(Summary, EveryCutAndEveryFlippedBitGivesAnAnswerOrAnError) {
  const std::string message = MetaGraph();
  for (size_t size = 0; size < message.size(); ++size) {
    const auto summary = SummarizeMetaGraph(AsBytes(message).first(size));
    if (!summary.ok()) {
      EXPECT_EQ(summary.status().code(), Code::kInvalidArgument);
    }
  }
  for (size_t bit = 0; bit < 8 * message.size(); ++bit) {
    std::string damaged = message;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const auto summary = SummarizeMetaGraph(AsBytes(damaged));
    if (!summary.ok()) {
      EXPECT_EQ(summary.status().code(), Code::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace tensorbundle::metagraph
