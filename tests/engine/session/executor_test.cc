// A plan holds the steps that a run needs, each once, and no more.
#include "engine/session/executor.h"

#include "engine/ops/math.h"
#include "engine/session/buffer_pool.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

using graph::Output;

std::vector<float> Elements(const Tensor& tensor) {
  const std::span<const float> elements = tensor.as<float>();
  return {elements.begin(), elements.end()};
}

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

TEST_F(PlanTest, RunAgainAllocatesNothing) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const auto apply = [&](ops::Operator op, const Output& a, const Output& b) {
    return Must(ops::ApplyOperator(graph_.get(), op, a, b));
  };
  const Output y = apply(ops::Operator::kMul, x, x);
  const Output z = apply(ops::Operator::kAdd, y, x);
  const Output w = apply(ops::Operator::kMul, apply(ops::Operator::kSub, z, y),
                         apply(ops::Operator::kAdd, y, y));
  const Output feeds[] = {x};
  const Output fetches[] = {w};
  const std::unique_ptr<Plan> plan =
      Must(Plan::Compile(feeds, fetches, {}, &kernels_, &resources_));
  const Tensor values[] = {Floats2(3, 5)};
  for (int run = 0; run < 5; ++run) {
    EXPECT_THAT(Elements(Must(plan->Run(values))[0]),
                testing::ElementsAre(54, 250));
    // y, z and their difference in z's memory; the sum of two y in y's.
    EXPECT_LE(kernels_.pool().num_allocations(),
              3u + static_cast<unsigned>(run));
  }
  // What was fetched is the caller's, everything else comes back.
  const uint64_t before = kernels_.pool().num_allocations();
  for (int run = 0; run < 50; ++run) Must(plan->Run(values));
  EXPECT_LE(kernels_.pool().num_allocations(), before + 50);
  EXPECT_LE(kernels_.pool().num_free(), 2u);
}

TEST_F(PlanTest, NeverWritesIntoWhatSomebodyElseReads) {
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output y =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, x, x));
  const Output z =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kMul, y, y));
  const Output feeds[] = {x};
  const Output fetches[] = {y, z};
  const std::unique_ptr<Plan> plan =
      Must(Plan::Compile(feeds, fetches, {}, &kernels_, &resources_));
  const Tensor values[] = {Floats2(1, 2)};
  const std::vector<Tensor> first = Must(plan->Run(values));
  const std::vector<Tensor> second = Must(plan->Run(values));
  for (const std::vector<Tensor>& results : {first, second}) {
    EXPECT_THAT(Elements(results[0]), testing::ElementsAre(2, 4));
    EXPECT_THAT(Elements(results[1]), testing::ElementsAre(4, 16));
  }
  EXPECT_THAT(Elements(values[0]), testing::ElementsAre(1, 2));
}

TEST_F(PlanTest, ComputesConstantsOnce) {
  const Output a = Must(ops::Constant(graph_.get(), Floats2(1, 2)));
  const Output b =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kAdd, a, a));
  const Output x = Placeholder(graph::PartialShape::Of({2}));
  const Output c =
      Must(ops::ApplyOperator(graph_.get(), ops::Operator::kMul, b, x));
  const Output feeds[] = {x};
  const Output fetches[] = {c};
  const std::unique_ptr<Plan> plan =
      Must(Plan::Compile(feeds, fetches, {}, &kernels_, &resources_));
  for (float factor : {1.f, 2.f, 3.f}) {
    const Tensor values[] = {Floats2(factor, factor)};
    EXPECT_THAT(Elements(Must(plan->Run(values))[0]),
                testing::ElementsAre(2 * factor, 4 * factor));
  }
  // A feed of what was constant in another plan counts.
  const Output fed[] = {b, x};
  const std::unique_ptr<Plan> other =
      Must(Plan::Compile(fed, fetches, {}, &kernels_, &resources_));
  const Tensor values[] = {Floats2(7, 7), Floats2(1, 1)};
  EXPECT_THAT(Elements(Must(other->Run(values))[0]),
              testing::ElementsAre(7, 7));
}

TEST(BufferPool, GivesBackWhatFits) {
  BufferPool pool;
  Tensor tensor = Must(pool.Take(DType::kFloat, Shape::Of({100})));
  const uint8_t* const memory = tensor.bytes().data();
  Tensor held = tensor;
  pool.Give(std::move(tensor));
  EXPECT_EQ(pool.num_free(), 0u);
  pool.Give(std::move(held));
  EXPECT_EQ(pool.num_free(), 1u);
  // Too large, and so small that it would be a waste.
  Must(pool.Take(DType::kDouble, Shape::Of({100})));
  Must(pool.Take(DType::kFloat, Shape::Of({10})));
  EXPECT_EQ(pool.num_free(), 1u);
  const Tensor again = Must(pool.Take(DType::kInt64, Shape::Of({2, 25})));
  EXPECT_EQ(again.bytes().data(), memory);
  EXPECT_EQ(again.bytes().size(), 400u);
  EXPECT_EQ(again.dtype(), DType::kInt64);
  EXPECT_EQ(pool.num_allocations(), 3u);
}

TEST(BufferPool, LetsGoOfWhatNobodyTakes) {
  BufferPool pool;
  pool.Give(Must(pool.Take(DType::kFloat, Shape::Of({100}))));
  for (int run = 0; run < 16; ++run) pool.EndRun();
  EXPECT_EQ(pool.num_free(), 1u);
  pool.EndRun();
  EXPECT_EQ(pool.num_free(), 0u);
}

}  // namespace
}  // namespace tensorbundle::session
