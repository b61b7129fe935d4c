// A save and a restore natively, without any host: the bytes of TensorFlow's
// BundleWriter come out, and go into other variables (engine/docs/
// bundle-format.md, "Worked example").
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/io/memory_source.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "engine/session/session.h"
#include "engine/train/restore_operation.h"
#include "engine/train/save_operation.h"
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

// The lesson's program around two variables with given initial values.
struct Program {
  Program(const Tensor& first, const Tensor& second)
      : graph(ops::NewGraph()), session(graph, &NoEntropy) {
    for (const Tensor& value : {first, second}) {
      variables.push_back(*ops::MakeVariable(graph.get(), value, {}));
    }
    saver = *BuildSaverGraph(graph.get(), *SaveablesFromList(variables), {});
    const graph::Node* init = *ops::GlobalVariablesInitializer(graph.get());
    EXPECT_TRUE(session.Run({}, {}, {{init}}).ok());
  }

  std::vector<float> Value(int i) {
    const graph::Output ref = variables[static_cast<size_t>(i)]->variable;
    const std::vector<Tensor> values = *session.Run({}, {{ref}}, {});
    const auto span = values[0].as<float>();
    return {span.begin(), span.end()};
  }

  std::shared_ptr<graph::Graph> graph;
  session::Session session;
  std::vector<const graph::Variable*> variables;
  SaverGraph saver;
};

struct Files {
  std::string data;
  std::string index;
};

std::string NextFile(SaveOperation* operation) {
  std::string file;
  for (;;) {
    const Bytes chunk = *operation->NextChunk();
    if (chunk.empty()) return file;
    file += AsString(chunk);
  }
}

Files Save(Program& program) {
  Files files;
  SaveOperation operation =
      *SaveOperation::Create(program.session, program.saver);
  EXPECT_EQ(operation.num_files(), 2u);
  EXPECT_EQ(operation.FileSuffix(0), ".data-00000-of-00001");
  EXPECT_EQ(operation.FileSuffix(1), ".index");
  EXPECT_EQ(operation.PrefixSuffix(), "");
  files.data = NextFile(&operation);
  EXPECT_EQ(files.data.size(), operation.total_size());
  files.index = NextFile(&operation);
  return files;
}

// Feeds every read in chunks of `chunk` bytes.
Status Restore(Program& program, const Files& files, size_t chunk) {
  io::MemorySource source("m.index", AsBytes(files.index));
  TB_ASSIGN_OR_RETURN(bundle::BundleReader reader,
                      bundle::BundleReader::Open("m", &source));
  RestoreOperation operation(&program.session, &program.saver, &reader);
  TB_RETURN_IF_ERROR(operation.Prepare());
  for (size_t i = 0; i < operation.num_reads(); ++i) {
    const io::Extent extent = operation.read(i).extent;
    Bytes rest = AsBytes(files.data).subspan(extent.offset, extent.length);
    do {
      const Bytes piece = rest.first(std::min(chunk, rest.size()));
      TB_RETURN_IF_ERROR(operation.Supply(i, piece));
      rest = rest.subspan(piece.size());
    } while (!rest.empty());
  }
  return operation.Finish();
}

Program Lesson() {
  return Program(Floats(Shape::Of({2, 3}), {1, 2, 3, 4, 5, 6}),
                 Floats(Shape::Of({3}), {0.5f, -1.5f, 2.25f}));
}

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

TEST(SaveOperation, WritesTensorFlowsBytes) {
  Program program = Lesson();
  const Files files = Save(program);
  EXPECT_EQ(Hex(files.data),
            "0000803f0000004000004040000080400000a0400000c040"
            "0000003f0000c0bf00001040");
  EXPECT_EQ(Hex(files.index),
            "00000608011a0208010008135661726961626c65"
            "080112081202080212020803281835"
            "7aebf5ab"
            "0802115f31"
            "0801120412020803201828"
            "0c35"
            "a04cfb15"
            "0000000001000000"
            "000edab78d"
            "0000000001000000"
            "00c0f2a1b0"
            "000102570045"
            "0000000001000000"
            "007fab2105"
            "4a08570e" +
                std::string(72, '0') + "57fb808b247547db");
}

