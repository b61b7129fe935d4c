// Reading V1 checkpoints: metadata of all shards joined, any slice of any
// tensor, TensorFlow's words for what is wrong (engine/docs/v1-format.md).
#include "engine/bundle/v1_reader.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/bundle/v1_writer.h"
#include "engine/io/host_files.h"
#include "engine/io/memory_source.h"
#include "engine/table/table_builder.h"
#include "engine/util/coding.h"
#include "tests/engine/support/goldens.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::Iota;

// The files of a checkpoint, in memory.
class Files {
 public:
  void Add(std::string name, std::string contents) {
    contents_.push_back(std::make_unique<std::string>(std::move(contents)));
    sources_.push_back(std::make_unique<io::MemorySource>(
        std::move(name), AsBytes(*contents_.back())));
  }

  Result<V1Reader> Open(std::string pattern = "P") const {
    std::vector<io::ByteSource*> files;
    for (const auto& source : sources_) files.push_back(source.get());
    return V1Reader::Open(std::move(pattern), std::move(files));
  }

 private:
  std::vector<std::unique_ptr<std::string>> contents_;
  std::vector<std::unique_ptr<io::MemorySource>> sources_;
};

std::string Finish(V1Writer* writer) {
  io::MemorySink sink;
  EXPECT_TRUE(writer->Finish(&sink).ok());
  return sink.TakeContents();
}

// Rows [begin, begin + 2) of "t", int32 [6,2] with elements 0, 1, ...; a float
// of the file's own.
std::string Shard(int64_t begin) {
  V1Writer writer;
  EXPECT_TRUE(
      writer
          .Add("t", Shape::Of({6, 2}), Slice{{{begin, 2}, {}}}, DType::kInt32,
               AsBytes(Iota(DType::kInt32, 4, static_cast<double>(2 * begin))))
          .ok());
  EXPECT_TRUE(writer
                  .Add("own" + std::to_string(begin), Shape(), Slice(),
                       DType::kFloat, AsBytes(Iota(DType::kFloat, 1, 5)))
                  .ok());
  return Finish(&writer);
}

Files Sharded() {
  Files files;
  for (const int64_t begin : {0, 2, 4}) {
    files.Add("P-" + std::to_string(begin), Shard(begin));
  }
  return files;
}

Result<Tensor> Read(V1Reader* reader, std::string_view name) {
  TB_ASSIGN_OR_RETURN(V1Lookup lookup, reader->Lookup(name));
  TB_RETURN_IF_ERROR(lookup.Continue());
  return lookup.TakeResult();
}

Result<Tensor> ReadSlice(V1Reader* reader, std::string_view name,
                         std::string_view text) {
  TB_ASSIGN_OR_RETURN(const Slice slice, ParseSlice(text));
  TB_ASSIGN_OR_RETURN(V1Lookup lookup, reader->LookupSlice(name, slice));
  TB_RETURN_IF_ERROR(lookup.Continue());
  return lookup.TakeResult();
}

std::vector<int32_t> Ints(const Result<Tensor>& tensor) {
  if (!tensor.ok()) return {};
  const auto values = tensor->as<int32_t>();
  return {values.begin(), values.end()};
}

