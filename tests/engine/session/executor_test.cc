// A plan holds the steps that a run needs, each once, and no more.
#include "engine/session/executor.h"

#include "engine/ops/math.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;

class PlanTest : public SessionTest {
 protected:
  int Steps(std::vector<Output> feeds, std::vector<Output> fetches) {
    return Must(Plan::Compile(feeds, fetches, {}, &kernels_, &resources_))
        ->num_steps();
  }
  Resources resources_{&Counter};
  KernelCache kernels_;
};

TEST_F(PlanTest, IsPrunedToWhatIsFetched) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, x, x));
  const Output z =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kMul, y, y));
  Must(ops::ApplyOperator(graph_.get(), ops::Operator::kSub, z, 1.0));
  EXPECT_EQ(Steps({}, {z}), 3);
  EXPECT_EQ(Steps({x}, {z}), 2);
  EXPECT_EQ(Steps({y}, {z}), 1);
  EXPECT_EQ(Steps({z}, {z}), 0);
  EXPECT_EQ(Steps({x}, {z, z, y}), 2);
}

TEST_F(PlanTest, LetsGoOfValuesAfterTheirLastUse) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, x, x));
  const Output feeds[] = {x};
  const Output fetches[] = {y};
  const std::unique_ptr<Plan> plan =
      Must(Plan::Compile(feeds, fetches, {}, &kernels_, &resources_));
  const Tensor fed = Floats2(1, 2);
  ASSERT_TRUE(fed.unique());
  const Tensor values[] = {fed};
  const std::vector<Tensor> results = Must(plan->Run(values));
  EXPECT_TRUE(results[0].unique());
  // A run that fails lets go as well.
  const Output other = Placeholder(graph::PartialShape::Of({2}));
  const Output sum =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, y, other));
  const Output failing[] = {sum};
  const std::unique_ptr<Plan> fails =
      Must(Plan::Compile(fetches, failing, {}, &kernels_, &resources_));
  EXPECT_FALSE(fails->Run(results).ok());
  EXPECT_TRUE(results[0].unique());
}

}  // namespace
}  // namespace tensorbundle::session
