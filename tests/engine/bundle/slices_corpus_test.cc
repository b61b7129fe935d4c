// Partitioned bundles and V1 checkpoints that TensorFlow wrote, where a corpus
// of them lies beside the repository; see corpus_test.cc.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "engine/bundle/slice_plan.h"
#include "engine/bundle/v1_reader.h"
#include "engine/io/memory_source.h"
#include "engine/util/coding.h"
#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/corpus.h"
#include "tests/engine/support/hex.h"
#include "tests/engine/support/json.h"
#include "tests/engine/support/sha256.h"

namespace tensorbundle::bundle {
namespace {

using testing::CorpusFolder;
using testing::Json;
using testing::ListFolder;
using testing::ReadFile;
using testing::Sha256;

// --- bundles ---

class BundleFolder {
 public:
  explicit BundleFolder(std::string folder)
      : folder_(std::move(folder)),
        index_(*ReadFile(folder_ + "/model.ckpt.index")),
        source_("./model.ckpt.index", AsBytes(index_)),
        reader_(BundleReader::Open("model.ckpt", &source_)) {}

  // The elements that `query` selects, joined.
  Result<std::string> Read(const std::string& name, const Slice& query) {
    TB_RETURN_IF_ERROR(reader_.status());
    TB_ASSIGN_OR_RETURN(const Entry entry, reader_->Find(name));
    TB_ASSIGN_OR_RETURN(const SlicePlan plan,
                        PlanSlices(&*reader_, name, entry, query));
    const size_t size = DTypeSize(entry.dtype);
    std::string result(static_cast<size_t>(plan.shape.num_elements()) * size,
                       '?');
    for (const SlicePart& part : plan.parts) {
      const std::string file = reader_->DataFile(part.entry.shard_id);
      const auto data = ReadFile(folder_ + "/" + file);
      if (!data) {
        return NotFoundError("./" + file + "; No such file or directory");
      }
      TB_ASSIGN_OR_RETURN(const std::string bytes,
                          ReadEntryBytes(part.key, part.entry,
                                         reader_->header().big_endian, *data));
      CopyElements(part.copy, size, AsBytes(bytes),
                   {reinterpret_cast<uint8_t*>(result.data()), result.size()});
    }
    return result;
  }

 private:
  std::string folder_;
  std::string index_;
  io::MemorySource source_;
  Result<BundleReader> reader_;
};

// As the descriptions have it: bytes that are no ASCII as "\\xHH".
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c >= 0 ? std::string(1, c)
                      : "\\x" + testing::ToHex(std::string_view(&c, 1));
  }
  return escaped;
}

TEST(SlicesCorpus, PartitionedTensorsAreJoinedAsTensorFlowJoinsThem) {
  const auto root = CorpusFolder("goldens");
  if (!root) return;
  size_t joined = 0;
  for (const std::string& name : ListFolder(*root)) {
    const std::string folder = *root + "/" + name;
    const auto text = ReadFile(folder + "/dump.json");
    if (!text || !ReadFile(folder + "/model.ckpt.index")) continue;
    const auto dump = Json::Parse(*text);
    ASSERT_TRUE(dump.has_value());
    BundleFolder bundle(folder);
    for (const Json& entry : (*dump)["entries"].items()) {
      if (entry["slices"].is_null()) continue;
      const std::string key = entry["key"].text();
      const int rank = static_cast<int>(entry["shape"].items().size());
      const Result<std::string> bytes = bundle.Read(key, Slice::Full(rank));
      // Which of several missing files is named first hangs on TensorFlow's
      // hash function.
      const std::string& expected = entry["lookup_status"].text();
      const std::string file = "Not found: ./model.ckpt.data-";
      const bool about_file = expected.rfind(file, 0) == 0;
      EXPECT_EQ(Escaped(bytes.status().ToString())
                    .substr(0, about_file ? file.size() : std::string::npos),
                about_file ? file : expected)
          << name << " " << key;
      if (!bytes.ok()) continue;
      EXPECT_EQ(Sha256(*bytes), entry["value"]["sha256"].text())
          << name << " " << key;
      ++joined;
    }
  }
  EXPECT_GT(joined, 5u);
}

TEST(SlicesCorpus, SlicesAreCutAsTensorFlowCutsThem) {
  const auto root = CorpusFolder("goldens");
  if (!root) return;
  const auto lookups =
      Json::Parse(*ReadFile(*root + "/d_partitioned/lookup_slice.json"));
  ASSERT_TRUE(lookups.has_value());
  BundleFolder bundle(*root + "/d_partitioned");
  for (const Json& lookup : lookups->items()) {
    const Result<std::string> bytes =
        bundle.Read(lookup["name"].text(), *ParseSlice(lookup["slice"].text()));
    EXPECT_EQ(bytes.status().ToString(), lookup["result"]["status"].text());
    EXPECT_EQ(Sha256(*bytes), lookup["result"]["value"]["sha256"].text());
  }
  EXPECT_GT(lookups->items().size(), 5u);
}

// --- V1 ---

