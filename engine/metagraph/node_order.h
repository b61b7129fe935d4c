// The order in which the nodes of a GraphDef are made.
#ifndef TB_METAGRAPH_NODE_ORDER_H_
#define TB_METAGRAPH_NODE_ORDER_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/metagraph/meta_graph_def.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// One string of a NodeDef's `input`, taken apart: "a", "a:1" or "^a".
struct InputRef {
  std::string_view node;
  int output = 0;
  bool is_control = false;
};

// Nothing for an index that is no number of at most nine digits.
std::optional<InputRef> ParseInput(std::string_view input);

using NodeIndex = std::unordered_map<std::string_view, size_t>;

// The places of the nodes by their names. Returns ValueError "Node 'a' is not
// unique", or that a name or an op is missing or not valid.
Result<NodeIndex> IndexNodes(const std::vector<NodeDef>& nodes);

// Whether an edge from a node of op `from` into one of op `to` closes a loop:
// it may point forward.
bool ClosesLoop(std::string_view from, std::string_view to);

// The places of the nodes such that inputs come first; of those that may come
// next, the first in the file does. Inputs that `index` lacks are not waited
// for. Returns ValueError "2 nodes in a cycle".
Result<std::vector<size_t>> OrderNodes(const std::vector<NodeDef>& nodes,
                                       const NodeIndex& index);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_NODE_ORDER_H_
