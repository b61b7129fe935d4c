// A graph, a session over it, and short ways to run.
#ifndef TB_TESTS_ENGINE_SESSION_SESSION_FIXTURE_H_
#define TB_TESTS_ENGINE_SESSION_SESSION_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "engine/ops/array.h"
#include "engine/ops/variable.h"
#include "engine/session/session.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::session {

using ops::Dims;
using ops::Must;
using ops::Numbers;
using ops::VectorOf;

// Not random at all: 1, 2, 3, ...
inline uint64_t Counter() {
  static uint64_t next = 0;
  return ++next;
}

class SessionTest : public testing::Test {
 protected:
  std::shared_ptr<graph::Graph> graph_ = ops::NewGraph();
  Session session_{graph_, &Counter};

  const graph::Variable* Variable(const ops::Operand& value) {
    return Must(ops::MakeVariable(graph_.get(), value, {}));
  }
  graph::Output Placeholder(graph::PartialShape shape,
                            DType dtype = DType::kFloat) {
    return Must(ops::Placeholder(graph_.get(), dtype, std::move(shape)));
  }

  Status Execute(const graph::Node* target) {
    const graph::Node* targets[] = {target};
    return session_.Run({}, {}, targets).status();
  }
  void Initialize() {
    EXPECT_TRUE(
        Execute(Must(ops::GlobalVariablesInitializer(graph_.get()))).ok());
  }
  Result<std::vector<Tensor>> Fetch(std::vector<graph::Output> fetches,
                                    std::vector<Feed> feeds = {}) {
    return session_.Run(feeds, fetches, {});
  }
  Tensor Value(const graph::Output& fetch, std::vector<Feed> feeds = {}) {
    Result<std::vector<Tensor>> values = Fetch({fetch}, std::move(feeds));
    EXPECT_TRUE(values.ok()) << values.status().message();
    return values.ok() ? (*values)[0] : Tensor();
  }
  std::vector<float> Floats(const graph::Output& fetch,
                            std::vector<Feed> feeds = {}) {
    const Tensor value = Value(fetch, std::move(feeds));
    const std::span<const float> elements = value.as<float>();
    return {elements.begin(), elements.end()};
  }
  Status Error(const graph::Output& fetch, std::vector<Feed> feeds = {}) {
    return Fetch({fetch}, std::move(feeds)).status();
  }
};

inline Tensor Floats2(float a, float b) {
  return VectorOf<float>(DType::kFloat, {a, b});
}

}  // namespace tensorbundle::session

#endif  // TB_TESTS_ENGINE_SESSION_SESSION_FIXTURE_H_
