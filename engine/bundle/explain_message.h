// Explains the values of an index: protobuf messages, field by field.
#ifndef TB_BUNDLE_EXPLAIN_MESSAGE_H_
#define TB_BUNDLE_EXPLAIN_MESSAGE_H_

#include <cstdint>

#include "engine/bundle/explain.h"
#include "engine/util/bytes.h"

namespace tensorbundle::bundle {

// Adds spans that cover `value`, which stands at `offset` of the file.
void ExplainHeaderValue(Bytes value, uint64_t offset, int depth,
                        SpanList* spans);
void ExplainEntryValue(Bytes value, uint64_t offset, int depth,
                       SpanList* spans);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_EXPLAIN_MESSAGE_H_
