// MetaGraphDefs as lines of text that are equal iff the messages are.
#ifndef TB_TESTS_METAGRAPH_CANONICAL_H_
#define TB_TESTS_METAGRAPH_CANONICAL_H_

#include <map>
#include <string>
#include <string_view>

namespace tensorbundle::metagraph {

// A node but for its _output_shapes: "op(inputs) @device key=hex ...", control
// inputs and attributes sorted.
std::map<std::string, std::string> NodeLines(std::string_view meta_graph);

// The shapes that the nodes declare, in hex.
std::map<std::string, std::string> ShapeLines(std::string_view meta_graph);

// All the rest by what it is: "op Add", "collection variables", "saver",
// "function f", "versions".
std::map<std::string, std::string> OtherLines(std::string_view meta_graph);

}  // namespace tensorbundle::metagraph

#endif  // TB_TESTS_METAGRAPH_CANONICAL_H_
