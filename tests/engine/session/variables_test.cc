// Variables live in the session: initialization, assignment, sharing, errors.
#include "engine/graph/scopes.h"
#include "engine/ops/control_flow.h"
#include "engine/ops/math.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;
using testing::ElementsAre;

TEST_F(SessionTest, AnUninitializedVariableIsNamedWithItsReader) {
  const graph::Variable* v = Variable(1.0);
  const Status fetched = Error(v->variable);
  EXPECT_EQ(fetched.code(), Code::kFailedPrecondition);
  EXPECT_EQ(fetched.message(),
            "Attempting to use uninitialized value Variable\n\t [[{{node "
            "_retval_Variable_0_0}}]]");
  EXPECT_EQ(Error(v->snapshot).message(),
            "Attempting to use uninitialized value Variable\n\t [[{{node "
            "Variable/read}}]]");
  const Output added = Must(ops::AssignAdd(graph_.get(), v->variable, 1.0, {}));
  EXPECT_EQ(Error(added).message(),
            "Attempting to use uninitialized value Variable\n\t [[{{node "
            "AssignAdd}}]]");
  Result<Tensor> saved = session_.VariableValue(*v->variable.node, *added.node);
  EXPECT_EQ(saved.status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(saved.status().message(),
            "Attempting to use uninitialized value Variable\n\t [[{{node "
            "AssignAdd}}]]");
}

TEST_F(SessionTest, VariablesKeepTheirValuesBetweenRuns) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({10, 10}), {}));
  const Output less =
      Must(ops::AssignSub(graph_.get(), v->variable, Numbers({1, 2}), {}));
  Initialize();
  EXPECT_THAT(Floats(v->variable), ElementsAre(1, 2));
  EXPECT_THAT(Floats(added), ElementsAre(11, 12));
  EXPECT_THAT(Floats(v->snapshot), ElementsAre(11, 12));
  EXPECT_THAT(Floats(less), ElementsAre(10, 10));
  Initialize();
  EXPECT_THAT(Floats(v->variable), ElementsAre(1, 2));
}

TEST_F(SessionTest, AFetchedValueNeverChangesLater) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({1, 1}), {}));
  Initialize();
  const Tensor before = Value(v->variable);
  Value(added);
  EXPECT_EQ(before.as<float>()[0], 1.0f);
  // Nor does the constant that the variable was initialized with.
  EXPECT_THAT(Floats(v->initial_value), ElementsAre(1, 2));
}

TEST_F(SessionTest, AnUpdateIsInPlaceWhenNobodyElseLooks) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const graph::Node* added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({1, 1}), {})).node;
  Initialize();
  ASSERT_TRUE(Execute(added).ok());
  const auto address = [&] { return Value(v->variable).bytes().data(); };
  const uint8_t* first = address();
  ASSERT_TRUE(Execute(added).ok());
  EXPECT_EQ(address(), first);
}

TEST_F(SessionTest, AFetchedVariableIsReadWhenAllHasRun) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({1, 1}), {}));
  Initialize();
  const std::vector<Tensor> values = Must(Fetch({v->variable, added}));
  EXPECT_EQ(values[0].as<float>()[0], 2.0f);
  EXPECT_EQ(values[1].as<float>()[0], 2.0f);
}

TEST_F(SessionTest, ControlInputsRunFirst) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable, Numbers({1, 1}), {}));
  const Output after = [&] {
    const graph::ControlScope control(graph_.get(), {added.node});
    return Must(ops::Identity(graph_.get(), v->variable));
  }();
  Initialize();
  EXPECT_THAT(Floats(after), ElementsAre(2, 3));
  EXPECT_THAT(Floats(after), ElementsAre(3, 4));
}

TEST_F(SessionTest, OnlyWhatIsNeededRuns) {
  const graph::Variable* v = Variable(1.0);
  const graph::Variable* w = Variable(2.0);
  ASSERT_TRUE(Execute(v->initializer).ok());
  EXPECT_EQ(Value(v->variable).as<float>()[0], 1.0f);
  EXPECT_EQ(Error(w->variable).code(), Code::kFailedPrecondition);
}

TEST_F(SessionTest, AnInitialValueMayReadAnEarlierVariable) {
  const graph::Variable* v = Variable(3.0);
  const graph::Variable* w = Variable(
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kMul, v, 2.0)));
  Initialize();
  EXPECT_EQ(Value(w->variable).as<float>()[0], 6.0f);
}

TEST_F(SessionTest, SessionsDoNotShareVariables) {
  const graph::Variable* v = Variable(1.0);
  Initialize();
  Session other(graph_, &Counter);
  const Output fetches[] = {v->variable};
  EXPECT_EQ(other.Run({}, fetches, {}).status().code(),
            Code::kFailedPrecondition);
}

