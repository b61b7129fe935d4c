// Variables come back from checkpoints that were not written variable by
// variable: in slices, across shards, in the V1 format.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/bundle_writer.h"
#include "engine/bundle/v1_writer.h"
#include "engine/io/memory_source.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "engine/session/session.h"
#include "engine/train/restore_operation.h"
#include "engine/train/saver_graph.h"

namespace tensorbundle::train {
namespace {

uint64_t NoEntropy() { return 1; }

Tensor Floats(const Shape& shape, const std::vector<float>& values) {
  return *Tensor::FromBytes(
      DType::kFloat, shape,
      Bytes(reinterpret_cast<const uint8_t*>(values.data()),
            values.size() * sizeof(float)));
}

// A matrix "Variable" [2,3] and a list of strings "Variable_1", both of
// nothing.
struct Program {
  Program() : graph(ops::NewGraph()), session(graph, &NoEntropy) {
    const Tensor zeros = Floats(Shape::Of({2, 3}), {0, 0, 0, 0, 0, 0});
    const Tensor blanks =
        Tensor::FromStrings(Shape::Of({3}), std::vector<std::string>(3));
    for (const Tensor& value : {zeros, blanks}) {
      variables.push_back(*ops::MakeVariable(graph.get(), value, {}));
    }
    saver = *BuildSaverGraph(graph.get(), *SaveablesFromList(variables), {});
    const graph::Node* init = *ops::GlobalVariablesInitializer(graph.get());
    EXPECT_TRUE(session.Run({}, {}, {{init}}).ok());
  }

  Tensor Value(size_t i) {
    return (*session.Run({}, {{variables[i]->variable}}, {}))[0];
  }
  std::vector<float> Matrix() {
    const Tensor value = Value(0);
    const auto span = value.as<float>();
    return {span.begin(), span.end()};
  }
  std::vector<std::string> Words() {
    const Tensor value = Value(1);
    const auto span = value.strings();
    return {span.begin(), span.end()};
  }

