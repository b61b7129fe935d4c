// Nodes are what their NodeDefs would say, and a graph refuses nodes in the
// words of TensorFlow 1.15.
#include "engine/graph/graph.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

using Strings = std::vector<std::string>;

TEST_F(GraphTest, NumbersNodesFromOneInTheOrderOfTheirMaking) {
  const Output a = Constant({1});
  const Output b = Constant({2});
  EXPECT_EQ(a.node->id(), 1);
  EXPECT_EQ(b.node->id(), 2);
  EXPECT_EQ(b.node->name(), "Const_1");
  EXPECT_EQ(graph_.num_nodes(), 2);
  EXPECT_EQ(&graph_.node(2), b.node);
  EXPECT_EQ(graph_.FindNode("Const_1"), b.node);
  EXPECT_EQ(graph_.FindNode("const_1"), nullptr);
}

TEST_F(GraphTest, DerivesTypesAndDefaults) {
  const Output x = Placeholder(PartialShape::Of({2, 3}));
  const Node* sum = Add(Spec("Add", {x, x}));
  EXPECT_EQ(*sum->attr("T"), AttrValue::Type(DType::kFloat));
  EXPECT_EQ(sum->output(0).dtype(), DType::kFloat);
  EXPECT_EQ(ToPythonString(sum->output(0)),
            "Tensor(\"Add:0\", shape=(2, 3), dtype=float32)");

  const Output v = Variable(PartialShape::Of({2, 3}));
  const Node* assign = Add(Spec("Assign", {v, x}));
  EXPECT_EQ(*assign->attr("validate_shape"), AttrValue::Bool(true));
  EXPECT_TRUE(assign->output(0).is_ref());
  EXPECT_EQ(ToPythonString(v),
            "Tensor(\"VariableV2:0\", shape=(2, 3), dtype=float32_ref)");
}

TEST_F(GraphTest, ListsTakeAndGiveSeveralTensors) {
  const Output x = Placeholder({});
  const Output n = Placeholder({}, DType::kInt32);
  NodeSpec spec = Spec("Pack", {x, x, x});
  spec.input_counts = {3};
  EXPECT_EQ(*Add(spec)->attr("N"), AttrValue::Int(3));

  spec = Spec("Tuple", {x, n});
  spec.input_counts = {2};
  const Node* tuple = Add(spec);
  EXPECT_EQ(*tuple->attr("dtypes"),
            AttrValue::Types({DType::kFloat, DType::kInt32}));
  ASSERT_EQ(tuple->num_outputs(), 2);
  EXPECT_EQ(tuple->output(1).dtype(), DType::kInt32);
  EXPECT_EQ(tuple->output(1).name(), "Tuple:1");

  const Node* split = Add(
      Spec("Split", {tuple->output(1)}, {{"num_split", AttrValue::Int(2)}}));
  EXPECT_EQ(split->num_outputs(), 2);
  EXPECT_EQ(split->InputNames(), (Strings{"Tuple:1"}));
}

TEST_F(GraphTest, WritesControlInputsLastAndSortedByName) {
  const Output z = Constant({1});
  const Node* b = Add(Spec("NoOp"));
  const Node* a = Add([&] {
    NodeSpec spec = Spec("NoOp");
    spec.name = "A";
    return spec;
  }());
  NodeSpec spec = Spec("Add", {z, z});
  spec.control_inputs = {b, a, b};
  EXPECT_EQ(Add(spec)->InputNames(),
            (Strings{"Const", "Const", "^A", "^NoOp"}));
}