TEST_F(SessionTest, AFedInitialValueIsAssigned) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Feed feeds[] = {{v->initial_value, Floats2(7, 8)}};
  const graph::Node* targets[] = {v->initializer};
  ASSERT_TRUE(session_.Run(feeds, {}, targets).ok());
  EXPECT_THAT(Floats(v->variable), ElementsAre(7, 8));
}

TEST_F(SessionTest, AFedVariableCannotBeAssigned) {
  const graph::Variable* v = Variable(Numbers({1, 2}));
  const Feed feeds[] = {{v->variable, Floats2(7, 8)}};
  const graph::Node* targets[] = {v->initializer};
  EXPECT_EQ(session_.Run(feeds, {}, targets).status().code(),
            Code::kInvalidArgument);
  EXPECT_THAT(Floats(v->snapshot, {feeds[0]}), ElementsAre(7, 8));
}

TEST_F(SessionTest, AssignVariableChecksAsAssignDoes) {
  const graph::Variable* v = Variable(Numbers({1, 2, 3}));
  const Status shape = session_.AssignVariable(
      *v->initializer, *Tensor::Create(DType::kFloat, Shape::Of({2, 3})));
  EXPECT_EQ(shape.code(), Code::kInvalidArgument);
  EXPECT_EQ(shape.message(),
            "Assign requires shapes of both tensors to match. lhs shape= [3] "
            "rhs shape= [2,3]\n\t [[{{node Variable/Assign}}]]");
  EXPECT_EQ(session_
                .AssignVariable(*v->initializer,
                                *Tensor::Create(DType::kInt32, Shape::Of({3})))
                .code(),
            Code::kInvalidArgument);
  EXPECT_EQ(Error(v->variable).code(), Code::kFailedPrecondition);
  ASSERT_TRUE(session_
                  .AssignVariable(*v->initializer,
                                  VectorOf<float>(DType::kFloat, {4, 5, 6}))
                  .ok());
  EXPECT_THAT(Floats(v->variable), ElementsAre(4, 5, 6));
  const Tensor value =
      Must(session_.VariableValue(*v->variable.node, *v->initializer));
  EXPECT_EQ(value.as<float>()[2], 6.0f);
}

TEST_F(SessionTest, AShapeIsCheckedAgainstTheLastValue) {
  const Output x = Placeholder(graph::PartialShape());
  const graph::Variable* v =
      Must(ops::MakeVariable(graph_.get(), x, {.validate_shape = false}));
  const graph::Node* targets[] = {v->initializer};
  const Feed two[] = {{x, Floats2(1, 2)}};
  ASSERT_TRUE(session_.Run(two, {}, targets).ok());
  EXPECT_EQ(Value(v->variable).shape(), Shape::Of({2}));
  const Output strict = Must(ops::Assign(graph_.get(), v->variable, x, {}));
  const Feed one[] = {{x, VectorOf<float>(DType::kFloat, {1})}};
  EXPECT_EQ(Error(strict, {one[0]}).message(),
            "Assign requires shapes of both tensors to match. lhs shape= [2] "
            "rhs shape= [1]\n\t [[{{node Assign}}]]");
  ASSERT_TRUE(session_.Run(one, {}, targets).ok());
  EXPECT_EQ(Value(v->variable).shape(), Shape::Of({1}));
}

TEST_F(SessionTest, AnUpdateHasToHaveTheVariablesShape) {
  const Output x = Placeholder(graph::PartialShape());
  const graph::Variable* v = Variable(Numbers({1, 2}));
  Initialize();
  const Output added = Must(ops::AssignAdd(graph_.get(), v->variable, x, {}));
  EXPECT_EQ(Error(added, {{x, VectorOf<float>(DType::kFloat, {1})}}).message(),
            "Parameters and update must be the same size\n\t [[{{node "
            "AssignAdd}}]]");
}

TEST_F(SessionTest, NodesWithOneSharedNameShareAVariable) {
  const auto variable = [&](const char* name, const char* container) {
    graph::NodeSpec spec;
    spec.op = "VariableV2";
    spec.name = name;
    spec.attrs = {
        {"dtype", graph::AttrValue::Type(DType::kFloat)},
        {"shape", graph::AttrValue::Shape(graph::PartialShape::Of({2}))},
        {"container", graph::AttrValue::String(container)},
        {"shared_name", graph::AttrValue::String("shared")}};
    return Must(graph_->AddNode(spec))->output(0);
  };
  const Output a = variable("a", "");
  const Output b = variable("b", "");
  const Output c = variable("c", "elsewhere");
  Value(Must(ops::Assign(graph_.get(), a, Numbers({1, 2}), {})));
  EXPECT_THAT(Floats(b), ElementsAre(1, 2));
  EXPECT_EQ(Error(c).code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tensorbundle::session