  std::shared_ptr<graph::Graph> graph;
  session::Session session;
  std::vector<const graph::Variable*> variables;
  SaverGraph saver;
};

const std::vector<float> kMatrix = {1, 2, 3, 4, 5, 6};
const std::vector<std::string> kWords = {"one", "", "three"};

std::string FloatBytes(const std::vector<float>& values) {
  return std::string(
      AsString(Floats(Shape::Of({int64_t(values.size())}), values).bytes()));
}

struct Files {
  std::string index;
  std::vector<std::string> data;  // one a shard
};

void AddBytes(bundle::BundleWriter* writer, Files* files,
              const std::string& bytes) {
  EXPECT_TRUE(writer->Append(AsBytes(bytes)).ok());
  EXPECT_TRUE(writer->EndTensor().ok());
  files->data.back() += bytes;
}

// The matrix in two columns and one, the words in one and two, each second part
// in a second shard.
Files WriteSliced() {
  Files files;
  files.data.emplace_back();
  bundle::BundleWriter writer;
  const auto add_columns = [&](int64_t start, int64_t length,
                               const std::vector<float>& values) {
    const std::string key = *writer.RegisterSlice(
        "Variable", DType::kFloat, Shape::Of({2, 3}),
        Slice{{{0, SliceExtent::kFull}, {start, length}}});
    EXPECT_TRUE(writer.Add(key, DType::kFloat, Shape::Of({2, length})).ok());
    AddBytes(&writer, &files, FloatBytes(values));
  };
  const auto add_words = [&](int64_t start,
                             const std::vector<std::string>& words) {
    const int64_t length = static_cast<int64_t>(words.size());
    const std::string key = *writer.RegisterSlice(
        "Variable_1", DType::kString, Shape::Of({3}), Slice{{{start, length}}});
    std::string data;
    EXPECT_TRUE(writer.AddStrings(key, Shape::Of({length}), words, &data).ok());
    EXPECT_TRUE(writer.EndTensor().ok());
    files.data.back() += data;
  };
  add_columns(0, 2, {1, 2, 4, 5});
  add_words(0, {"one"});
  EXPECT_TRUE(writer.NextShard().ok());
  files.data.emplace_back();
  add_columns(2, 1, {3, 6});
  add_words(1, {"", "three"});
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  files.index = sink.contents();
  return files;
}

Status Restore(Program& program, const Files& files, size_t chunk) {
  io::MemorySource source("m.index", AsBytes(files.index));
  TB_ASSIGN_OR_RETURN(bundle::BundleReader reader,
                      bundle::BundleReader::Open("m", &source));
  RestoreOperation operation(&program.session, &program.saver, &reader);
  TB_RETURN_IF_ERROR(operation.Prepare());
  for (size_t i = 0; i < operation.num_reads(); ++i) {
    const bundle::PlannedRead& read = operation.read(i);
    Bytes rest = AsBytes(files.data[static_cast<size_t>(read.shard_id)])
                     .subspan(read.extent.offset, read.extent.length);
    do {
      const Bytes piece = rest.first(std::min(chunk, rest.size()));
      TB_RETURN_IF_ERROR(operation.Supply(i, piece));
      rest = rest.subspan(piece.size());
    } while (!rest.empty());
  }
  return operation.Finish();
}

TEST(RestoreFormats, SlicesAcrossShardsAreJoined) {
  const Files files = WriteSliced();
  for (const size_t chunk : {size_t{1}, size_t{5}, size_t{1000}}) {
    Program program;
    const Status status = Restore(program, files, chunk);
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ(program.Matrix(), kMatrix);
    EXPECT_EQ(program.Words(), kWords);
  }
}

TEST(RestoreFormats, EveryFlippedBitOfASliceIsFoundBeforeAnythingChanges) {
  const Files files = WriteSliced();
  for (size_t shard = 0; shard < 2; ++shard) {
    for (size_t bit = 0; bit < files.data[shard].size() * 8; ++bit) {
      Files damaged = files;
      char& byte = damaged.data[shard][bit / 8];
      byte = static_cast<char>(byte ^ 1 << bit % 8);
      Program program;
      ASSERT_EQ(Restore(program, damaged, 7).code(), Code::kDataLoss) << bit;
      ASSERT_EQ(program.Matrix(), std::vector<float>(6));
      ASSERT_EQ(program.Words(), std::vector<std::string>(3));
    }
  }
}

// --- slices of variables ---

TEST(RestoreFormats, APartOfAVariableTakesItsSliceOfTheWhole) {
  bundle::BundleWriter writer;
  Files files;
  files.data.emplace_back();
  ASSERT_TRUE(writer.Add("Variable", DType::kFloat, Shape::Of({4, 3})).ok());
  AddBytes(&writer, &files, FloatBytes({9, 9, 9, 1, 2, 3, 4, 5, 6, 9, 9, 9}));
  std::string data;
  ASSERT_TRUE(
      writer.AddStrings("Variable_1", Shape::Of({3}), kWords, &data).ok());
  ASSERT_TRUE(writer.EndTensor().ok());
  files.data.back() += data;
  io::MemorySink sink;
  ASSERT_TRUE(writer.Finish(&sink).ok());
  files.index = sink.contents();

  Program program;
  program.saver.slots[0].slice_spec = "4 3 1,2:0,3";
  const Status status = Restore(program, files, 5);
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(program.Matrix(), kMatrix);
  EXPECT_EQ(program.Words(), kWords);

  program.saver.slots[0].slice_spec = "5 3 1,2:0,3";
  EXPECT_NE(Restore(program, files, 5)
                .message()
                .find("tensor_name = Variable; shape in shape_and_slice spec "
                      "[5,3] does not match the shape stored in checkpoint: "
                      "[4,3]"),
            std::string::npos);
}

// --- V1 ---

std::string WriteV1(DType dtype) {
  bundle::V1Writer writer;
  const Slice columns[] = {Slice{{{0, SliceExtent::kFull}, {0, 2}}},
                           Slice{{{0, SliceExtent::kFull}, {2, 1}}}};
  const std::string parts[] = {FloatBytes({1, 2, 4, 5}), FloatBytes({3, 6})};
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(writer
                    .Add("Variable", Shape::Of({2, 3}), columns[i], dtype,
                         AsBytes(parts[i]))
                    .ok());
  }
  EXPECT_TRUE(
      writer.AddStrings("Variable_1", Shape::Of({3}), Slice::Full(1), kWords)
          .ok());
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  return sink.contents();
}

Status RestoreV1(Program& program, const std::string& file) {
  io::MemorySource source("m", AsBytes(file));
  TB_ASSIGN_OR_RETURN(bundle::V1Reader reader,
                      bundle::V1Reader::Open("m", {&source}));
  RestoreOperation operation(&program.session, &program.saver, &reader);
  TB_RETURN_IF_ERROR(operation.Prepare());
  EXPECT_EQ(operation.num_reads(), 0u);
  return operation.Finish();
}

TEST(RestoreFormats, V1Checkpoints) {
  Program program;
  const Status status = RestoreV1(program, WriteV1(DType::kFloat));
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(program.Matrix(), kMatrix);
  EXPECT_EQ(program.Words(), kWords);
}

TEST(RestoreFormats, V1CheckpointsOfOtherVariablesFailInTensorFlowsWords) {
  Program program;
  const std::string message =
      RestoreV1(program, WriteV1(DType::kInt32)).message();
  EXPECT_NE(message.find("Expected to restore a tensor of type float, got a "
                         "tensor of type int32 instead: tensor_name = "
                         "Variable\n\t [[{{node save/RestoreV2}}]]"),
            std::string::npos)
      << message;
  EXPECT_EQ(program.Matrix(), std::vector<float>(6));

  bundle::V1Writer empty;
  io::MemorySink sink;
  ASSERT_TRUE(empty.Finish(&sink).ok());
  const Status missing = RestoreV1(program, sink.contents());
  EXPECT_EQ(missing.code(), Code::kNotFound);
  EXPECT_NE(missing.message().find("Tensor name \"Variable\" not found in "
                                   "checkpoint files m"),
            std::string::npos)
      << missing.message();
}

}  // namespace
}  // namespace tensorbundle::train
