// The file of the lesson's graph: what TensorFlow 1.15.0 writes for it, with
// the maps in order of their keys (engine/docs/metagraph-format.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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