TEST_F(GraphTest, RefusesTypesAsPythonsWrappersDo) {
  const Output x = Placeholder({});
  const Output n = Placeholder({}, DType::kInt32);
  const Output flag = Placeholder({}, DType::kBool);
  const Output v = Variable(PartialShape::Of({2}));
  const auto list = [&](NodeSpec spec, int count) {
    spec.input_counts = {count};
    return spec;
  };
  const struct {
    NodeSpec spec;
    Code code;
    const char* message;
  } facts[] = {
      {Spec("Add", {x, n}), Code::kPyTypeError,
       "Input 'y' of 'Add' Op has type int32 that does not match type float32 "
       "of argument 'x'."},
      {Spec("Fill", {x}), Code::kPyTypeError,
       "Input 'dims' of 'Fill' Op has type float32 that does not match "
       "expected type of int32."},
      {Spec("Add", {flag, flag}), Code::kPyTypeError,
       "Value passed to parameter 'x' has DataType bool not in list of allowed "
       "values: float32, float64, int32"},
      {Spec("Add", {x, x}, {{"T", AttrValue::Type(DType::kBool)}}),
       Code::kPyTypeError,
       "Input 'x' of 'Add' Op has type float32 that does not match type bool "
       "of argument 'T'."},
      {Spec("Assign", {x, x}), Code::kPyTypeError,
       "'Assign' Op requires that input 'ref' be a mutable tensor (e.g.: a "
       "tf.Variable)"},
      {Spec("Assign", {v, n}), Code::kPyTypeError,
       "Input 'value' of 'Assign' Op has type int32 that does not match type "
       "float32 of argument 'ref'."},
      {list(Spec("Pack", {x, n}), 2), Code::kPyTypeError,
       "Tensors in list passed to 'values' of 'Pack' Op have types [float32, "
       "int32] that don't all match."},
      {list(Spec("Pack"), 0), Code::kPyValueError,
       "List argument 'values' to 'Pack' Op with length 0 shorter than minimum "
       "length 1."},
      {list(Spec("Tuple"), 0), Code::kPyValueError,
       "Attr 'dtypes' of 'Tuple' Op passed list of length 0 less than minimum "
       "1."},
      {Spec("Split", {x}, {{"num_split", AttrValue::Int(0)}}),
       Code::kPyValueError,
       "Attr 'num_split' of 'Split' Op passed 0 less than minimum 1."},
      {Spec("Split", {x}), Code::kPyTypeError,
       "No argument for attr num_split"},
      {Spec("Split", {x}, {{"num_split", AttrValue::Bool(true)}}),
       Code::kPyTypeError,
       "Value for attr 'num_split' of 'Split' Op is no int."},
      {Spec("Add", {x}), Code::kInvalidArgument,
       "Op 'Add' takes 2 inputs; 1 were given"},
      {Spec("Frobnicate"), Code::kNotFound,
       "Op type not registered 'Frobnicate' in binary running on "
       "tensorbundle."},
  };
  const int nodes = graph_.num_nodes();
  for (const auto& fact : facts) {
    const Status status = TryAdd(fact.spec);
    EXPECT_EQ(status.code(), fact.code) << status.message();
    EXPECT_EQ(status.message(), fact.message);
  }
  EXPECT_EQ(graph_.num_nodes(), nodes);
}

TEST_F(GraphTest, RefusesNamesThatAreTaken) {
  NodeSpec spec = Spec("NoOp");
  spec.name = "a/";
  EXPECT_EQ(Add(spec)->name(), "a");
  const Status status = TryAdd(spec);
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(), "Duplicate node name in graph: 'a'");
}

TEST_F(GraphTest, RefusesTensorsOfOtherGraphs) {
  Graph other(&TestOps());
  NodeSpec spec =
      Spec("Placeholder", {}, {{"dtype", AttrValue::Type(DType::kFloat)}});
  const Output foreign = (*other.AddNode(spec))->output(0);
  EXPECT_EQ(TryAdd(Spec("Add", {foreign, foreign})).message(),
            "Tensor(\"Placeholder:0\", dtype=float32) is not an element of "
            "this graph.");
}

TEST_F(GraphTest, CannotBeChangedOnceFinalized) {
  const Output x = Placeholder({});
  graph_.Finalize();
  const Status status = TryAdd(Spec("Add", {x, x}));
  EXPECT_EQ(status.code(), Code::kPyRuntimeError);
  EXPECT_EQ(status.message(), "Graph is finalized and cannot be modified.");
  EXPECT_EQ(graph_.AddOpaqueNode(Spec("Mystery"), {}).status().code(),
            Code::kPyRuntimeError);
}

TEST_F(GraphTest, KeepsOpaqueNodesAsTheyAre) {
  const Output x = Placeholder({});
  NodeSpec spec = Spec("Mystery", {x}, {{"power", AttrValue::Int(9000)}});
  spec.device = "/device:GPU:0";
  Result<const Node*> node =
      graph_.AddOpaqueNode(spec, {{DType::kFloat, false, {}}, {}});
  ASSERT_TRUE(node.ok());
  EXPECT_EQ((*node)->def(), nullptr);
  EXPECT_EQ((*node)->op(), "Mystery");
  EXPECT_EQ((*node)->device(), "/device:GPU:0");
  EXPECT_EQ((*node)->InputNames(), (Strings{"Placeholder"}));
  EXPECT_EQ(*(*node)->attr("power"), AttrValue::Int(9000));
  EXPECT_FALSE((*node)->output(0).shape().has_rank());
  EXPECT_TRUE(TryAdd(Spec("Add", {(*node)->output(0), x})).ok());
}

TEST_F(GraphTest, MergesShapesThatAgree) {
  const Output x = Placeholder(PartialShape::Of({-1, 3}));
  EXPECT_TRUE(graph_.MergeShape(x, PartialShape::Of({2, -1})).ok());
  EXPECT_EQ(x.shape().ToString(), "[2,3]");
  const Status status = graph_.MergeShape(x, PartialShape::Of({3}));
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(), "Shapes (2, 3) and (3,) are not compatible");
}

}  // namespace
}  // namespace tensorbundle::graph
