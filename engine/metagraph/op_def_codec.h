// OpDef as a message: what a file says about the ops that its graph uses.
#ifndef TB_METAGRAPH_OP_DEF_CODEC_H_
#define TB_METAGRAPH_OP_DEF_CODEC_H_

#include <string>

#include "engine/graph/op_def.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// The message, without summary and descriptions, as stripped_op_list has it.
std::string EncodeOpDef(const graph::OpDef& op);

// The OpDef of a message; it has no shape function. What this engine has no
// field for is passed over.
// Returns InvalidArgument for bytes that protobuf would not parse, and for an
// argument whose type is an attribute that the op lacks or has otherwise.
Result<graph::OpDef> DecodeOpDef(Bytes message);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_OP_DEF_CODEC_H_