TEST(SaveOperation, KeepsTheValuesOfItsBeginning) {
  Program program = Lesson();
  SaveOperation operation =
      *SaveOperation::Create(program.session, program.saver);
  const graph::Output grow =
      *ops::AssignAdd(program.graph.get(), program.variables[1]->variable,
                      Floats(Shape::Of({3}), {1, 1, 1}), {});
  ASSERT_TRUE(program.session.Run({}, {{grow}}, {}).ok());
  std::string data;
  for (Bytes chunk = *operation.NextChunk(); !chunk.empty();
       chunk = *operation.NextChunk()) {
    data += AsString(chunk);
  }
  EXPECT_EQ(Hex(data.substr(24)), "0000003f0000c0bf00001040");
  EXPECT_EQ(program.Value(1), (std::vector<float>{1.5f, -0.5f, 3.25f}));
}

TEST(SaveOperation, WantsInitializedVariables) {
  auto graph = ops::NewGraph();
  const graph::Variable* variable =
      *ops::MakeVariable(graph.get(), Floats(Shape::Of({1}), {1}), {});
  const SaverGraph saver =
      *BuildSaverGraph(graph.get(), *SaveablesFromList({{variable}}), {});
  session::Session session(graph, &NoEntropy);
  const auto operation = SaveOperation::Create(session, saver);
  ASSERT_FALSE(operation.ok());
  EXPECT_EQ(operation.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(operation.status().message(),
            "Attempting to use uninitialized value Variable\n\t "
            "[[{{node save/SaveV2}}]]");
}

TEST(RestoreOperation, BringsValuesBackInChunksOfAnySize) {
  Program saved = Lesson();
  const Files files = Save(saved);
  for (const size_t chunk : {1u, 3u, 7u, 24u, 1000u}) {
    Program program(Floats(Shape::Of({2, 3}), std::vector<float>(6)),
                    Floats(Shape::Of({3}), std::vector<float>(3)));
    const Status status = Restore(program, files, chunk);
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ(program.Value(0), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(program.Value(1), (std::vector<float>{0.5f, -1.5f, 2.25f}));
  }
}

TEST(RestoreOperation, EmptyTensors) {
  Program program(Floats(Shape::Of({0}), {}), Floats(Shape::Of({2, 0}), {}));
  const Files files = Save(program);
  EXPECT_TRUE(files.data.empty());
  EXPECT_TRUE(Restore(program, files, 16).ok());
}

TEST(RestoreOperation, FindsEveryFlippedBitAndChangesNothing) {
  Program saved = Lesson();
  const Files files = Save(saved);
  for (size_t byte = 0; byte < files.data.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      Files damaged = files;
      damaged.data[byte] = static_cast<char>(damaged.data[byte] ^ (1 << bit));
      Program program(Floats(Shape::Of({2, 3}), std::vector<float>(6)),
                      Floats(Shape::Of({3}), std::vector<float>(3)));
      const Status status = Restore(program, damaged, 16);
      ASSERT_EQ(status.code(), Code::kDataLoss);
      EXPECT_NE(status.message().find("[[{{node save/RestoreV2}}]]"),
                std::string::npos);
      EXPECT_EQ(program.Value(0), std::vector<float>(6));
      EXPECT_EQ(program.Value(1), std::vector<float>(3));
    }
  }
}

TEST(RestoreOperation, ShapesOfAllVariablesAreCheckedBeforeTheFirstChanges) {
  Program saved = Lesson();
  const Files files = Save(saved);
  // The first variable fits, the second does not.
  Program program(Floats(Shape::Of({2, 3}), std::vector<float>(6)),
                  Floats(Shape::Of({4}), std::vector<float>(4)));
  const Status status = Restore(program, files, 16);
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(
      status.message(),
      "Restoring from checkpoint failed. This is most likely due to a mismatch "
      "between the current graph and the graph from the checkpoint. Please "
      "ensure that you have not altered the graph expected based on the "
      "checkpoint. Original error:\n\nAssign requires shapes of both tensors "
      "to match. lhs shape= [4] rhs shape= [3]\n\t [[{{node save/Assign_1}}]]");
  EXPECT_EQ(program.Value(0), std::vector<float>(6));
}

}  // namespace
}  // namespace tensorbundle::train
