// The graph of the lesson: two variables, a saver, and what initialises them.
#ifndef TB_TESTS_METAGRAPH_LESSON_GRAPH_H_
#define TB_TESTS_METAGRAPH_LESSON_GRAPH_H_

#include <memory>
#include <vector>

#include "engine/ops/random.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "engine/train/saver_graph.h"
#include "tests/engine/ops/values.h"

namespace tensorbundle::metagraph {

struct LessonGraph {
  LessonGraph() {
    for (const ops::Operand& shape : {ops::Dims({2, 3}), ops::Dims({3})}) {
      const graph::Output initial =
          ops::Must(ops::TruncatedNormal(graph.get(), shape, 0.0, 1.0, {}));
      ops::Must(ops::MakeVariable(graph.get(), initial, {}));
    }
    const auto variables =
        graph->collections().Variables(graph::kGlobalVariables);
    saver = ops::Must(train::BuildSaverGraph(
        graph.get(), ops::Must(train::SaveablesFromList(variables)), {}));
    ops::Must(ops::GlobalVariablesInitializer(graph.get()));
  }

  std::shared_ptr<graph::Graph> graph = ops::NewGraph();
  train::SaverGraph saver;
};

}  // namespace tensorbundle::metagraph

#endif  // TB_TESTS_METAGRAPH_LESSON_GRAPH_H_