TEST(V1Reader, ShardsAreOneCheckpoint) {
  const Files files = Sharded();
  Result<V1Reader> reader = files.Open();
  ASSERT_TRUE(reader.ok()) << reader.status().ToString();
  EXPECT_EQ(reader->num_files(), 3u);
  EXPECT_EQ(reader->num_tensors(), 4u);
  const Result<Entry> entry = reader->Find("t");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->dtype, DType::kInt32);
  EXPECT_EQ(entry->shape, Shape::Of({6, 2}));
  ASSERT_EQ(entry->slices.size(), 3u);
  EXPECT_EQ(entry->slices[1].ToString(), "2,2:-");
  EXPECT_TRUE(reader->Find("own0")->slices.empty());

  const Result<Tensor> whole = Read(&*reader, "t");
  ASSERT_TRUE(whole.ok()) << whole.status().ToString();
  EXPECT_EQ(whole->shape(), Shape::Of({6, 2}));
  EXPECT_EQ(Ints(whole),
            (std::vector<int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(Read(&*reader, "own4")->as<float>()[0], 5);
}

TEST(V1Reader, AnySliceIsCutAcrossStoredOnes) {
  const Files files = Sharded();
  Result<V1Reader> reader = files.Open();
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(Ints(ReadSlice(&*reader, "t", "2,2:-")),
            (std::vector<int32_t>{4, 5, 6, 7}));
  EXPECT_EQ(Ints(ReadSlice(&*reader, "t", "1,4:1,1")),
            (std::vector<int32_t>{3, 5, 7, 9}));
  EXPECT_EQ(ReadSlice(&*reader, "t", "1,4:1,1")->shape(), Shape::Of({4, 1}));
  EXPECT_EQ(ReadSlice(&*reader, "t", "5,2:-").status().code(), Code::kInternal);
  EXPECT_EQ(ReadSlice(&*reader, "t", "5,1").status().code(), Code::kInternal);
}

TEST(V1Reader, SlicesOfStringsAreJoined) {
  V1Writer writer;
  const std::vector<std::string> left = {"a", "", "c"};
  const std::vector<std::string> right = {"dd", "e", std::string(1, '\0')};
  const Shape shape = Shape::Of({3, 2});
  ASSERT_TRUE(writer.AddStrings("s", shape, *ParseSlice("-:0,1"), left).ok());
  ASSERT_TRUE(writer.AddStrings("s", shape, *ParseSlice("-:1,1"), right).ok());
  Files files;
  files.Add("P", Finish(&writer));
  Result<V1Reader> reader = files.Open();
  ASSERT_TRUE(reader.ok());
  const Result<Tensor> tensor = Read(&*reader, "s");
  ASSERT_TRUE(tensor.ok()) << tensor.status().ToString();
  const std::vector<std::string> strings(tensor->strings().begin(),
                                         tensor->strings().end());
  EXPECT_EQ(strings, (std::vector<std::string>{"a", "dd", "", "e", "c",
                                               std::string(1, '\0')}));
}

TEST(V1Reader, EntriesAreListedInBatches) {
  const Files files = Sharded();
  const Result<V1Reader> reader = files.Open();
  ASSERT_TRUE(reader.ok());
  std::string records;
  EXPECT_EQ(reader->EncodeEntries("", 3, &records), 3u);
  EXPECT_EQ(records.substr(56, 4), "own0");
  EXPECT_EQ(reader->EncodeEntries("own4", 3, &records), 1u);
  EXPECT_EQ(DecodeFixed32(AsBytes(records).data() + 48), 3u);  // slices
  EXPECT_EQ(reader->EncodeEntries("t", 3, &records), 0u);
  EXPECT_EQ(records, "");
}

TEST(V1Reader, MissingTensorsAndSlices) {
  Files files;
  files.Add("P-0", Shard(0));
  files.Add("P-4", Shard(4));
  Result<V1Reader> reader = files.Open("P-?");
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->Find("x").status().ToString(),
            "Not found: Tensor name \"x\" not found in checkpoint files P-?");
  EXPECT_EQ(Read(&*reader, "x").status().code(), Code::kNotFound);
  EXPECT_EQ(Read(&*reader, "t").status().ToString(),
            "Invalid argument: Error copying slice data");
  EXPECT_EQ(Ints(ReadSlice(&*reader, "t", "4,1:-")),
            (std::vector<int32_t>{8, 9}));
}

