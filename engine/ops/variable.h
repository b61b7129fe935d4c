// tf.Variable and what is done to variables.
#ifndef TB_OPS_VARIABLE_H_
#define TB_OPS_VARIABLE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

struct VariableOptions {
  std::string name;  // "": Variable, Variable_1, ...
  bool trainable = true;
  // Absent: "variables". Trainable variables are in "trainable_variables" too.
  std::optional<std::vector<std::string>> collections;
  bool validate_shape = true;
  std::optional<DType> dtype;
};

// tf.Variable(initial_value): the nodes `name` (VariableV2), `name`/Assign and
// `name`/read, after `name`/initial_value if the initial value is no tensor.
// Returns ValueError "initial_value must have a shape specified: <tensor>".
Result<const graph::Variable*> MakeVariable(graph::Graph* graph,
                                            const Operand& initial_value,
                                            const VariableOptions& options);

// A variable whose initial value is made for it alone, as get_variable does:
// the value's nodes stand in the scope `name`/Initializer and are bound to the
// variable that is yet to come. While the draft lives its scopes are open, and
// drafts end in the reverse order of their making.
class VariableDraft {
 public:
  // Enters the scopes. Errors are those of Names::ScopeName.
  static Result<std::unique_ptr<VariableDraft>> Begin(
      graph::Graph* graph, const VariableOptions& options);

  VariableDraft(const VariableDraft&) = delete;
  VariableDraft& operator=(const VariableDraft&) = delete;
  // Leaves them.
  ~VariableDraft();

  // Leaves the scope of the value and makes the variable; errors are those of
  // MakeVariable. Call it once.
  Result<const graph::Variable*> Finish(const Operand& initial_value);

 private:
  VariableDraft(graph::Graph* graph, const VariableOptions& options,
                std::string outer_scope);
  void LeaveInitializer();

  graph::Graph* graph_;
  VariableOptions options_;
  std::string outer_scope_;
  std::string scope_;
  bool in_initializer_ = true;
};

struct AssignOptions {
  std::string name;  // "": the op's name
  bool use_locking = false;
  bool validate_shape = true;
};

// The updated ref.
Result<graph::Output> Assign(graph::Graph* graph, const graph::Output& ref,
                             const Operand& value,
                             const AssignOptions& options);
Result<graph::Output> AssignAdd(graph::Graph* graph, const graph::Output& ref,
                                const Operand& delta,
                                const AssignOptions& options);
Result<graph::Output> AssignSub(graph::Graph* graph, const graph::Output& ref,
                                const Operand& delta,
                                const AssignOptions& options);

// tf.variables_initializer: a NoOp that waits for the initializers.
Result<const graph::Node*> VariablesInitializer(
    graph::Graph* graph, std::span<const graph::Variable* const> variables,
    std::string_view name = "init");

// tf.global_variables_initializer.
Result<const graph::Node*> GlobalVariablesInitializer(graph::Graph* graph);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_VARIABLE_H_
