// Session: runs a graph. The variables' values live here.
#ifndef TB_SESSION_SESSION_H_
#define TB_SESSION_SESSION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/session/executor.h"
#include "engine/session/resources.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::session {

struct Feed {
  graph::Output target;
  Tensor value;
};

class Session {
 public:
  // `random` gives the seeds of ops that have none.
  Session(std::shared_ptr<const graph::Graph> graph, Random64 random);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const graph::Graph& graph() const { return *graph_; }

  // Runs what `fetches` and `targets` need, each node at most once and in the
  // order of the nodes' making, and returns the fetches' values; a ref's is
  // the one it has when all has run. A fed tensor is not computed. The values
  // share memory with variables until one of them is written.
  //
  // Returns RuntimeError after Close() or for an empty graph, ValueError for a
  // feed whose shape does not fit, and what the ops return, with
  // "\n\t [[{{node <name>}}]]" appended. What ran before a failure has
  // happened.
  Result<std::vector<Tensor>> Run(std::span<const Feed> feeds,
                                  std::span<const graph::Output> fetches,
                                  std::span<const graph::Node* const> targets);

  // The value of a VariableV2, which shares memory as in Run(). Returns
  // FailedPrecondition "Attempting to use uninitialized value Variable", for
  // the node `reader`.
  Result<Tensor> VariableValue(const graph::Node& variable,
                               const graph::Node& reader) const;

  // Whether AssignVariable() would take a value of that shape; its errors.
  Status CheckAssignVariable(const graph::Node& assign, const Shape& shape);

  // Does what running `assign`, an Assign node, would do if its second input
  // were `value`, with the same errors. The variable takes over the buffer.
  Status AssignVariable(const graph::Node& assign, Tensor value);

  // Gives up the variables. Everything but Close() then returns RuntimeError
  // "Attempted to use a closed Session.".
  void Close();
  bool closed() const { return closed_; }

 private:
  Status CheckOpen() const;
  Status CheckFeed(const Feed& feed) const;

  std::shared_ptr<const graph::Graph> graph_;
  Resources resources_;
  KernelCache kernels_;
  std::map<std::vector<int64_t>, std::unique_ptr<Plan>> plans_;
  bool closed_ = false;
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_SESSION_H_