TEST(V1Reader, WrongFilesHaveTensorFlowsSentences) {
  const auto error = [](std::string contents) {
    Files files;
    files.Add("f", std::move(contents));
    return files.Open().status().ToString();
  };
  EXPECT_EQ(Files().Open("d/m-?").status().ToString(),
            "Not found: Unsuccessful TensorSliceReader constructor: Failed to "
            "find any matching files for d/m-?");
  EXPECT_EQ(error(std::string(100, 'x')),
            "Data loss: Unable to open table file f: Data loss: not an sstable "
            "(bad magic number): perhaps your file is in a different file "
            "format and you need to use a different restore operator?");
  EXPECT_EQ(error("x"),
            "Data loss: Unable to open table file f: Data loss: file is too "
            "short to be an sstable: perhaps your file is in a different file "
            "format and you need to use a different restore operator?");
  const auto table = [](std::string_view metadata_hex) {
    io::MemorySink sink;
    table::TableBuilder builder(&sink);
    EXPECT_TRUE(builder.Add("", AsBytes(FromHex(metadata_hex))).ok());
    EXPECT_TRUE(builder.Finish().ok());
    return sink.TakeContents();
  };
  const std::string none =
      "Internal: Failed to find the saved tensor slices at the beginning of "
      "the checkpoint file: f";
  EXPECT_EQ(error(table("ff")), none);
  std::string damaged = table("0a 00");
  damaged[3] ^= 1;
  EXPECT_EQ(error(damaged), none);
  // The header of a V2 index is, to a V1 reader, a message of unknown fields.
  EXPECT_EQ(error(table("08 01 1a 02 08 01")), "OK");
  EXPECT_EQ(error(table("0a 04 12 02 10 02")),
            "Invalid argument: Checkpoint min consumer version 2 above current "
            "version 1 for TensorFlow 1.15.0.  Please upgrade TensorFlow.");
  // Shape [-1].
  EXPECT_EQ(error(table("0a 18 0a 16 0a 01 77 12 0d 12 0b 08 ffffffffffffffffff"
                        "01 22 02 0a 00"))
                .substr(0, 36),
            "Data loss: Invalid tensor shape: w: ");
}

TEST(V1Reader, ShardsThatContradictEachOther) {
  const auto error = [](const Shape& shape, DType dtype, const char* slice) {
    V1Writer writer;
    const std::string elements(DTypeSize(dtype) * 2, '\0');
    EXPECT_TRUE(
        writer.Add("t", shape, *ParseSlice(slice), dtype, AsBytes(elements))
            .ok());
    Files files;
    files.Add("P-0", Shard(0));
    files.Add("P-1", Finish(&writer));
    return files.Open().status();
  };
  EXPECT_EQ(error(Shape::Of({6, 1}), DType::kInt32, "4,2:-").ToString(),
            "Internal: Incompatible tensor shapes detected for tensor t: "
            "existing = [6,2], new = [6,1]");
  EXPECT_EQ(error(Shape::Of({6, 2}), DType::kFloat, "2,1:-").ToString(),
            "Internal: Incompatible tensor types detected for tensor t: "
            "existing = int32, new = float");
  const Status overlap = error(Shape::Of({6, 2}), DType::kInt32, "1,1:-");
  EXPECT_EQ(overlap.ToString(),
            "Internal: Overlapping slices: existing slice = 0,2:-, new slice = "
            "1,1:-");
  EXPECT_EQ(overlap.location().file, "P-1");
  EXPECT_EQ(overlap.location().tensor, "t");
}

// A file whose metadata promises `shape` for the uint8 slice of a record that
// holds one value; a second table entry is left out when `record` is false.
std::string Promising(std::string_view shape_hex, bool record) {
  const std::string shape = FromHex(shape_hex);
  std::string tensor = FromHex("0a 01 77 12");
  tensor += static_cast<char>(shape.size());
  tensor += shape + FromHex("18 04 22 02 0a 00");
  std::string meta = FromHex("0a");
  meta += static_cast<char>(tensor.size() + 2);
  meta += FromHex("0a");
  meta += static_cast<char>(tensor.size());
  meta += tensor;
  io::MemorySink sink;
  table::TableBuilder builder(&sink);
  EXPECT_TRUE(builder.Add("", AsBytes(meta)).ok());
  if (record) {
    EXPECT_TRUE(builder
                    .Add(FromHex("00 77 00 01 01 01 80 7f"),
                         AsBytes(FromHex("12 05 1a 03 3a 01 05")))
                    .ok());
  }
  EXPECT_TRUE(builder.Finish().ok());
  return sink.TakeContents();
}

