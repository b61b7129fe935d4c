// Reading MetaGraphDefs: graphs that come back, that move into scopes, that
// know ops which this engine does not, and that contradict themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/metagraph/meta_graph_importer.h"
#include "engine/metagraph/meta_graph_writer.h"
#include "engine/metagraph/text_format.h"
#include "engine/ops/array.h"
#include "engine/session/session.h"
#include "tests/engine/metagraph/canonical.h"
#include "tests/engine/metagraph/lesson_graph.h"

namespace tensorbundle::metagraph {
namespace {

using graph::Graph;
using ::testing::HasSubstr;

std::string Export(const Graph& graph, const ExportOptions& options = {}) {
  return SerializeMetaGraph(graph, options).bytes;
}

std::string FromText(std::string_view text) {
  const auto message = ParseMetaGraphText(text);
  EXPECT_TRUE(message.ok()) << message.status().message();
  return message.ok() ? *message : std::string();
}

Status Import(Graph* graph, std::string_view bytes,
              ImportOptions options = {}) {
  return ImportMetaGraph(graph, AsBytes(bytes), options).status();
}

TEST(ImportTest, TheLessonComesBackByteForByte) {
  LessonGraph lesson;
  ExportOptions options;
  options.saver_def = lesson.saver.def;
  const std::string file = Export(*lesson.graph, options);
  const auto graph = ops::NewGraph();
  const auto imported = ImportMetaGraph(graph.get(), AsBytes(file), {});
  ASSERT_TRUE(imported.ok()) << imported.status().message();
  ASSERT_TRUE(imported->saver_def.has_value());
  EXPECT_EQ(imported->saver_def->restore_op_name, "save/restore_all");
  EXPECT_EQ(imported->scope, "");
  options.saver_def = imported->saver_def;
  EXPECT_EQ(Export(*graph, options), file);

  // Variables are one object in both collections.
  const auto all = graph->collections().Variables(graph::kGlobalVariables);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all, graph->collections().Variables(graph::kTrainableVariables));
  EXPECT_EQ(all[1]->initial_value.name(), "truncated_normal_1:0");
}

TEST(ImportTest, WhatCameBackRuns) {
  const std::string file = Export(*LessonGraph().graph);
  const auto graph = ops::NewGraph();
  ASSERT_TRUE(Import(graph.get(), file).ok());
  session::Session session(graph, [] { return uint64_t{7}; });
  const graph::Node* init = graph->FindNode("init");
  ASSERT_TRUE(session.Run({}, {}, {{init}}).ok());
  const graph::Output read = graph->FindNode("Variable/read")->output(0);
  const auto values = session.Run({}, {{read}}, {});
  ASSERT_TRUE(values.ok()) << values.status().message();
  EXPECT_EQ(values->front().shape().ToString(), "[2,3]");
}

TEST(ImportTest, AScopeGoesBeforeEveryName) {
  LessonGraph lesson;
  ExportOptions options;
  options.saver_def = lesson.saver.def;
  const std::string file = Export(*lesson.graph, options);
  const auto graph = ops::NewGraph();
  ImportOptions import;
  import.import_scope = "a";
  ASSERT_TRUE(Import(graph.get(), file, import).ok());
  const auto again = ImportMetaGraph(graph.get(), AsBytes(file), import);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->scope, "a_1");
  EXPECT_EQ(again->saver_def->filename_tensor_name, "save/Const:0");

  const graph::Node* assign = graph->FindNode("a_1/save/Assign");
  ASSERT_NE(assign, nullptr);
  EXPECT_EQ(assign->InputNames(),
            (std::vector<std::string>{"a_1/Variable", "a_1/save/RestoreV2"}));
  EXPECT_EQ(assign->ColocationGroups(),
            (std::vector<std::string>{"loc:@a_1/Variable"}));
  const auto variables =
      graph->collections().Variables(graph::kGlobalVariables);
  ASSERT_EQ(variables.size(), 4u);
  EXPECT_EQ(variables[3]->op_name(), "a_1/Variable_1");

  // And an export of the scope takes it off again.
  options.export_scope = "a_1";
  options.saver_def->filename_tensor_name = "a_1/save/Const:0";
  options.saver_def->save_tensor_name = "a_1/save/control_dependency:0";
  options.saver_def->restore_op_name = "a_1/save/restore_all";
  EXPECT_EQ(Export(*graph, options), file);
}

