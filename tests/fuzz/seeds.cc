// fuzz_seeds FOLDER: writes FOLDER/<target>/<name>, first inputs for every
// fuzzer: files of our own writers, and those of the corpus where there is one.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/bundle_writer.h"
#include "engine/bundle/slice_key.h"
#include "engine/bundle/string_tensor.h"
#include "engine/bundle/v1_record.h"
#include "engine/bundle/v1_writer.h"
#include "engine/checkpoint/state_file.h"
#include "engine/io/byte_sink.h"
#include "engine/metagraph/text_format.h"
#include "engine/table/block_builder.h"
#include "engine/table/compression.h"
#include "engine/table/format.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"
#include "tests/engine/support/corpus.h"
#include "tests/engine/support/goldens.h"
#include "tests/engine/table/snappy_encode.h"
#include "tests/fuzz/graph_seeds.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {
namespace {

using testing::NamedTensor;

// Larger inputs slow a fuzzer down more than they teach it.
constexpr size_t kMaxSeedSize = 40000;

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void Add(const std::string& target, std::string_view bytes) {
    if (bytes.size() > kMaxSeedSize) return;
    const std::filesystem::path home = folder_ / target;
    std::filesystem::create_directories(home);
    const std::string name = "seed-" + std::to_string(counts_[target]++);
    std::ofstream out(home / name, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  // An index with its data file, for all targets that read such files.
  void AddBundle(const std::string& index, const std::string& data) {
    Add("table", index);
    Add("explain", index);
    // As it is, and with a bit of it wrong.
    Add("salvage", std::string(3, '\0') + index);
    Add("salvage", "\2\123\1" + index);
    if (data.size() > UINT16_MAX) return;
    std::string both;
    both += static_cast<char>(data.size() & 0xff);
    both += static_cast<char>(data.size() >> 8);
    Add("bundle", both + data + index);
  }

  void AddMetaGraph(const std::string& message) {
    Add("meta_graph", '\0' + message);
    Add("meta_text", message);
    Add("graph_summary", message);
    const auto text = metagraph::PrintMetaGraph(AsBytes(message));
    if (text.ok()) AddMetaGraphText(*text);
  }

  void AddMetaGraphText(const std::string& text) {
    Add("meta_graph", '\1' + text);
    Add("meta_text", text);
  }

 private:
  std::filesystem::path folder_;
  std::map<std::string, int> counts_;
};

void AddBundles(std::span<const NamedTensor> tensors, Seeds* seeds) {
  bundle::BundleWriter writer;
  std::string data;
  for (const NamedTensor& tensor : tensors) {
    std::string bytes = tensor.bytes;
    if (tensor.dtype == DType::kString) {
      Require(
          writer.AddStrings(tensor.key, tensor.shape, tensor.strings, &bytes)
              .ok());
      std::string flags(1, '\0');
      flags += static_cast<char>(tensor.strings.size() & 0xff);
      flags += static_cast<char>(tensor.strings.size() >> 8);
      seeds->Add("string_tensor", flags + bytes);
    } else {
      Require(writer.Add(tensor.key, tensor.dtype, tensor.shape).ok());
      Require(writer.Append(AsBytes(bytes)).ok());
    }
    Require(writer.EndTensor().ok());
    data += bytes;
  }
  io::MemorySink sink;
  Require(writer.Finish(&sink).ok());
  seeds->AddBundle(sink.contents(), data);
}

void AddV1(std::span<const NamedTensor> tensors, Seeds* seeds) {
  bundle::V1Writer writer;
  for (const NamedTensor& tensor : tensors) {
    if (!bundle::IsV1DType(tensor.dtype)) continue;
    const Slice whole = Slice::Full(tensor.shape.rank());
    const bool strings = tensor.dtype == DType::kString;
    Require((strings ? writer.AddStrings(tensor.key, tensor.shape, whole,
                                         tensor.strings)
                     : writer.Add(tensor.key, tensor.shape, whole, tensor.dtype,
                                  AsBytes(tensor.bytes)))
                .ok());
    const int64_t count = tensor.shape.num_elements();
    std::string record;
    record += static_cast<char>(tensor.dtype);
    record += static_cast<char>(count & 0xff);
    record += static_cast<char>(count >> 8);
    record +=
        (strings ? bundle::EncodeV1Record(tensor.key, whole, tensor.strings)
                 : bundle::EncodeV1Record(tensor.key, whole, tensor.dtype,
                                          AsBytes(tensor.bytes)))
            .value();
    seeds->Add("v1_record", record);
  }
  io::MemorySink sink;
  Require(writer.Finish(&sink).ok());
  seeds->Add("v1", sink.contents());
}

// A matrix in two slices and three, in both formats.
void AddPartitioned(Seeds* seeds) {
  const Shape shape = Shape::Of({4, 3});
  const std::string rows = testing::Iota(DType::kFloat, 12, 1);
  bundle::V1Writer v1;
  bundle::Entry whole;
  whole.dtype = DType::kFloat;
  whole.shape = shape;
  seeds->Add("entry", bundle::SerializeEntry(whole));
  for (int64_t start = 0; start < 4; start += 2) {
    const Slice slice = {{{start, 2}, {0, SliceExtent::kFull}}};
    whole.slices.push_back(slice);
    const std::string part =
        rows.substr(static_cast<size_t>(start) * 12, 2 * 12);
    Require(v1.Add("split", shape, slice, DType::kFloat, AsBytes(part)).ok());
    seeds->Add("text", bundle::EncodeSliceKey("split", slice));
    seeds->Add("text", "4 3 " + slice.ToString());
    seeds->Add("text", slice.ToString());
  }
  seeds->Add("entry", bundle::SerializeEntry(whole));
  io::MemorySink sink;
  Require(v1.Finish(&sink).ok());
  seeds->Add("v1", sink.contents());
}

// A table of one data block, both blocks compressed.
void AddCompressedTable(Seeds* seeds) {
  std::string file;
  const auto append_block = [&](std::string_view key, std::string_view value) {
    table::BlockBuilder block(table::kRestartInterval);
    if (!key.empty()) block.Add("", AsBytes(value));
    block.Add(std::string(key) + std::string(100, 'k'), AsBytes(value));
    const std::string compressed =
        table::SnappyCompress(AsString(block.Finish()));
    seeds->Add("snappy", compressed);
    const table::BlockHandle handle = {file.size(), compressed.size()};
    file += compressed;
    table::AppendBlockTrailer(AsBytes(compressed), table::kSnappy, &file);
    return handle;
  };
  const table::BlockHandle data =
      append_block("name", bundle::SerializeHeader({}));
  std::string encoded;
  data.AppendTo(&encoded);
  table::Footer footer;
  footer.metaindex = data;
  footer.index = append_block("", encoded);
  footer.AppendTo(&file);
  seeds->AddBundle(file, "");
}

void AddTexts(Seeds* seeds) {
  checkpoint::CheckpointState state;
  state.model_checkpoint_path = "model.ckpt-1000";
  state.all_model_checkpoint_paths = {"model.ckpt-500", "model.ckpt-1000"};
  state.all_model_checkpoint_timestamps = {1571165240.0, 1571165245.1539788};
  state.last_preserved_timestamp = 1571165240.0;
  seeds->Add("state_file", checkpoint::PrintCheckpointState(state));
  for (const char* text :
       {"model_checkpoint_path: 'a\\x41\\101' \"b\" # c\r\n",
        "all_model_checkpoint_paths: [\"a\", 'b'],"
        "last_preserved_timestamp: -inf; all_model_checkpoint_timestamps: 1e9f",
        "\xef\xbb\xbfmodel_checkpoint_path: \"/home/\xe4\xb8\xad/m\""}) {
    seeds->Add("state_file", text);
  }
  for (const char* text : {"a/b.index", "a/b.data-00000-of-00001", "-:0,1:2,3",
                           "DT_FLOAT", "float32", "1.7976931348623157e308",
                           "4.9e-324", "../a//b/./c", "10 10 0,5:-"}) {
    seeds->Add("text", text);
  }
}

void AddGraphs(Seeds* seeds) {
  std::string saved_model;
  for (const std::string& message : WrittenMetaGraphs()) {
    seeds->AddMetaGraph(message);
    AppendWireBytes(&saved_model, 2, message);
  }
  seeds->Add("graph_summary", saved_model);
  for (const std::string& text : MetaGraphTexts()) {
    seeds->AddMetaGraphText(text);
  }
}

// A SavedModel, and each graph of it.
void AddSavedModel(const std::string& bytes, Seeds* seeds) {
  seeds->Add("graph_summary", bytes);
  Cursor cursor(AsBytes(bytes));
  WireField field;
  while (!cursor.empty() && ReadWireField(&cursor, &field)) {
    if (field.number == 2) {
      seeds->AddMetaGraph(std::string(AsString(field.bytes)));
    }
  }
}

void AddCorpus(Seeds* seeds) {
  for (const char* collection : {"goldens", "checkpoints"}) {
    const auto folder = testing::CorpusFolder(collection);
    if (!folder) continue;
    for (const auto& found :
         std::filesystem::recursive_directory_iterator(*folder)) {
      if (!found.is_regular_file()) continue;
      const std::string path = found.path().string();
      const std::string name = found.path().filename().string();
      const std::string bytes = testing::ReadFile(path).value_or("");
      if (name.ends_with(".index")) {
        const std::string prefix = path.substr(0, path.size() - 6);
        seeds->AddBundle(
            bytes,
            testing::ReadFile(prefix + ".data-00000-of-00001").value_or(""));
      } else if (name == "checkpoint") {
        seeds->Add("state_file", bytes);
      } else if (name.ends_with(".meta")) {
        seeds->AddMetaGraph(bytes);
      } else if (name == "saved_model.pb") {
        AddSavedModel(bytes, seeds);
      } else if (bytes.size() > table::kFooterSize &&
                 DecodeFixed64(AsBytes(bytes).last(8).data()) ==
                     table::kTableMagic) {
        seeds->Add("v1", bytes);
        seeds->Add("table", bytes);
      }
    }
  }
}

void AddAll(const std::string& folder) {
  Seeds seeds{folder};
  const std::vector<NamedTensor> tensors =
      testing::TensorsOfAllDTypes(testing::PackedFileDTypes(), 1);
  constexpr size_t kPerFile = 10;
  for (size_t i = 0; i < tensors.size(); i += kPerFile) {
    const auto some =
        std::span(tensors).subspan(i, std::min(kPerFile, tensors.size() - i));
    AddBundles(some, &seeds);
    AddV1(some, &seeds);
    seeds.Add("round_trip", testing::PhiloxBytes(DType::kUint8, 600, i));
  }
  AddPartitioned(&seeds);
  AddCompressedTable(&seeds);
  AddTexts(&seeds);
  AddGraphs(&seeds);
  bundle::Header header;
  header.producer = 1;
  seeds.Add("entry", bundle::SerializeHeader(header));
  AddCorpus(&seeds);
}

}  // namespace
}  // namespace tensorbundle::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  tensorbundle::fuzz::AddAll(argv[1]);
  return 0;
}
