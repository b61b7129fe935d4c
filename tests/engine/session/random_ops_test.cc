// Random ops in sessions: the lesson's numbers, and how long their state lives.
#include "engine/ops/apply_op.h"
#include "engine/ops/random.h"
#include "engine/util/bytes.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;
using testing::ElementsAre;

std::vector<uint32_t> Bits(const Tensor& tensor) {
  std::vector<uint32_t> bits;
  for (float value : tensor.as<float>())
    bits.push_back(BitCast<uint32_t>(value));
  return bits;
}

TEST_F(SessionTest, TheLessonsVariablesHaveTensorFlowsBits) {
  graph_->set_seed(1);
  const auto normal = [&](ops::Operand shape) {
    return Must(ops::TruncatedNormal(graph_.get(), shape, 0.0, 1.0, {}));
  };
  const graph::Variable* weights = Variable(normal(Dims({2, 3})));
  const graph::Variable* bias = Variable(normal(Dims({3})));
  const graph::Node* init = Must(ops::GlobalVariablesInitializer(graph_.get()));

  const auto expect_first = [&](Session& session) {
    const graph::Node* targets[] = {init};
    ASSERT_TRUE(session.Run({}, {}, targets).ok());
    const Output fetches[] = {weights->variable, bias->variable};
    const std::vector<Tensor> values = Must(session.Run({}, fetches, {}));
    EXPECT_THAT(Bits(values[0]),
                ElementsAre(0xbf2bbd90, 0x3e64efea, 0x3f4c1a16, 0x3dc4f516,
                            0x3f6d0897, 0x3ff93551));
    EXPECT_THAT(Bits(values[1]),
                ElementsAre(0xbef4b6c5, 0x3f626972, 0xbf1fafa6));
  };
  expect_first(session_);
  // Initializing again draws on.
  ASSERT_TRUE(Execute(init).ok());
  EXPECT_THAT(Bits(Value(weights->variable)),
              ElementsAre(0x3fa27068, 0x3fdc0389, 0xbe7756fa, 0x3ef14239,
                          0x3eba4e2a, 0xbeb40173));
  EXPECT_THAT(Bits(Value(bias->variable)),
              ElementsAre(0xbd7f254c, 0xbfb6397b, 0x3ece74cc));
  // Another session starts again.
  Session other(graph_, &Counter);
  expect_first(other);
}

TEST_F(SessionTest, EveryPlanDrawsFromTheSameGenerator) {
  const Output x = Must(ops::RandomUniform(graph_.get(), Dims({4}), 0.0,
                                           std::nullopt, {.seed = 1}));
  const Output y = Must(ops::Identity(graph_.get(), x));
  const std::vector<uint32_t> first = Bits(Value(x));
  const std::vector<uint32_t> second = Bits(Value(y));
  EXPECT_NE(first, second);
  Session other(graph_, &Counter);
  const Output one[] = {y};
  EXPECT_EQ(Bits(Must(other.Run({}, one, {}))[0]), first);
  const Output two[] = {x};
  EXPECT_EQ(Bits(Must(other.Run({}, two, {}))[0]), second);
}

TEST_F(SessionTest, WithoutSeedsEverySessionDiffers) {
  const Output x =
      Must(ops::RandomNormal(graph_.get(), Dims({4}), 0.0, 1.0, {}));
  Session other(graph_, &Counter);
  const Output fetches[] = {x};
  EXPECT_NE(Bits(Value(x)), Bits(Must(other.Run({}, fetches, {}))[0]));
}

TEST_F(SessionTest, UniformNumbersAreScaledInTheirDType) {
  // 0.239037395 * (3 - 1) + 1, two roundings.
  const Output x = Must(ops::RandomUniform(graph_.get(), Dims({1}), 1.0,
                                           ops::Operand(3.0), {.seed = 1}));
  EXPECT_THAT(Floats(x), ElementsAre(0.239037395f * 2.0f + 1.0f));
}

TEST_F(SessionTest, UniformIntegersHaveTheirRange) {
  const Output x =
      Must(ops::RandomUniform(graph_.get(), Dims({6}), 0.0, ops::Operand(100.0),
                              {.dtype = DType::kInt32, .seed = 1}));
  const Tensor value = Value(x);
  EXPECT_THAT(value.as<int32_t>(), ElementsAre(27, 59, 93, 22, 77, 94));

  const Output empty =
      Must(ops::RandomUniform(graph_.get(), Dims({6}), 5.0, ops::Operand(5.0),
                              {.dtype = DType::kInt64}));
  EXPECT_EQ(Error(empty).message(),
            "Need minval < maxval, got 5 >= 5\n\t [[{{node "
            "random_uniform_1}}]]");
}

TEST_F(SessionTest, ShapesMayComeAtRunTime) {
  const Output shape = Placeholder(graph::PartialShape(), DType::kInt32);
  const Output x =
      Must(ops::TruncatedNormal(graph_.get(), shape, 0.0, 1.0, {.seed = 1}));
  const auto feed = [&](Tensor value) {
    return std::vector<Feed>{{shape, std::move(value)}};
  };
  EXPECT_EQ(Value(x, feed(VectorOf<int32_t>(DType::kInt32, {2, 0}))).shape(),
            Shape::Of({2, 0}));
  EXPECT_EQ(Error(x, feed(VectorOf<int32_t>(DType::kInt32, {2, -3}))).message(),
            "Dimension -3 must be >= 0\n\t [[{{node "
            "truncated_normal/TruncatedNormal}}]]");
  EXPECT_EQ(Error(x, feed(Tensor::Scalar<int32_t>(DType::kInt32, 2))).message(),
            "shape must be a vector of {int32,int64}, got shape []\n\t "
            "[[{{node truncated_normal/TruncatedNormal}}]]");
}

}  // namespace
}  // namespace tensorbundle::session
