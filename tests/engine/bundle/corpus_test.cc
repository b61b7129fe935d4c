// Bundles that TensorFlow wrote, and damaged ones with what it says of them,
// where a corpus of them lies beside the repository. The facts of this format
// are in the other tests; this one looks for what nobody thought of.
#include "tests/engine/support/corpus.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/bundle/explain.h"
#include "engine/io/memory_source.h"
#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"
#include "tests/engine/support/json.h"
#include "tests/engine/support/sha256.h"

namespace tensorbundle::bundle {
namespace {

using testing::CorpusFolder;
using testing::Json;
using testing::ListFolder;
using testing::NamedTensor;
using testing::ReadFile;
using testing::Sha256;

// Folders of the corpus that have a bundle called model.ckpt.
std::vector<std::string> BundleFolders() {
  std::vector<std::string> folders;
  const auto root = CorpusFolder("goldens");
  if (!root) return folders;
  for (const std::string& name : ListFolder(*root)) {
    const std::string folder = *root + "/" + name;
    if (ReadFile(folder + "/model.ckpt.index") &&
        ReadFile(folder + "/dump.json")) {
      folders.push_back(name);
    }
  }
  return folders;
}

std::string FolderPath(const std::string& name) {
  return *CorpusFolder("goldens") + "/" + name;
}

std::string KeyOf(const Json& entry) {
  const Json& hex = entry["key_hex"];
  if (hex.is_null()) return entry["key"].text();
  return testing::FromHex(hex.text());
}

class Corpus : public ::testing::TestWithParam<std::string> {};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Corpus);
INSTANTIATE_TEST_SUITE_P(Bundles, Corpus, ::testing::ValuesIn(BundleFolders()),
                         [](const auto& info) { return info.param; });

// The status text that TensorFlow gives for the tensor when it reads it.
Status ReadOne(BundleReader* reader, const std::string& folder,
               const std::string& key, NamedTensor* tensor) {
  TB_ASSIGN_OR_RETURN(const Entry entry, reader->Find(key));
  tensor->dtype = entry.dtype;
  tensor->shape = entry.shape;
  const std::string name = reader->DataFile(entry.shard_id);
  TB_RETURN_IF_ERROR(DataRange(key, entry).status());
  const auto data = ReadFile(folder + "/" + name);
  if (!data) return NotFoundError("./" + name + "; No such file or directory");
  return ReadEntry(key, entry, reader->header().big_endian, *data, tensor);
}

TEST_P(Corpus, ReadsAsTensorFlowDoes) {
  const std::string folder = FolderPath(GetParam());
  const auto dump = Json::Parse(*ReadFile(folder + "/dump.json"));
  ASSERT_TRUE(dump.has_value());
  const std::string index = *ReadFile(folder + "/model.ckpt.index");
  io::MemorySource source("./model.ckpt.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("model.ckpt", &source);
  ASSERT_EQ(reader.status().ToString(), (*dump)["status"].text());
  if (!reader.ok()) return;
  EXPECT_EQ(reader->header().num_shards,
            (*dump)["header"]["num_shards"].integer());

  std::vector<std::string> keys;
  EntryIterator it = reader->NewIterator();
  for (it.SeekAfter(""); it.Valid(); it.Next()) keys.emplace_back(it.key());
  // TensorFlow takes the first entry for the header, whatever its key, and
  // does not list it; here it is listed as well.
  size_t listed = GetParam() == "j_hdr_missing" ? 1 : 0;
  for (const Json& json : (*dump)["entries"].items()) {
    const std::string key = KeyOf(json);
    ASSERT_LT(listed, keys.size()) << key;
    ASSERT_EQ(keys[listed++], key);
    const Result<Entry> entry = reader->Find(key);
    if (!entry.ok()) continue;  // its text is compared below
    EXPECT_EQ(static_cast<int64_t>(entry->dtype), json["dtype_enum"].integer());
    EXPECT_EQ(entry->shard_id, json["shard_id"].integer()) << key;
    EXPECT_EQ(entry->offset, json["offset"].integer()) << key;
    EXPECT_EQ(entry->size, json["size"].integer()) << key;
    EXPECT_EQ(entry->crc32c, json["crc32c"].integer()) << key;
    if (!json["proto_hex"].is_null() && GetParam().substr(0, 2) != "j_") {
      EXPECT_EQ(testing::ToHex(SerializeEntry(*entry)),
                json["proto_hex"].text())
          << key;
    }
    if (!entry->slices.empty() || !IsKnown(entry->dtype)) continue;
    NamedTensor tensor;
    const Status status = ReadOne(&*reader, folder, key, &tensor);
    EXPECT_EQ(status.ToString(), json["lookup_status"].text()) << key;
    const Json& digest = json["value"]["sha256"];
    if (status.ok() && !digest.is_null()) {
      EXPECT_EQ(Sha256(tensor.bytes), digest.text()) << key;
    }
  }
  // TensorFlow's iterator passes over a damaged block without a word; ours
  // stops at it and says so.
  if (GetParam() == "j_flip_third_block") {
    EXPECT_EQ(it.status().message(), "block checksum mismatch");
  } else {
    EXPECT_EQ(it.status().ToString(), "OK");
    EXPECT_EQ(listed, keys.size());
  }
}

TEST_P(Corpus, IsExplainedToTheLastByte) {
  const std::string index =
      *ReadFile(FolderPath(GetParam()) + "/model.ckpt.index");
  uint64_t at = 0;
  for (const Span& span : ExplainIndex(AsBytes(index))) {
    if (span.depth > 0) continue;
    ASSERT_EQ(span.offset, at);
    at += span.length;
  }
  EXPECT_EQ(at, index.size());
}

// What the writer makes of the values that were read, in the order in which
// the file has them.
TEST_P(Corpus, IsWrittenAgainTheSame) {
  const std::set<std::string> ours = {"a_tutorial", "b_dtypes", "b2_aligned",
                                      "c_strings",  "f_many",   "h_prefixes"};
  if (ours.count(GetParam()) == 0) return;
  const std::string folder = FolderPath(GetParam());
  const std::string index = *ReadFile(folder + "/model.ckpt.index");
  const std::string data =
      *ReadFile(folder + "/model.ckpt.data-00000-of-00001");
  io::MemorySource source("./model.ckpt.index", AsBytes(index));
  Result<BundleReader> reader = BundleReader::Open("model.ckpt", &source);
  ASSERT_TRUE(reader.ok());
  // By offset; an empty tensor shares its offset with the one behind it.
  std::map<std::tuple<int64_t, int64_t, std::string>, NamedTensor> tensors;
  EntryIterator it = reader->NewIterator();
  for (it.SeekAfter(""); it.Valid(); it.Next()) {
    Entry entry;
    ASSERT_TRUE(it.Read(&entry).ok());
    const std::string key(it.key());
    NamedTensor tensor = {key, entry.dtype, entry.shape, {}, {}};
    ASSERT_TRUE(ReadEntry(key, entry, false, data, &tensor).ok());
    tensors.emplace(std::make_tuple(entry.offset, entry.size, key), tensor);
  }
  std::vector<NamedTensor> ordered;
  for (auto& [place, tensor] : tensors) ordered.push_back(std::move(tensor));
  const BundleFiles files = WriteBundle(
      ordered, {.data_alignment = GetParam() == "b2_aligned" ? 64u : 1u});
  EXPECT_EQ(Sha256(files.index), Sha256(index));
  EXPECT_EQ(Sha256(files.data), Sha256(data));
}

// Prefixes of the genuine checkpoints, each with what TENSORS.json says.
TEST(CorpusCheckpoints, ReadAsTheirDescriptionSays) {
  const auto root = CorpusFolder("checkpoints");
  if (!root) return;
  size_t tensors = 0;
  for (const std::string& name : ListFolder(*root)) {
    const auto text = ReadFile(*root + "/" + name + "/TENSORS.json");
    if (!text) continue;
    const auto described = Json::Parse(*text);
    ASSERT_TRUE(described.has_value()) << name;
    for (const auto& [prefix, checkpoint] : described->members()) {
      if (checkpoint["format"].text() != "V2") continue;
      const std::string path =
          *root + "/" + name + "/" + (prefix == "(empty)" ? "" : prefix);
      const auto index = ReadFile(IndexFileName(path));
      if (!index) continue;
      io::MemorySource source("index", AsBytes(*index));
      Result<BundleReader> reader = BundleReader::Open(path, &source);
      ASSERT_TRUE(reader.ok()) << path << reader.status().ToString();
      for (const Json& json : checkpoint["tensors"].items()) {
        const std::string key = json["name"].text();
        const Result<Entry> entry = reader->Find(key);
        ASSERT_TRUE(entry.ok()) << path << " " << key;
        EXPECT_EQ(DTypePythonName(entry->dtype), json["dtype"].text());
        EXPECT_EQ(entry->offset, json["offset"].integer());
        EXPECT_EQ(entry->size, json["size"].integer());
        const auto data = ReadFile(reader->DataFile(entry->shard_id));
        if (!data) continue;
        NamedTensor tensor = {key, {}, {}, {}, {}};
        const Status status =
            ReadEntry(key, *entry, reader->header().big_endian, *data, &tensor);
        EXPECT_TRUE(status.ok()) << path << " " << key << status.ToString();
        if (entry->dtype != DType::kString && !json["sha256"].is_null()) {
          EXPECT_EQ(Sha256(tensor.bytes), json["sha256"].text()) << key;
        }
        ++tensors;
      }
    }
  }
  EXPECT_GT(tensors, 500u);
}

}  // namespace
}  // namespace tensorbundle::bundle
