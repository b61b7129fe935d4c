// tf.gradients: adds to a graph the nodes that compute derivatives.
#ifndef TB_OPS_GRADIENTS_H_
#define TB_OPS_GRADIENTS_H_

#include <optional>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/ops/gradient_call.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

struct GradientOptions {
  std::string name;  // "": "gradients"
  // One for each y, or none: ones.
  std::vector<std::optional<Operand>> grad_ys;
  // The inputs' gradients of one op are available all at once.
  bool gate_gradients = false;
  bool colocate_with_ops = false;
  std::vector<graph::Output> stop_gradients;
  // What is not connected has a gradient of zeros rather than none.
  bool unconnected_is_zero = false;
};

// The sum of the derivatives of `ys` by each of `xs`, in their order; not
// defined() where no y depends on an x. A variable among `xs` is its ref.
// Returns LookupError "No gradient defined for operation 'x' (op type: Y)".
Result<std::vector<Gradient>> Gradients(graph::Graph* graph,
                                        const std::vector<graph::Output>& ys,
                                        const std::vector<graph::Output>& xs,
                                        const GradientOptions& options);

}  // namespace tensorbundle::ops

#endif  // TB_OPS_GRADIENTS_H_
