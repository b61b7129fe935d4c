// Names that a user types find nodes and tensors, or say why not in Python's
// words.
#include "engine/graph/lookup.h"

#include "tests/engine/graph/test_ops.h"

namespace tensorbundle::graph {
namespace {

TEST_F(GraphTest, FindsElementsByName) {
  const Node* node = Constant({1}).node;
  const Result<Element> tensor = FindElement(graph_, "Const:0");
  ASSERT_TRUE(tensor.ok());
  EXPECT_EQ(tensor->node, node);
  EXPECT_EQ(tensor->output, 0);
  const Result<Element> operation = FindElement(graph_, "Const");
  ASSERT_TRUE(operation.ok());
  EXPECT_EQ(operation->node, node);
  EXPECT_EQ(operation->output, std::nullopt);
}

TEST_F(GraphTest, SaysWhyItFindsNothing) {
  Constant({1});
  const auto kAny = ElementKinds::kAny;
  const auto kTensor = ElementKinds::kTensor;
  const std::string form =
      " Tensor names must be of the form \"<op_name>:<output_index>\".";
  const struct {
    const char* name;
    ElementKinds kinds;
    Code code;
    std::string message;
  } facts[] = {
      {"nope", kAny, Code::kPyLookupError,
       "The name 'nope' refers to an Operation not in the graph."},
      {"save/Const:0", kAny, Code::kPyLookupError,
       "The name 'save/Const:0' refers to a Tensor which does not exist. The "
       "operation, 'save/Const', does not exist in the graph."},
      {"Const:1", kAny, Code::kPyLookupError,
       "The name 'Const:1' refers to a Tensor which does not exist. The "
       "operation, 'Const', exists but only has 1 outputs."},
      {"Const:x", kAny, Code::kPyValueError,
       "The name 'Const:x' looks a like a Tensor name, but is not a valid "
       "one." +
           form},
      {"Const:0:0", kAny, Code::kPyValueError,
       "The name 'Const:0:0' looks a like a Tensor name, but is not a valid "
       "one." +
           form},
      {"Const", kTensor, Code::kPyValueError,
       "The name 'Const' refers to an Operation, not a Tensor." + form},
      {"nope", kTensor, Code::kPyValueError,
       "The name 'nope' looks like an (invalid) Operation name, not a "
       "Tensor." +
           form},
      {"Const:0", ElementKinds::kOperation, Code::kPyValueError,
       "Name 'Const:0' appears to refer to a Tensor, not a Operation."},
      {"it's", kAny, Code::kPyLookupError,
       "The name \"it's\" refers to an Operation not in the graph."},
      {"Const:99999999999", kAny, Code::kPyValueError,
       "The name 'Const:99999999999' looks a like a Tensor name, but is not a "
       "valid one." +
           form},
  };
  for (const auto& fact : facts) {
    const Status status = FindElement(graph_, fact.name, fact.kinds).status();
    EXPECT_EQ(status.code(), fact.code) << fact.name;
    EXPECT_EQ(status.message(), fact.message);
  }
}

}  // namespace
}  // namespace tensorbundle::graph