TEST(ImportTest, NamesThatAreTakenGetNumbers) {
  const std::string file = Export(*LessonGraph().graph, {.collections = {{}}});
  const auto graph = ops::NewGraph();
  ASSERT_TRUE(Import(graph.get(), file).ok());
  ASSERT_TRUE(Import(graph.get(), file).ok());
  // "Variable_1" is the second variable of the first import.
  const graph::Node* assign = graph->FindNode("Variable/Assign_1");
  ASSERT_NE(assign, nullptr);
  EXPECT_EQ(assign->InputName(0), "Variable_2");
  EXPECT_EQ(assign->ColocationGroups(),
            (std::vector<std::string>{"loc:@Variable_2"}));
}

// An op of this name there is not, one of a function, and a loop.
constexpr char kForeign[] = R"(
meta_info_def { stripped_op_list {
  op { name: "Mystery" input_arg { name: "x" type_attr: "T" }
       output_arg { name: "y" type: DT_INT64 }
       output_arg { name: "z" type_attr: "T" is_ref: true }
       attr { name: "T" type: "type" }
       attr { name: "power" type: "int" default_value { i: 3 } } }
  op { name: "Merge" input_arg { name: "inputs" type_attr: "T" number_attr: "N" }
       output_arg { name: "output" type_attr: "T" }
       output_arg { name: "value_index" type: DT_INT32 }
       attr { name: "T" type: "type" }
       attr { name: "N" type: "int" has_minimum: true minimum: 1 } }
  op { name: "NextIteration" input_arg { name: "data" type_attr: "T" }
       output_arg { name: "output" type_attr: "T" }
       attr { name: "T" type: "type" } } } }
graph_def {
  node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
         attr { key: "shape" value { shape { unknown_rank: true } } } }
  node { name: "m" op: "Mystery" input: "x" device: "/job:a/gpu:9"
         attr { key: "T" value { type: DT_FLOAT } }
         attr { key: "f" value { func { name: "g" attr { key: "k" value { b: true } } } } }
         attr { key: "power" value { i: 3 } }
         attr { key: "_output_shapes" value { list { shape { dim { size: 4 } } shape { dim { size: -1 } } } } }
         experimental_debug_info { original_node_names: "mm" } }
  node { name: "merge" op: "Merge" input: "x" input: "next"
         attr { key: "T" value { type: DT_FLOAT } } attr { key: "N" value { i: 2 } } }
  node { name: "next" op: "NextIteration" input: "merge" attr { key: "T" value { type: DT_FLOAT } } }
  node { name: "id" op: "Identity" input: "m:1" input: "^m" attr { key: "T" value { type: DT_FLOAT } } }
  library { function { signature { name: "g" } node_def { name: "n" op: "Mystery" } } }
  versions { producer: 1054 min_consumer: 12 } }
collection_def { key: "any" value { any_list { value { type_url: "t" value: "v" } } } }
collection_def { key: "ints" value { int64_list { value: -1 value: 2 } } }
collection_def { key: "reals" value { float_list { value: 0.5 } } }
collection_def { key: "names" value { node_list { value: "m" value: "m:1" } } }
collection_def { key: "protos" value { bytes_list { value: "\001\377" } } }
)";

TEST(ImportTest, WhatIsForeignSurvives) {
  const std::string file = FromText(kForeign);
  const auto graph = ops::NewGraph();
  const Status status = Import(graph.get(), file);
  ASSERT_TRUE(status.ok()) << status.message();
  const graph::Node* mystery = graph->FindNode("m");
  EXPECT_EQ(mystery->def(), nullptr);
  EXPECT_EQ(mystery->output(0).dtype(), DType::kInt64);
  EXPECT_EQ(mystery->output(0).shape().ToString(), "[4]");
  EXPECT_TRUE(mystery->output(1).is_ref());
  EXPECT_EQ(graph->FindNode("merge")->InputNames(),
            (std::vector<std::string>{"x", "next"}));

  const std::string written = Export(*graph);
  EXPECT_EQ(NodeLines(written), NodeLines(file));
  EXPECT_EQ(OtherLines(written).at("collection any"),
            OtherLines(file).at("collection any"));
  EXPECT_EQ(OtherLines(written).at("function g"),
            OtherLines(file).at("function g"));
  EXPECT_EQ(OtherLines(written).at("op Mystery"),
            OtherLines(file).at("op Mystery"));
  EXPECT_EQ(OtherLines(written).at("versions"), "1054 12");
  for (const char* key : {"ints", "reals", "names", "protos"}) {
    const std::string what = std::string("collection ") + key;
    EXPECT_EQ(OtherLines(written).at(what), OtherLines(file).at(what));
  }
}

