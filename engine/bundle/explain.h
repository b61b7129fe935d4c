// Explains the bytes of an index file, every one of them.
#ifndef TB_BUNDLE_EXPLAIN_H_
#define TB_BUNDLE_EXPLAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/util/bytes.h"

namespace tensorbundle::bundle {

// A run of bytes and what it means. Spans come in the order of a walk through
// a tree: a span of depth d contains the following spans of depth d + 1.
struct Span {
  uint64_t offset = 0;
  uint64_t length = 0;
  int depth = 0;
  std::string label;  // "data block", "shared", "key", "dtype", "magic", ...
  std::string value;  // "3", "Variable", "float", "[2,3]", ...; may be empty
};

// The spans of depth 0 cover the whole file without gaps or overlaps, and so
// do the children of every span that has any. Whatever cannot be read becomes
// a span "unreadable bytes"; a damaged file is explained as far as it goes.
// `max_spans` bounds the answer: the rest of the file is then one last span
// "more bytes".
std::vector<Span> ExplainIndex(Bytes file, size_t max_spans = 100000);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_EXPLAIN_H_
