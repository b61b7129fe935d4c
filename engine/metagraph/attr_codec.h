// AttrValue as a message: what follows the name of an attribute in a NodeDef.
#ifndef TB_METAGRAPH_ATTR_CODEC_H_
#define TB_METAGRAPH_ATTR_CODEC_H_

#include <cstdint>
#include <string>

#include "engine/graph/attr_value.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// The message; for a value that has an encoding, that.
std::string EncodeAttrValue(const graph::AttrValue& value);

// The value of a message. What this engine cannot represent - functions,
// tensors of resources, fields of later versions - is of no kind. The value has
// an encoding whenever EncodeAttrValue() would otherwise not give `message`
// back. `*expansion` is ParseTensorProto()'s.
// Returns InvalidArgument for bytes that protobuf would not parse.
Result<graph::AttrValue> DecodeAttrValue(Bytes message, uint64_t* expansion);

// "Error parsing message", which is all that Python says about it.
Status ParseError();

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_ATTR_CODEC_H_
