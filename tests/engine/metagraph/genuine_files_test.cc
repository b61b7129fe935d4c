// Genuine `.meta` files: read into a graph and written again, they say the
// same. Registered only where the corpus is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/metagraph/attr_codec.h"
#include "engine/metagraph/meta_graph_importer.h"
#include "engine/metagraph/meta_graph_writer.h"
#include "engine/ops/standard_ops.h"
#include "tests/engine/metagraph/canonical.h"
#include "tests/engine/support/corpus.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::metagraph {
namespace {

std::vector<std::string> MetaFiles() {
  std::vector<std::string> files;
  const auto root = tensorbundle::testing::CorpusFolder("checkpoints");
  if (!root) return files;
  for (const std::string& folder : tensorbundle::testing::ListFolder(*root)) {
    for (const std::string& name :
         tensorbundle::testing::ListFolder(*root + "/" + folder)) {
      if (name.size() > 5 && name.substr(name.size() - 5) == ".meta") {
        files.push_back(*root + "/" + folder + "/" + name);
      }
    }
  }
  return files;
}

class GenuineFilesTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto contents = tensorbundle::testing::ReadFile(GetParam());
    ASSERT_TRUE(contents.has_value());
    file_ = *contents;
  }

  std::string ImportAndExport(std::string_view bytes) {
    const auto graph = ops::NewGraph();
    const auto imported = ImportMetaGraph(graph.get(), AsBytes(bytes), {});
    EXPECT_TRUE(imported.ok()) << imported.status().message();
    if (!imported.ok()) return "";
    ExportOptions options;
    options.saver_def = imported->saver_def;
    return SerializeMetaGraph(*graph, options).bytes;
  }

  std::string file_;
};

std::set<std::string> Words(const std::string& line) {
  std::set<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

// "name=hex" of every attribute that has a default in this engine.
std::set<std::string> Defaults(const std::string& line) {
  const std::string op = line.substr(0, line.find('('));
  std::set<std::string> defaults;
  const graph::OpDef* def = ops::StandardOps().Find(op);
  if (def == nullptr) return defaults;
  for (const graph::AttrDef& attr : def->attrs) {
    if (!attr.default_value) continue;
    defaults.insert(
        attr.name + "=" +
        tensorbundle::testing::ToHex(EncodeAttrValue(*attr.default_value)));
  }
  return defaults;
}

// Whether "name=hex" is an attribute that the op has in later versions alone.
bool IsOfLaterVersions(const std::string& line, const std::string& word) {
  const graph::OpDef* def =
      ops::StandardOps().Find(line.substr(0, line.find('(')));
  const size_t equals = word.find('=');
  return def != nullptr && equals != std::string::npos && word[0] != '_' &&
         word[0] != '@' && word.find('(') == std::string::npos &&
         def->FindAttr(word.substr(0, equals)) == nullptr;
}

// Attributes that a node of an early version lacks get their defaults, and
// those of later versions that have theirs are dropped, as by TensorFlow. All
// else is equal.
void ExpectSameNodes(std::string_view before, std::string_view after) {
  const auto old_nodes = NodeLines(before);
  const auto new_nodes = NodeLines(after);
  ASSERT_EQ(old_nodes.size(), new_nodes.size());
  for (const auto& [name, line] : old_nodes) {
    const auto it = new_nodes.find(name);
    ASSERT_NE(it, new_nodes.end()) << name;
    if (it->second == line) continue;
    std::set<std::string> expected = Words(line);
    for (const std::string& word : Words(line)) {
      if (IsOfLaterVersions(line, word)) expected.erase(word);
    }
    const std::set<std::string> words = Words(it->second);
    for (const std::string& attr : Defaults(line)) {
      if (words.count(attr) > 0) expected.insert(attr);
    }
    ASSERT_EQ(words, expected) << name;
  }
}

TEST_P(GenuineFilesTest, SayTheSameOnceReadAndWritten) {
  const std::string written = ImportAndExport(file_);
  ASSERT_NE(written, "");
  ExpectSameNodes(file_, written);
  const auto before = OtherLines(file_);
  const auto after = OtherLines(written);
  for (const auto& [what, line] : before) {
    const auto it = after.find(what);
    ASSERT_NE(it, after.end()) << what;
    if (what.substr(0, 3) == "op ") continue;  // the registry's, of 1.15
    EXPECT_EQ(it->second, line) << what;
  }
  EXPECT_EQ(before.size(), after.size());
}

TEST_P(GenuineFilesTest, StayTheSameFromThenOn) {
  const std::string once = ImportAndExport(file_);
  EXPECT_EQ(ImportAndExport(once), once);
}

INSTANTIATE_TEST_SUITE_P(Corpus, GenuineFilesTest,
                         ::testing::ValuesIn(MetaFiles()));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GenuineFilesTest);

}  // namespace
}  // namespace tensorbundle::metagraph
