// Turns a row of an op table into an OpDef.
#ifndef TB_GRAPH_OP_SPEC_PARSER_H_
#define TB_GRAPH_OP_SPEC_PARSER_H_

#include "engine/graph/op_def.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

// Returns InvalidArgument, quoting the item, when the notation is wrong.
Result<OpDef> ParseOpSpec(const OpSpec& spec);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_OP_SPEC_PARSER_H_