TEST(ImportTest, WhatIsForeignCannotRun) {
  const auto graph = ops::NewGraph();
  ASSERT_TRUE(Import(graph.get(), FromText(kForeign)).ok());
  session::Session session(graph, [] { return uint64_t{7}; });
  const graph::Output merged = graph->FindNode("merge")->output(0);
  EXPECT_FALSE(session.Run({}, {{merged}}, {}).ok());
}

TEST(ImportTest, DefaultsCanBeStrippedAndDevicesCleared) {
  const auto graph = ops::NewGraph();
  ASSERT_TRUE(Import(graph.get(), FromText(kForeign)).ok());
  ExportOptions options;
  options.strip_default_attrs = true;
  options.clear_devices = true;
  const auto nodes = NodeLines(Export(*graph, options));
  EXPECT_THAT(nodes.at("m"), HasSubstr("Mystery(x,) @ T="));
  EXPECT_THAT(nodes.at("m"), ::testing::Not(HasSubstr("power")));
  EXPECT_THAT(nodes.at("x"), ::testing::Not(HasSubstr("shape")));
  LessonGraph lesson;
  const auto own = NodeLines(Export(*lesson.graph, options));
  EXPECT_EQ(own.at("Variable/Assign"),
            "Assign(Variable,truncated_normal,) @ T=3001 "
            "_class=0a0f120d6c6f633a405661726961626c65 ");
}

TEST(ImportTest, OtherSaversCanBeLeftOut) {
  LessonGraph lesson;
  const auto variables =
      lesson.graph->collections().Variables(graph::kGlobalVariables);
  ops::Must(train::BuildSaverGraph(
      lesson.graph.get(), ops::Must(train::SaveablesFromList(variables)), {}));
  ExportOptions options;
  options.saver_def = lesson.saver.def;
  options.clear_extraneous_savers = true;
  const auto nodes = NodeLines(Export(*lesson.graph, options));
  EXPECT_EQ(nodes.size(), 32u);
  EXPECT_EQ(nodes.count("save_1/SaveV2"), 0u);
  EXPECT_EQ(nodes.count("save/SaveV2"), 1u);
}

TEST(ImportTest, UnboundInputsWantValues) {
  LessonGraph lesson;
  ExportOptions options;
  options.export_scope = "Variable";
  const std::string file = Export(*lesson.graph, options);
  EXPECT_THAT(NodeLines(file).at("read"),
              HasSubstr("Identity($unbound_inputs_Variable,)"));
  const auto graph = ops::NewGraph();
  EXPECT_EQ(Import(graph.get(), file).message(),
            "Graph contains unbound inputs: ['$unbound_inputs_Variable', "
            "'$unbound_inputs_Variable', '$unbound_inputs_truncated_normal']. "
            "Must provide these inputs through input_map.");
}

struct Wrong {
  const char* text;
  const char* message;
};

TEST(ImportTest, ContradictionsAreErrorsAndLeaveTheGraphAlone) {
  const Wrong wrongs[] = {
      {"node { name: 'a' op: 'NoOp' input: '^b' }",
       "Node 'a': Unknown input node '^b'"},
      {"node { name: 'a' op: 'NoOp' } node { name: 'a' op: 'NoOp' }",
       "Node 'a' is not unique"},
      {"node { name: '-a' op: 'NoOp' }",
       "Node '-a': Node name contains invalid characters"},
      {"node { name: 'a' op: 'NoOp' input: '^b' } "
       "node { name: 'b' op: 'NoOp' input: '^a' }",
       "2 nodes in a cycle"},
      {"node { name: 'n' op: 'NoOp' } node { name: 'a' op: 'Identity' "
       "input: 'n:3' attr { key: 'T' value { type: DT_FLOAT } } }",
       "Node 'a': Connecting to invalid output 3 of source node n which has 0 "
       "outputs: n:3"},
      {"node { name: 'a' op: 'Mystery' } node { name: 'b' op: 'Mystery' "
       "input: 'a:99999999' }",
       "Node 'a': has more outputs than any op: 100000000"},
      {"node { name: 'a' op: 'Merge' input: 'b' } "
       "node { name: 'b' op: 'NextIteration' input: 'a' }",
       "Node 'a': the loop has no way in"},
      {"node { name: 'a' op: 'Const' attr { key: 'dtype' value { type: "
       "DT_INT32 } } attr { key: 'value' value { tensor { dtype: DT_INT8 "
       "tensor_shape { dim { size: 2 } } int_val: [1, 2] } } } }",
       "Type mismatch between value (int8) and dtype (int32) for 'a' (op: "
       "'Const') with input shapes: ."},
      // Only a value comes back around; what has to wait waits for ever.
      {"node { name: 'a' op: 'Merge' input: '^b' } "
       "node { name: 'b' op: 'NextIteration' input: 'a' }",
       "2 nodes in a cycle"},
  };
  for (const Wrong& wrong : wrongs) {
    const auto graph = ops::NewGraph();
    const Status status = Import(
        graph.get(), FromText("graph_def { node { name: 'ok' op: 'NoOp' } " +
                              std::string(wrong.text) + "}"));
    EXPECT_EQ(status.code(), Code::kPyValueError) << wrong.text;
    EXPECT_EQ(status.message(), wrong.message);
    EXPECT_EQ(graph->num_nodes(), 0);
    EXPECT_EQ(graph->FindNode("ok"), nullptr);
  }
}