// Files of a folder, in memory.
class V1Files {
 public:
  V1Files(const std::string& folder, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      contents_.push_back(
          std::make_unique<std::string>(*ReadFile(folder + "/" + name)));
      sources_.push_back(std::make_unique<io::MemorySource>(
          "./" + name, AsBytes(*contents_.back())));
    }
  }

  Result<V1Reader> Open(std::string pattern) const {
    std::vector<io::ByteSource*> files;
    for (const auto& source : sources_) files.push_back(source.get());
    return V1Reader::Open(std::move(pattern), std::move(files));
  }

 private:
  std::vector<std::unique_ptr<std::string>> contents_;
  std::vector<std::unique_ptr<io::MemorySource>> sources_;
};

Result<Tensor> Read(V1Reader* reader, const std::string& name) {
  TB_ASSIGN_OR_RETURN(V1Lookup lookup, reader->Lookup(name));
  TB_RETURN_IF_ERROR(lookup.Continue());
  return lookup.TakeResult();
}

// sha256_lenprefixed: each string behind its length as 8 bytes.
std::string LengthPrefixed(std::span<const std::string> strings) {
  std::string bytes;
  for (const std::string& s : strings) {
    AppendFixed64(&bytes, s.size());
    bytes += s;
  }
  return bytes;
}

void ExpectValue(const Result<Tensor>& tensor, const Json& sha256,
                 const Json& strings_sha256) {
  ASSERT_TRUE(tensor.ok()) << tensor.status().ToString();
  if (tensor->dtype() == DType::kString) {
    if (strings_sha256.is_null()) return;
    EXPECT_EQ(Sha256(LengthPrefixed(tensor->strings())), strings_sha256.text());
  } else {
    EXPECT_EQ(Sha256(tensor->bytes()), sha256.text());
  }
}

TEST(SlicesCorpus, V1CheckpointsReadAsTensorFlowReadsThem) {
  const auto root = CorpusFolder("goldens");
  if (!root) return;
  size_t tensors = 0;
  for (const char* name : {"g_v1_single", "g2_v1_partitioned", "g3_v1_snappy",
                           "g4_v1_sharded", "g5_v1_large_entry"}) {
    const std::string folder = *root + "/" + name;
    const auto dump = Json::Parse(*ReadFile(folder + "/dump.json"));
    ASSERT_TRUE(dump.has_value());
    std::vector<std::string> names;
    for (const std::string& file : ListFolder(folder)) {
      if (file.rfind("model.v1", 0) == 0) names.push_back(file);
    }
    const V1Files files(folder, names);
    Result<V1Reader> reader = files.Open((*dump)["pattern"].text());
    ASSERT_TRUE(reader.ok()) << name << reader.status().ToString();
    EXPECT_EQ(reader->num_files(),
              static_cast<size_t>((*dump)["num_files"].integer()));
    EXPECT_EQ(reader->num_tensors(), (*dump)["tensors"].items().size());
    for (const Json& json : (*dump)["tensors"].items()) {
      SCOPED_TRACE(std::string(name) + " " + json["name"].text());
      const Result<Entry> entry = reader->Find(json["name"].text());
      ASSERT_TRUE(entry.ok());
      EXPECT_EQ(static_cast<int64_t>(entry->dtype),
                json["dtype_enum"].integer());
      std::set<std::string> slices;
      for (const Slice& slice : entry->slices) slices.insert(slice.ToString());
      if (slices.empty())
        slices = {Slice::Full(entry->shape.rank()).ToString()};
      std::set<std::string> described;
      for (const Json& slice : json["slices"].items()) {
        described.insert(slice["slice"].text());
      }
      EXPECT_EQ(slices, described);
      ExpectValue(Read(&*reader, json["name"].text()), json["value"]["sha256"],
                  json["value"]["sha256_lenprefixed"]);
      ++tensors;
    }
  }
  EXPECT_GT(tensors, 100u);
}

TEST(SlicesCorpus, GenuineV1CheckpointsReadAsTheirDescriptionSays) {
  const auto root = CorpusFolder("checkpoints");
  if (!root) return;
  size_t tensors = 0;
  for (const std::string& name : ListFolder(*root)) {
    const auto text = ReadFile(*root + "/" + name + "/TENSORS.json");
    if (!text) continue;
    const auto described = Json::Parse(*text);
    ASSERT_TRUE(described.has_value()) << name;
    for (const auto& [path, checkpoint] : described->members()) {
      if (checkpoint["format"].text() != "V1") continue;
      const size_t slash = path.rfind('/');
      const std::string folder =
          *root + "/" + name + "/" +
          (slash == std::string::npos ? "" : path.substr(0, slash));
      std::vector<std::string> names;
      for (const Json& file : checkpoint["files"].items()) {
        names.push_back(file.text());
      }
      const V1Files files(folder, names);
      Result<V1Reader> reader = files.Open(path);
      ASSERT_TRUE(reader.ok()) << name << reader.status().ToString();
      for (const Json& json : checkpoint["tensors"].items()) {
        SCOPED_TRACE(path + " " + json["name"].text());
        const Result<Entry> entry = reader->Find(json["name"].text());
        ASSERT_TRUE(entry.ok());
        EXPECT_EQ(DTypePythonName(entry->dtype), json["dtype"].text());
        ASSERT_EQ(json["slices"].items().size(), 1u);
        ExpectValue(Read(&*reader, json["name"].text()),
                    json["slices"].items()[0]["sha256"], Json());
        ++tensors;
      }
    }
  }
  EXPECT_GT(tensors, 50u);
}

}  // namespace
}  // namespace tensorbundle::bundle