TEST(V1Reader, RecordsThatAreMissingOrTooShort) {
  const std::string three = "12 02 08 03";
  const std::string two_to_the_50 = "12 09 08 8080808080808002";
  for (const std::string& contents :
       {Promising(three, false), Promising(three, true),
        Promising(two_to_the_50, true)}) {
    Files files;
    files.Add("f", contents);
    Result<V1Reader> reader = files.Open();
    ASSERT_TRUE(reader.ok()) << reader.status().ToString();
    const Status status = Read(&*reader, "w").status();
    EXPECT_EQ(status.ToString(), "Invalid argument: Error copying slice data");
    EXPECT_EQ(status.location().file, "f");
    EXPECT_EQ(status.location().tensor, "w");
    EXPECT_EQ(ReadSlice(&*reader, "w", "1,2").status().code(),
              Code::kInvalidArgument);
  }
  Files files;
  files.Add("f", Promising("12 02 08 01", true));
  Result<V1Reader> reader = files.Open();
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(AsString(Read(&*reader, "w")->bytes()), "\x05");
}

// Answers one need at a time. Returns how often `operation` was called.
template <typename Operation>
int Replay(io::HostFiles* host, const std::vector<std::string>& contents,
           Operation operation) {
  int calls = 1;
  while (operation().code() == Code::kNeedBytes) {
    ++calls;
    const io::Need need = host->need();
    const std::string& file = contents[static_cast<size_t>(need.file[0] - '0')];
    if (need.kind == io::Need::Kind::kFile) {
      host->AddFile(need.file, file.size());
      continue;
    }
    Result<uint8_t*> memory =
        host->Reserve(need.file, need.offset, need.length);
    EXPECT_TRUE(memory.ok());
    if (!memory.ok()) return calls;
    std::copy_n(file.begin() + static_cast<long>(need.offset), need.length,
                *memory);
    EXPECT_TRUE(host->Commit(need.file, need.offset, need.length).ok());
  }
  return calls;
}

TEST(V1Reader, BytesMayComeOneNeedAtATime) {
  const std::vector<std::string> contents = {Shard(0), Shard(2), Shard(4)};
  io::HostFiles host;
  std::vector<V1Reader> opened;
  const int opening = Replay(&host, contents, [&]() -> Status {
    std::vector<io::ByteSource*> files;
    for (const char* name : {"0", "1", "2"}) {
      TB_ASSIGN_OR_RETURN(io::ByteSource * file, host.Open(name));
      files.push_back(file);
    }
    TB_ASSIGN_OR_RETURN(V1Reader reader, V1Reader::Open("P", files));
    opened.push_back(std::move(reader));
    return OkStatus();
  });
  ASSERT_EQ(opened.size(), 1u);
  // Of each file: its name, footer, index block and first data block.
  EXPECT_LE(opening, 1 + 3 * 4);
  Result<V1Lookup> lookup = opened[0].Lookup("t");
  ASSERT_TRUE(lookup.ok());
  Replay(&host, contents, [&] { return lookup->Continue(); });
  EXPECT_EQ(Ints(lookup->TakeResult()),
            (std::vector<int32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

// What a damaged checkpoint answers to everything: an error, or what is there.
TEST(V1Reader, EveryTruncationIsAnError) {
  const std::string whole = Shard(0);
  for (size_t n = 0; n < whole.size(); ++n) {
    Files files;
    files.Add("f", whole.substr(0, n));
    EXPECT_EQ(files.Open().status().code(), Code::kDataLoss) << n;
  }
}

TEST(V1Reader, EveryFlippedBitIsAnErrorOrHarmless) {
  const std::string whole = Shard(0);
  int errors = 0;
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    Files files;
    files.Add("f", flipped);
    Result<V1Reader> reader = files.Open();
    if (!reader.ok()) {
      ++errors;
      continue;
    }
    const Result<Tensor> slice = ReadSlice(&*reader, "t", "0,2:-");
    if (slice.ok()) {
      EXPECT_EQ(Ints(slice), (std::vector<int32_t>{0, 1, 2, 3})) << bit;
    }
  }
  EXPECT_GT(errors, 1000);
}

}  // namespace
}  // namespace tensorbundle::bundle
