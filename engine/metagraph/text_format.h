// MetaGraphDefs in protobuf's text format: what as_text=True writes.
#ifndef TB_METAGRAPH_TEXT_FORMAT_H_
#define TB_METAGRAPH_TEXT_FORMAT_H_

#include <string>
#include <string_view>

#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// The text of a MetaGraphDef as Python's text_format.MessageToString prints it:
// fields by number, fields that this engine has no name for left out.
// Returns InvalidArgument for bytes that protobuf would not parse.
Result<std::string> PrintMetaGraph(Bytes message);

// The message that such a text stands for. Errors are InvalidArgument
// "LINE:COLUMN : MESSAGE", counted from 1.
Result<std::string> ParseMetaGraphText(std::string_view text);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_TEXT_FORMAT_H_
