// Foreign: what a graph brought along out of a file and this engine has no use
// for. It is written again when the graph is.
#ifndef TB_GRAPH_FOREIGN_H_
#define TB_GRAPH_FOREIGN_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace tensorbundle::graph {

// The version of GraphDef that TensorFlow 1.15 produces
// (TF_GRAPH_DEF_VERSION, tensorflow/core/public/version.h).
inline constexpr int32_t kGraphDefVersion = 134;

// The strings are messages as they stood in the file.
struct Foreign {
  using Messages = std::map<std::string, std::string, std::less<>>;

  Messages ops;          // OpDefs that the registry lacks, by op
  Messages functions;    // FunctionDefs, by name
  Messages gradients;    // GradientDefs, by the function's name
  Messages collections;  // CollectionDefs of messages of any type, by key
  std::map<int, std::string> node_fields;  // of NodeDefs, by node id

  // VersionDef.
  int32_t producer = kGraphDefVersion;
  int32_t min_consumer = 0;
  std::set<int32_t> bad_consumers;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_FOREIGN_H_
