// Genuine state files, where a corpus of them lies beside the repository.
#include <gtest/gtest.h>

#include "engine/checkpoint/state_file.h"
#include "tests/engine/support/corpus.h"

namespace tensorbundle::checkpoint {
namespace {

TEST(StateFileCorpus, EveryStateFileReadsAndPrintsTheSame) {
  const auto root = testing::CorpusFolder("checkpoints");
  if (!root) return;
  size_t files = 0;
  for (const std::string& name : testing::ListFolder(*root)) {
    const auto text = testing::ReadFile(*root + "/" + name + "/checkpoint");
    if (!text) continue;
    const Result<CheckpointState> state = ParseCheckpointState(*text);
    ASSERT_TRUE(state.ok()) << name << state.status().ToString();
    EXPECT_NE(state->model_checkpoint_path, "") << name;
    EXPECT_EQ(PrintCheckpointState(*state), *text) << name;
    ++files;
  }
  EXPECT_GT(files, 5u);
}

}  // namespace
}  // namespace tensorbundle::checkpoint
