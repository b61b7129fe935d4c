// MetaGraphDef: a file of a graph, taken apart and not yet understood.
#ifndef TB_METAGRAPH_META_GRAPH_DEF_H_
#define TB_METAGRAPH_META_GRAPH_DEF_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/foreign.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// All views are into the bytes that were parsed.
struct NodeDef {
  std::string_view name;
  std::string_view op;
  std::vector<std::string_view> inputs;
  std::string_view device;
  // AttrValues; of a key that comes twice, the last one counts.
  std::vector<std::pair<std::string_view, Bytes>> attrs;
  std::string other_fields;
};

struct MetaGraphDef {
  std::map<std::string_view, Bytes> ops;  // stripped_op_list, by name
  std::vector<NodeDef> nodes;
  std::vector<Bytes> functions;  // FunctionDefs
  std::vector<Bytes> gradients;  // GradientDefs
  int32_t producer = 0;
  int32_t min_consumer = 0;
  std::vector<int32_t> bad_consumers;
  std::vector<Bytes> saver_def;  // pieces of one message; none: there is none
  std::map<std::string_view, Bytes> collections;  // CollectionDefs
};

// Returns InvalidArgument "Error parsing message" for bytes that protobuf would
// not parse.
Result<MetaGraphDef> ParseMetaGraphDef(Bytes message);

// The first field `number` of a message that is a string or a message; empty
// when it has none.
std::string_view FirstBytes(Bytes message, uint32_t number);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_META_GRAPH_DEF_H_
