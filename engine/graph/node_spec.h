// NodeSpec: a node that is yet to be made.
#ifndef TB_GRAPH_NODE_SPEC_H_
#define TB_GRAPH_NODE_SPEC_H_

#include <string>
#include <vector>

#include "engine/graph/attr_value.h"
#include "engine/graph/node.h"

namespace tensorbundle::graph {

// What AddNode is asked for. Inputs are in the order of the op's arguments,
// lists flattened; attributes that follow from the inputs' types or have a
// default may be left out.
struct NodeSpec {
  std::string op;
  std::string name;  // "": the op's name. With "/" at the end: exactly this
  std::vector<Output> inputs;
  // How many inputs go to each argument; only needed when one of them is a
  // list ({} means one each).
  std::vector<int> input_counts;
  std::vector<const Node*> control_inputs;
  std::string device;  // "": the current device scope
  AttrMap attrs;
  // Out of a file: called exactly `name`, and of the scopes that are open only
  // the device's applies.
  bool imported = false;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_NODE_SPEC_H_
