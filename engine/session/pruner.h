// Pruner: which nodes a run needs.
#ifndef TB_SESSION_PRUNER_H_
#define TB_SESSION_PRUNER_H_

#include <span>
#include <vector>

#include "engine/graph/node.h"

namespace tensorbundle::session {

// Whether nobody can tell if `node` ran, except by its outputs. A placeholder
// fails unless it is fed, and of an op that is not known nothing is known.
bool IsFreeOfEffects(const graph::Node& node);

// Finds the nodes that fetches and targets reach over inputs that are not fed,
// and over control inputs.
//
// Who is reached over control inputs alone, and cannot be told from not having
// run, is passed over for what stands behind it: an assignment behind the sum
// of its result still happens, the sum does not. So a training step does not
// compute the gradient of its own placeholder, which tf.gradients ties to the
// weights' gradient by a control input. TensorFlow's dependency optimizer does
// the same (SafeToConvertToNoOp in
// core/grappler/optimizers/dependency_optimizer.cc).
class Pruner {
 public:
  explicit Pruner(std::span<const graph::Output> feeds)
      : feeds_(feeds.begin(), feeds.end()) {}

  void Need(const graph::Output& output);
  void Need(const graph::Node* node);

  // In the order of the nodes' making: a node is made after its inputs.
  std::vector<const graph::Node*> Nodes();

 private:
  // By node id - 1, in ascending order of what is asked for.
  enum class Reach : char { kNone, kBefore, kNeeded };

  bool IsFed(const graph::Output& output) const;
  void NeedBefore(const graph::Node* node);
  void Mark(const graph::Node* node, Reach reach);

  const std::vector<graph::Output> feeds_;
  std::vector<Reach> reach_;
  std::vector<const graph::Node*> pending_;
  std::vector<const graph::Node*> needed_;
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_PRUNER_H_