TEST(ImportTest, CollectionsMustNameWhatIsThere) {
  const auto graph = ops::NewGraph();
  const Status status =
      Import(graph.get(),
             FromText("graph_def { node { name: 'n' op: 'NoOp' } } "
                      "collection_def { key: 'k' value { node_list { value: "
                      "'gone' } } }"));
  EXPECT_EQ(status.code(), Code::kPyLookupError);
  EXPECT_EQ(graph->num_nodes(), 0);
}

// A constant of 2^40 elements in 40 bytes.
TEST(ImportTest, AConstantThatOnlyClaimsToBeLargeIsOpaque) {
  const auto graph = ops::NewGraph();
  const std::string file = FromText(
      "graph_def { node { name: 'c' op: 'Const' attr { key: 'dtype' value { "
      "type: DT_FLOAT } } attr { key: 'value' value { tensor { dtype: DT_FLOAT "
      "tensor_shape { dim { size: 1099511627776 } } float_val: 1 } } } } }");
  const Status status = Import(graph.get(), file);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(graph->num_nodes(), 0);
}

// Twelve bytes a node ask for 65,536 outputs each.
TEST(ImportTest, ManyNodesOfManyOutputsAreRefused) {
  std::string text = "graph_def {";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = std::to_string(i);
    text += "node { name: 'a" + name + "' op: 'A' } node { name: 'b" + name +
            "' op: 'B' input: 'a" + name + ":65535' } ";
  }
  const auto graph = ops::NewGraph();
  const Status status = Import(graph.get(), FromText(text + "}"));
  EXPECT_THAT(status.message(),
              HasSubstr("the nodes up to this one have more outputs"));
  EXPECT_EQ(graph->num_nodes(), 0);
}

// A constant of four elements may say one, and comes back as it was written.
// Of what repeated elements may cost, all constants have a share.
TEST(ImportTest, RepeatedElementsAreWrittenAsTheyWere) {
  const auto constants = [](int count, const char* size) {
    std::string text = "graph_def {";
    for (int i = 0; i < count; ++i) {
      text += "node { name: 'c" + std::to_string(i) +
              "' op: 'Const' attr { key: 'dtype' value { type: DT_FLOAT } } "
              "attr { key: 'value' value { tensor { dtype: DT_FLOAT "
              "tensor_shape { dim { size: " +
              size + " } } float_val: [1, 2] } } } } ";
    }
    return FromText(text + "}");
  };
  const auto graph = ops::NewGraph();
  const std::string file = constants(1, "4");
  ASSERT_TRUE(Import(graph.get(), file).ok());
  EXPECT_EQ(NodeLines(Export(*graph)), NodeLines(file));
  const Tensor* value = graph->FindNode("c0")->attr("value")->tensor();
  ASSERT_NE(value, nullptr);
  const auto floats = value->as<float>();
  EXPECT_EQ(std::vector<float>(floats.begin(), floats.end()),
            (std::vector<float>{1, 2, 2, 2}));

  EXPECT_TRUE(Import(ops::NewGraph().get(), constants(1, "10000000")).ok());
  EXPECT_FALSE(Import(ops::NewGraph().get(), constants(2, "10000000")).ok());
}

TEST(ImportTest, EveryCutIsAnErrorOrAGraph) {
  const std::string file = Export(*LessonGraph().graph);
  for (size_t size = 0; size < file.size(); size += 13) {
    const auto graph = ops::NewGraph();
    const Status status = Import(graph.get(), file.substr(0, size));
    EXPECT_EQ(graph->num_nodes() == 0, !status.ok() || size < 1000) << size;
  }
}

TEST(ImportTest, AFinalizedGraphIsNotChanged) {
  const auto graph = ops::NewGraph();
  graph->Finalize();
  EXPECT_EQ(Import(graph.get(), "").message(),
            "Graph is finalized and cannot be modified.");
}

}  // namespace
}  // namespace tensorbundle::metagraph
