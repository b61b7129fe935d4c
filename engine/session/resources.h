// Resources: what a session keeps between runs besides kernels.
#ifndef TB_SESSION_RESOURCES_H_
#define TB_SESSION_RESOURCES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/graph/node.h"
#include "engine/tensor/tensor.h"

namespace tensorbundle::session {

// 64 fresh random bits. The engine has no source of its own.
using Random64 = uint64_t (*)();

// A variable's memory. `value` is without a buffer until it is assigned;
// `shape` is what the graph promises until then, the value's own afterwards.
struct VariableState {
  Shape shape;
  Tensor value;

  bool initialized() const { return value.initialized(); }
};

class Resources {
 public:
  explicit Resources(Random64 random) : random_(random) {}

  // The memory behind a VariableV2, made at the first call. Nodes with equal
  // container and shared_name (by default the node's name) have it in common.
  // Valid until Clear().
  VariableState* Variable(const graph::Node& node);
  // Null when it was never made.
  const VariableState* FindVariable(const graph::Node& node) const;

  uint64_t Random() const { return random_(); }
  void Clear() { variables_.clear(); }

 private:
  Random64 random_;
  std::map<std::string, std::unique_ptr<VariableState>, std::less<>> variables_;
};

}  // namespace tensorbundle::session

#endif  // TB_SESSION_RESOURCES_H_
