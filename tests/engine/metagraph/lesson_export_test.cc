// The file of the lesson's graph: what TensorFlow 1.15.0 writes for it, with
// the maps in order of their keys (engine/docs/metagraph-format.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/metagraph/meta_graph_def.h"
#include "engine/metagraph/meta_graph_writer.h"
#include "tests/engine/metagraph/lesson_graph.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::metagraph {
namespace {

using tensorbundle::testing::FromHex;
using ::testing::HasSubstr;

class LessonExportTest : public ::testing::Test {
 protected:
  LessonExportTest() {
    ExportOptions options;
    options.saver_def = lesson_.saver.def;
    bytes_ = SerializeMetaGraph(*lesson_.graph, options).bytes;
  }

  std::string Part(uint32_t number) const {
    return std::string(FirstBytes(AsBytes(bytes_), number));
  }

  LessonGraph lesson_;
  std::string bytes_;
};

TEST_F(LessonExportTest, HasTheSizesOfTensorFlows) {
  EXPECT_EQ(Part(1).size(), 940u);
  EXPECT_EQ(Part(2).size(), 3836u);
  EXPECT_EQ(Part(3).size(), 68u);
  EXPECT_EQ(bytes_.size(), 5198u);
}

// Names, ops, inputs and devices, in order; the attributes are in the sizes
// above and in the bytes below.
TEST_F(LessonExportTest, HasThirtyTwoNodesInOrder) {
  const auto meta = ParseMetaGraphDef(AsBytes(bytes_));
  ASSERT_TRUE(meta.ok());
  std::vector<std::string> nodes;
  for (const NodeDef& node : meta->nodes) {
    std::string line = std::string(node.name) + " " + std::string(node.op);
    for (const std::string_view input : node.inputs) {
      line += " " + std::string(input);
    }
    if (!node.device.empty()) line += " @" + std::string(node.device);
    nodes.push_back(line);
  }
  EXPECT_THAT(
      nodes,
      ::testing::ElementsAre(
          "truncated_normal/shape Const", "truncated_normal/mean Const",
          "truncated_normal/stddev Const",
          "truncated_normal/TruncatedNormal TruncatedNormal "
          "truncated_normal/shape",
          "truncated_normal/mul Mul truncated_normal/TruncatedNormal "
          "truncated_normal/stddev",
          "truncated_normal Add truncated_normal/mul truncated_normal/mean",
          "Variable VariableV2",
          "Variable/Assign Assign Variable "
          "truncated_normal",
          "Variable/read Identity Variable", "truncated_normal_1/shape Const",
          "truncated_normal_1/mean Const", "truncated_normal_1/stddev Const",
          "truncated_normal_1/TruncatedNormal TruncatedNormal "
          "truncated_normal_1/shape",
          "truncated_normal_1/mul Mul truncated_normal_1/TruncatedNormal "
          "truncated_normal_1/stddev",
          "truncated_normal_1 Add truncated_normal_1/mul "
          "truncated_normal_1/mean",
          "Variable_1 VariableV2",
          "Variable_1/Assign Assign Variable_1 truncated_normal_1",
          "Variable_1/read Identity Variable_1", "save/filename/input Const",
          "save/filename PlaceholderWithDefault save/filename/input",
          "save/Const PlaceholderWithDefault save/filename",
          "save/SaveV2/tensor_names Const",
          "save/SaveV2/shape_and_slices Const",
          "save/SaveV2 SaveV2 save/Const save/SaveV2/tensor_names "
          "save/SaveV2/shape_and_slices Variable Variable_1",
          "save/control_dependency Identity save/Const ^save/SaveV2",
          "save/RestoreV2/tensor_names Const @/device:CPU:0",
          "save/RestoreV2/shape_and_slices Const @/device:CPU:0",
          "save/RestoreV2 RestoreV2 save/Const save/RestoreV2/tensor_names "
          "save/RestoreV2/shape_and_slices @/device:CPU:0",
          "save/Assign Assign Variable save/RestoreV2",
          "save/Assign_1 Assign Variable_1 save/RestoreV2:1",
          "save/restore_all NoOp ^save/Assign ^save/Assign_1",
          "init NoOp ^Variable/Assign ^Variable_1/Assign"));
}

TEST_F(LessonExportTest, WritesAConstantOfOneElement) {
  EXPECT_THAT(
      Part(2),
      HasSubstr(FromHex("0a18") + "truncated_normal_1/shape" + FromHex("1205") +
                "Const" + FromHex("2a1a0a0e") + "_output_shapes" +
                FromHex("12080a063a0412020801 2a0b0a05") + "dtype" +
                FromHex("12023003 2a160a05") + "value" +
                FromHex("120d420b0803120412020801 3a0103")));
}

TEST_F(LessonExportTest, WritesAVariable) {
  EXPECT_THAT(Part(2),
              HasSubstr(FromHex("0a08") + "Variable" + FromHex("120a") +
                        "VariableV2" + FromHex("2a1e0a0e") + "_output_shapes" +
                        FromHex("120c0a0a3a081202080212020803 2a0f0a09") +
                        "container" + FromHex("12021200 2a0b0a05") + "dtype" +
                        FromHex("12023001 2a130a05") + "shape" +
                        FromHex("120a3a081202080212020803 2a110a0b") +
                        "shared_name" + FromHex("12021200")));
}

TEST_F(LessonExportTest, WritesANodeWithoutOutputs) {
  EXPECT_THAT(Part(2),
              HasSubstr(FromHex("0a10") + "save/restore_all" + FromHex("1204") +
                        "NoOp" + FromHex("1a0c") + "^save/Assign" +
                        FromHex("1a0e") + "^save/Assign_1"));
}

TEST_F(LessonExportTest, WritesVersionsAndSaver) {
  EXPECT_THAT(Part(2), ::testing::EndsWith(FromHex("2203088601")));
  EXPECT_EQ(Part(3), FromHex("0a0c") + "save/Const:0" + FromHex("1219") +
                         "save/control_dependency:0" + FromHex("1a10") +
                         "save/restore_all" + FromHex("200535 00401c46 3802"));
}

TEST_F(LessonExportTest, WritesVariableDefs) {
  const std::string variables =
      FromHex("0a44") + FromHex("0a0a") + "Variable:0" + FromHex("120f") +
      "Variable/Assign" + FromHex("1a0f") + "Variable/read:0" +
      FromHex("3212") + "truncated_normal:0" + FromHex("3801");
  EXPECT_THAT(bytes_, HasSubstr(variables));
  EXPECT_THAT(bytes_,
              HasSubstr(std::string("\x0a\x13") + "trainable_variables"));
}

}  // namespace
}  // namespace tensorbundle::metagraph
