// Finds a node or a tensor by the name a user typed.
#ifndef TB_GRAPH_LOOKUP_H_
#define TB_GRAPH_LOOKUP_H_

#include <optional>
#include <string_view>

#include "engine/graph/graph.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

// What a name means: an operation, or one of its outputs.
struct Element {
  const Node* node = nullptr;
  std::optional<int> output;
};

enum class ElementKinds { kAny, kTensor, kOperation };

// Graph.as_graph_element for a name: "x:0" is a tensor, "x" an operation.
// Returns LookupError (Python's KeyError) when the graph has no such element,
// ValueError when the name is of the wrong kind.
Result<Element> FindElement(const Graph& graph, std::string_view name,
                            ElementKinds kinds = ElementKinds::kAny);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_LOOKUP_H_
