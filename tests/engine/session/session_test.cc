// Session.run: feeds, fetches, and errors in TensorFlow 1.15's words.
#include "engine/session/session.h"

#include "engine/ops/apply_op.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/math.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;
using graph::PartialShape;
using testing::ElementsAre;

TEST_F(SessionTest, AddsWhatIsFed) {
  const Output x = Placeholder(PartialShape::Of({-1}));
  const Output sum =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, x, 1.0));
  EXPECT_THAT(Floats(sum, {{x, Floats2(1, 2)}}), ElementsAre(2, 3));
  EXPECT_THAT(Floats(sum, {{x, Floats2(5, 6)}}), ElementsAre(6, 7));
}

TEST_F(SessionTest, FeedsReplaceAnyTensor) {
  const Output x = Placeholder(PartialShape::Of({2}));
  const Output sum =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, x, 1.0));
  const Output twice =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kMul, sum, 2.0));
  // x need not be fed when the sum is.
  EXPECT_THAT(Floats(twice, {{sum, Floats2(10, 20)}}), ElementsAre(20, 40));
  EXPECT_THAT(Floats(sum, {{sum, Floats2(1, 2)}}), ElementsAre(1, 2));
}

TEST_F(SessionTest, FetchesMayRepeat) {
  const Output c = Must(ops::Constant(graph_.get(), Floats2(1, 2)));
  const std::vector<Tensor> values = Must(Fetch({c, c}));
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[1].as<float>()[1], 2.0f);
}

TEST_F(SessionTest, APlaceholderHasToBeFed) {
  const struct {
    PartialShape shape;
    const char* message;
  } facts[] = {
      {PartialShape::Of({-1, 784}),
       "You must feed a value for placeholder tensor 'Placeholder' with dtype "
       "float and shape [?,784]\n\t [[{{node Placeholder}}]]"},
      {PartialShape::Of({}),
       "You must feed a value for placeholder tensor 'Placeholder_1' with "
       "dtype float\n\t [[{{node Placeholder_1}}]]"},
      {PartialShape(),
       "You must feed a value for placeholder tensor 'Placeholder_2' with "
       "dtype float\n\t [[{{node Placeholder_2}}]]"},
  };
  for (const auto& fact : facts) {
    const Status status = Error(Placeholder(fact.shape));
    EXPECT_EQ(status.code(), Code::kInvalidArgument);
    EXPECT_EQ(status.message(), fact.message);
  }
}

TEST_F(SessionTest, AFeedHasToFit) {
  const Output x = Placeholder(PartialShape::Of({-1, 784}));
  const auto feed = [&](DType dtype, std::initializer_list<int64_t> dims) {
    return Error(x, {{x, *Tensor::Create(dtype, Shape::Of(dims))}});
  };
  EXPECT_TRUE(feed(DType::kFloat, {128, 784}).ok());
  const Status shape = feed(DType::kFloat, {128, 783});
  EXPECT_EQ(shape.code(), Code::kPyValueError);
  EXPECT_EQ(shape.message(),
            "Cannot feed value of shape (128, 783) for Tensor 'Placeholder:0', "
            "which has shape '(?, 784)'");
  const Status dtype = feed(DType::kInt32, {128, 784});
  EXPECT_EQ(dtype.code(), Code::kInvalidArgument);
  EXPECT_EQ(dtype.message(),
            "Expects 'Placeholder:0' to be float but int32 is provided");
}

TEST_F(SessionTest, ADefaultIsUsedUnlessFed) {
  const Output text = Must(ops::PlaceholderWithDefault(
      graph_.get(), "model", PartialShape::Of({}), "filename"));
  EXPECT_EQ(Value(text).strings()[0], "model");
  EXPECT_EQ(Value(text, {{text, Tensor::FromStrings(Shape(), {"other"})}})
                .strings()[0],
            "other");
}

TEST_F(SessionTest, RefusesToRunWhenClosedOrEmpty) {
  const Status empty = session_.Run({}, {}, {}).status();
  EXPECT_EQ(empty.code(), Code::kPyRuntimeError);
  EXPECT_EQ(empty.message(),
            "The Session graph is empty.  Add operations to the graph before "
            "calling run().");
  const graph::Variable* v = Variable(1.0);
  Initialize();
  session_.Close();
  session_.Close();
  EXPECT_TRUE(session_.closed());
  const Status closed = Error(v->variable);
  EXPECT_EQ(closed.code(), Code::kPyRuntimeError);
  EXPECT_EQ(closed.message(), "Attempted to use a closed Session.");
  EXPECT_EQ(session_.VariableValue(*v->variable.node, *v->initializer)
                .status()
                .code(),
            Code::kPyRuntimeError);
  EXPECT_EQ(session_.AssignVariable(*v->initializer, Tensor()).code(),
            Code::kPyRuntimeError);
}

TEST_F(SessionTest, ErrorsNameTheirNode) {
  const Output x = Placeholder(PartialShape());
  const Output y = Placeholder(PartialShape());
  const Output sum = Must(ops::ApplyOpOutput(graph_.get(), "Add", {x, y}));
  const Status status =
      Error(sum, {{x, *Tensor::Create(DType::kFloat, Shape::Of({2, 3}))},
                  {y, *Tensor::Create(DType::kFloat, Shape::Of({2, 4}))}});
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "Incompatible shapes: [2,3] vs. [2,4]\n\t [[{{node Add}}]]");
}

TEST_F(SessionTest, NodesWithoutKernelsSaySo) {
  graph::NodeSpec spec;
  spec.op = "Mystery";
  const graph::Node* node =
      Must(graph_->AddOpaqueNode(spec, {{DType::kFloat, false, {}}}));
  const Status status = Execute(node);
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "No OpKernel was registered to support Op 'Mystery'\n\t [[{{node "
            "Mystery}}]]");
}

TEST_F(SessionTest, SavingIsNotTheRuntimesBusiness) {
  const Output name =
      Must(ops::Constant(graph_.get(), Tensor::FromStrings(Shape(), {"f"})));
  const Tensor one = Tensor::FromStrings(Shape::Of({1}), {""});
  const graph::Node* save = Must(ops::ApplyOp(
      graph_.get(), "SaveV2",
      {name, one, one, std::vector<ops::Operand>{ops::Operand(name)}}));
  EXPECT_EQ(Execute(save).code(), Code::kUnimplemented);
  const graph::Node* restore = Must(
      ops::ApplyOp(graph_.get(), "RestoreV2", {name, one, one},
                   {{"dtypes", graph::AttrValue::Types({DType::kFloat})}}));
  EXPECT_EQ(Execute(restore).code(), Code::kUnimplemented);
}

TEST_F(SessionTest, SeesNodesThatAreMadeLater) {
  const Output a = Must(ops::Constant(graph_.get(), Floats2(1, 2)));
  EXPECT_THAT(Floats(a), ElementsAre(1, 2));
  const Output b =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, a, a));
  EXPECT_THAT(Floats(b), ElementsAre(2, 4));
}

}  // namespace
}  // namespace tensorbundle::session
